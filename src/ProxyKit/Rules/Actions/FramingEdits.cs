using System.Buffers.Text;
using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Rules.Actions;

/// <summary>Keeps what the heads know of themselves in step with the fields that rules edit: how long the body is, what becomes of the connection,
/// which host is meant.</summary>
/// <remarks>HAProxy sends what rules make of Content-Length and has the message break. Here a length that would not be the body's is an edit that
/// cannot be made: nobody behind us shall take a part of a body for a message.</remarks>
internal static class FramingEdits
{
    /// <summary>Takes a Content-Length that a rule gives, where it is true, or where there is no body that it could be untrue of.</summary>
    public static bool TrySetLength(RuleContext context, ReadOnlySpan<byte> value)
    {
        var isNumber = Utf8Parser.TryParse(value, out ulong length, out var digits) && digits == value.Length;
        if (!context.IsInResponse)
        {
            return context.Request is not { } request || request.Framing switch
            {
                BodyFraming.Length => isNumber && length == request.ContentLength,
                BodyFraming.None => isNumber && length == 0,
                _ => true, // chunks tell the length
            };
        }

        if (context.Response is not { } response)
        {
            return true;
        }

        switch (response.Framing)
        {
            case BodyFraming.Length:
                return isNumber && length == response.ContentLength;
            case BodyFraming.None when context.Request is { Method: RequestMethod.Head } || response.Status == 304:
                if (isNumber) // it tells of a body that is not there: any length can be true
                {
                    response.Headers.Set("content-length"u8, value);
                }

                return isNumber;
            default:
                return true; // chunks, or the connection's end, tell the length
        }
    }

    /// <summary>Whether a field is one that nothing here is about: the message is read without it.</summary>
    public static bool IsPlain(KnownHeader known) => known
        is not (KnownHeader.Connection or KnownHeader.ContentLength or KnownHeader.Host or KnownHeader.TransferEncoding);

    /// <summary>Whether a field may say that: the host of a request goes into its target where that names one, so it has to be a host.</summary>
    public static bool CanSay(RuleContext context, KnownHeader known, ReadOnlySpan<byte> value) =>
        known != KnownHeader.Host || context.IsInResponse || context.Request is not { } request
        || (Authority.TryParse(value, out var host) && (host.Length > 0 || request.Form != TargetForm.Absolute));

    /// <summary>How many bytes a field adds to the head.</summary>
    public static int Room(RuleContext context, ReadOnlySpan<byte> name, KnownHeader known, ReadOnlySpan<byte> value)
    {
        var isInTarget = known == KnownHeader.Host && context is { IsInResponse: false, Request.Form: TargetForm.Absolute };
        return name.Length + (isInTarget ? 2 * value.Length : value.Length) + 4;
    }

    /// <summary>Keeps up with a field that was written.</summary>
    /// <param name="context">Whose message.</param>
    /// <param name="known">Which field.</param>
    /// <param name="value">What it says.</param>
    /// <param name="isWhole">Whether it is all that fields of the name say now.</param>
    public static void OnSet(RuleContext context, KnownHeader known, ReadOnlySpan<byte> value, bool isWhole)
    {
        switch (known)
        {
            case KnownHeader.Connection:
                RereadConnection(context, forgets: isWhole, closes: SaysClose(value));
                break;
            case KnownHeader.Host when !context.IsInResponse:
                RewriteAuthority(context.Request!, value); // a field was set in it
                break;
        }
    }

    /// <summary>Keeps up with a field that was removed.</summary>
    public static void OnRemoved(RuleContext context, KnownHeader known)
    {
        switch (known)
        {
            case KnownHeader.ContentLength or KnownHeader.TransferEncoding:
                ForgetLength(context);
                break;
            case KnownHeader.Connection:
                RereadConnection(context, forgets: true, closes: false);
                break;
            case KnownHeader.Host when !context.IsInResponse:
                context.Request!.ForgetHost();
                break;
        }
    }

    /// <summary>A request without a length has no body, and its body goes nowhere; a response without one ends with its connection.</summary>
    private static void ForgetLength(RuleContext context)
    {
        if (context.IsInResponse)
        {
            var response = context.Response!; // a field was removed from it
            if (response.Framing is BodyFraming.Length or BodyFraming.Chunked)
            {
                response.Headers.RemoveAll(KnownHeader.ContentLength);
                response.Headers.RemoveAll(KnownHeader.TransferEncoding);
                response.Framing = BodyFraming.UntilClose;
            }

            return;
        }

        var request = context.Request!;
        if (request.Framing is BodyFraming.Length or BodyFraming.Chunked && !request.DropsBody)
        {
            request.Headers.RemoveAll(KnownHeader.ContentLength);
            request.Headers.RemoveAll(KnownHeader.TransferEncoding);
            request.Headers.Add("content-length"u8, "0"u8);
            request.Framing = BodyFraming.Length;
            request.ContentLength = 0;
            request.DropsBody = true;
        }
    }

    /// <summary>What the peer itself said of its connection stands; what rules write is for the other side's.</summary>
    private static void RereadConnection(RuleContext context, bool forgets, bool closes)
    {
        var response = context.IsInResponse ? context.Response : null;
        var headers = FieldEdits.HeadersOf(context)!; // it was edited
        var options = response?.Connection ?? context.Request!.Connection;
        options &= ConnectionOptions.Close | ConnectionOptions.KeepAlive | (forgets ? 0 : ConnectionOptions.ClosedByRule);
        options |= ConnectionOptions.Edited | (closes ? ConnectionOptions.ClosedByRule : 0)
            | (ConnectionFields.Read(headers) & (ConnectionOptions.Upgrade | ConnectionOptions.Others));
        if (response is not null)
        {
            response.Connection = options;
        }
        else
        {
            context.Request!.Connection = options;
        }
    }

    private static bool SaysClose(ReadOnlySpan<byte> value)
    {
        var elements = new ListElements(value);
        while (elements.MoveNext())
        {
            if (Ascii.EqualsIgnoreCase(elements.Current, "close"u8))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An absolute target names the host that the field names, which can be one.</summary>
    private static void RewriteAuthority(RequestHead request, ReadOnlySpan<byte> host)
    {
        request.ForgetHost();
        if (request.Form == TargetForm.Absolute)
        {
            var target = request.TargetBytes;
            var start = request.AuthorityRange.Start.Value - request.TargetRange.Start.Value;
            var end = request.AuthorityRange.End.Value - request.TargetRange.Start.Value;
            TargetEdits.Apply(request, [.. target[..start], .. host, .. target[end..]]);
        }
    }
}
