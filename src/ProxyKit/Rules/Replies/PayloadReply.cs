using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Replies;

/// <summary>A response of a status, header fields and a body, all of which may be made for each exchange anew.</summary>
/// <param name="status">The status.</param>
/// <param name="fields">The header fields; one without a value is not sent.</param>
/// <param name="contentType">What the body is; empty where there is none.</param>
/// <param name="payload">A body that is the same for all.</param>
/// <param name="format">A body made for each; null for <paramref name="payload"/>.</param>
internal sealed class PayloadReply(
    int status, (byte[] Name, CompiledExpression Value)[] fields, byte[] contentType, byte[] payload, CompiledExpression? format) : LocalReply
{
    public override int Status => status;

    public override void Write(RuleContext context, ReplyWriter writer)
    {
        writer.Begin(status, ReasonPhrases.For(status));
        foreach (var (name, value) in fields)
        {
            var text = HeaderText.Escape(context, value.Text(context));
            if (!text.IsEmpty)
            {
                writer.Field(name, text);
            }
        }

        if (format is null)
        {
            writer.End(payload.Length == 0 ? default : contentType, payload);
        }
        else
        {
            var body = format.Text(context);
            writer.EndFormat(body.IsEmpty ? default : contentType, body);
        }
    }
}
