using System.Text;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Replies;

/// <summary>The error page that asks for credentials: the proxy's own page, with challenges in the place of those it has.</summary>
/// <param name="status">The page's status.</param>
/// <param name="field">The field that challenges stand in.</param>
/// <param name="challenges">The challenges (RFC 9110 §11.3), a field each.</param>
internal sealed class ChallengeReply(int status, string field, params string[] challenges) : LocalReply
{
    private readonly byte[] _name = Encoding.ASCII.GetBytes(field);
    private readonly byte[][] _challenges = [.. challenges.Select(Encoding.UTF8.GetBytes)];

    public override int Status => status;

    public override void Write(RuleContext context, ReplyWriter writer)
    {
        ErrorPages.For(context, status).Write(context, writer);
        var page = context.Scratch.Copy(writer.Written.Span);
        var headLength = page.IndexOf("\r\n\r\n"u8);
        if (headLength < 0)
        {
            return; // an empty page, which closes the connection
        }

        writer.Reset();
        var head = page[..(headLength + 2)];
        while (!head.IsEmpty)
        {
            var length = head.IndexOf("\r\n"u8) + 2;
            var line = head[..length];
            var isChallenge = line.Length > _name.Length && line[_name.Length] == ':' && Ascii.EqualsIgnoreCase(line[.._name.Length], _name);
            if (!isChallenge)
            {
                writer.Raw(line);
            }

            head = head[length..];
        }

        foreach (var challenge in _challenges)
        {
            writer.Field(_name, challenge);
        }

        writer.Raw(page[(headLength + 2)..]);
    }
}
