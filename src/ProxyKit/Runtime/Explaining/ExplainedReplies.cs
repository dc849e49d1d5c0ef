using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Explaining;

namespace ProxyKit.Runtime.Explaining;

/// <summary>Writes the answer that the proxy would give by itself, before the rules about responses see it.</summary>
internal static class ExplainedReplies
{
    private const int MostBody = 512;

    public static ExplainedReply? Of(RuleContext context, RuleVerdict? verdict, int status)
    {
        var reply = verdict?.Reply ?? context.BackendErrorPages?.Find(status) ?? context.FrontendErrorPages?.Find(status);
        if (reply is null)
        {
            return ErrorReplies.Has(status) ? Read(status, ErrorReplies.For(status).Span) : null;
        }

        var writer = new ReplyWriter();
        try
        {
            reply.Write(context, writer);
        }
        catch (Exception)
        {
            return Read(500, ErrorReplies.For(500).Span); // what clients get where a user's code throws
        }

        return writer.HasFailed ? Read(500, ErrorReplies.For(500).Span) : Read(status, writer.Written.Span);
    }

    private static ExplainedReply Read(int status, ReadOnlySpan<byte> message)
    {
        var end = message.IndexOf("\r\n\r\n"u8);
        var head = end < 0 ? default : message[..end];
        var body = end < 0 ? default : message[(end + 4)..];
        var fields = new List<KeyValuePair<string, string>>();
        foreach (var line in Encoding.Latin1.GetString(head).Split("\r\n").Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                fields.Add(new(Shown.Text(line[..colon]), Shown.Text(line[(colon + 1)..].Trim())));
            }
        }

        return new ExplainedReply(status, fields, body.IsEmpty ? "" : Shown.Bytes(body, MostBody));
    }
}
