using ProxyKit.Http;
using ProxyKit.Transport;

namespace ProxyKit.Rules.Actions;

/// <summary>Edits the header fields of the message under way such that the message keeps one reading: the fields that the data path itself lives
/// by go through <see cref="FramingEdits"/>. Each edit says whether it could be made.</summary>
internal static class FieldEdits
{
    /// <summary>How long a head may become: the buffer it is written to, less what the data path adds. HAProxy: <c>tune.bufsize</c>.</summary>
    public const int MaxHead = BufferPool.HeadSize - 128;

    /// <summary>The fields that rules edit now; null where there is no message.</summary>
    public static HeaderBlock? HeadersOf(RuleContext context) => context.IsInResponse ? context.Response?.Headers : context.Request?.Headers;

    /// <summary>Removes all fields of a name and adds one at the end.</summary>
    /// <param name="context">Whose message.</param>
    /// <param name="name">The name, in lower case.</param>
    /// <param name="known">What it is.</param>
    /// <param name="value">The value, escaped.</param>
    public static bool TrySet(RuleContext context, ReadOnlySpan<byte> name, KnownHeader known, ReadOnlySpan<byte> value)
    {
        switch (known)
        {
            case KnownHeader.TransferEncoding:
                return true; // the proxy's own: it says how the body is sent
            case KnownHeader.ContentLength:
                return FramingEdits.TrySetLength(context, value);
        }

        if (HeadersOf(context) is not { } headers)
        {
            return true;
        }

        if (!FramingEdits.CanSay(context, known, value) || !HasRoom(context, FramingEdits.Room(context, name, known, value)))
        {
            return false;
        }

        headers.Set(name, known, value);
        FramingEdits.OnSet(context, known, value, isWhole: true);
        return true;
    }

    /// <summary>Adds a field at the end. A message has one host: a second one takes the place of the first.</summary>
    public static bool TryAdd(RuleContext context, ReadOnlySpan<byte> name, KnownHeader known, ReadOnlySpan<byte> value)
    {
        if (known is KnownHeader.TransferEncoding or KnownHeader.ContentLength or KnownHeader.Host)
        {
            return TrySet(context, name, known, value);
        }

        if (HeadersOf(context) is not { } headers)
        {
            return true;
        }

        if (!FramingEdits.CanSay(context, known, value) || !HasRoom(context, FramingEdits.Room(context, name, known, value)))
        {
            return false;
        }

        headers.Add(name, known, value);
        FramingEdits.OnSet(context, known, value, isWhole: false);
        return true;
    }

    /// <summary>Gives the field at a place another value.</summary>
    public static bool TryReplaceAt(RuleContext context, HeaderBlock headers, int index, ReadOnlySpan<byte> value)
    {
        var known = headers.KnownAt(index);
        switch (known)
        {
            case KnownHeader.TransferEncoding:
                return true;
            case KnownHeader.ContentLength:
                return FramingEdits.TrySetLength(context, value);
        }

        if (!FramingEdits.CanSay(context, known, value)
            || !HasRoom(context, FramingEdits.Room(context, headers.NameAt(index), known, value)))
        {
            return false;
        }

        headers.ReplaceValueAt(index, value);
        FramingEdits.OnSet(context, known, value, isWhole: false);
        return true;
    }

    /// <summary>Removes the field at a place. Fields may be added behind the others by it.</summary>
    public static void RemoveAt(RuleContext context, HeaderBlock headers, int index)
    {
        var known = headers.KnownAt(index);
        headers.RemoveAt(index);
        FramingEdits.OnRemoved(context, known);
    }

    /// <summary>Whether so many bytes more fit into the head.</summary>
    public static bool HasRoom(RuleContext context, int bytes)
    {
        if (HeadersOf(context) is not { } headers)
        {
            return false;
        }

        var (original, startLine) = context.IsInResponse
            ? (context.Response!.Length, context.Response.StartLineLength) // there is a message where there are fields
            : (context.Request!.Length, LineLength(context.Request));
        var most = original + startLine + headers.AddedLength + (headers.TableLength * 4) + bytes;
        return most <= MaxHead || startLine + headers.WrittenLength + 2 + bytes <= MaxHead;
    }

    private static int LineLength(RequestHead request) => request.MethodBytes.Length + request.TargetBytes.Length + " HTTP/1.1\r\n".Length + 1;
}
