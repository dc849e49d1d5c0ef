using System.Text;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Rules.Replies;

/// <summary>The error page that asks for a user and a password: the proxy's own page, with the challenge in the place of those it has.</summary>
internal sealed class ChallengeReply(int status, string realm) : LocalReply
{
    private readonly byte[] _name = Encoding.ASCII.GetBytes(status == 401 ? "www-authenticate" : "proxy-authenticate");
    private readonly byte[] _challenge = Encoding.UTF8.GetBytes($"Basic realm=\"{realm}\"");

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

        writer.Field(_name, _challenge);
        writer.Raw(page[(headLength + 2)..]);
    }
}
