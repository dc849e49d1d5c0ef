using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Fetches;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Replies;

/// <summary>A redirect: where to, and a cookie.</summary>
/// <param name="options">What it is made of.</param>
/// <param name="destination">Where to, or the beginning of it.</param>
/// <param name="cookie">The cookie's text; null for none.</param>
internal sealed class RedirectReply(RedirectOptions options, CompiledExpression destination, CompiledExpression? cookie) : LocalReply
{
    private readonly bool _addsPrefix = options.Kind != RedirectKind.Prefix || options.Destination.ToString() != "/"; // "/" leads to itself

    public override int Status => options.Status;

    /// <summary>Whether there is a place to lead to.</summary>
    public bool HasDestination(RuleContext context) => !destination.Text(context).IsEmpty;

    public override void Write(RuleContext context, ReplyWriter writer)
    {
        writer.Begin(options.Status, ReasonPhrases.For(options.Status));
        writer.Field("content-length"u8, "0"u8);
        writer.Field("location"u8, Location(context));
        if (options.Status is 302 or 303 or 307)
        {
            writer.Field("cache-control"u8, "no-cache"u8);
        }

        if (cookie is not null)
        {
            var text = HeaderText.Escape(context, cookie.Text(context));
            var end = options.ClearsCookie ? "; path=/; Max-Age=0;"u8 : "; path=/;"u8;
            var value = context.Scratch.Rent(text.Length + end.Length);
            text.CopyTo(value);
            end.CopyTo(value[text.Length..]);
            writer.Field("set-cookie"u8, value);
        }

        writer.Raw("\r\n"u8);
    }

    private ReadOnlySpan<byte> Location(RuleContext context)
    {
        var text = HeaderText.Escape(context, destination.Text(context));
        var location = context.Scratch.Rent(text.Length + Scratch.MaxResult + 4);
        var written = 0;
        if (_addsPrefix)
        {
            Put(text, location, ref written);
        }

        if (options.Kind == RedirectKind.Location)
        {
            if (options.KeepQuery)
            {
                PutQuery(context, text, location, ref written);
            }

            return location[..written];
        }

        var request = context.Request;
        if (options.Kind == RedirectKind.Scheme)
        {
            Put("://"u8, location, ref written);
            if (request is not null && request.Headers.TryGetBytes(KnownHeader.Host, out var host))
            {
                Put(host, location, ref written);
            }
        }

        var path = request is null ? default : options.DropQuery ? TargetParts.Path(request) : TargetParts.PathAndQuery(request);
        Put(path.IsEmpty ? "/"u8 : path, location, ref written);
        if (options.AppendSlash && location[written - 1] != '/')
        {
            location[written++] = (byte)'/';
        }

        return location[..written];
    }

    private static void PutQuery(RuleContext context, ReadOnlySpan<byte> text, Span<byte> location, ref int written)
    {
        if (context.Request is not { QueryBytes: { IsEmpty: false } query })
        {
            return;
        }

        var question = text.IndexOf((byte)'?');
        if (question < 0)
        {
            location[written++] = (byte)'?';
        }
        else if (question < text.Length - 1)
        {
            location[written++] = (byte)'&';
        }

        Put(query, location, ref written);
    }

    private static void Put(ReadOnlySpan<byte> bytes, Span<byte> destination, ref int written)
    {
        bytes = bytes[..Math.Min(bytes.Length, destination.Length - written - 4)]; // heads are bounded: nothing is cut off
        bytes.CopyTo(destination[written..]);
        written += bytes.Length;
    }
}
