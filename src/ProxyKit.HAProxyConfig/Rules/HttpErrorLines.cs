using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules;
using ProxyKit.Rules.Replies;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>Reads <c>http-error</c> lines: error pages that are made like the replies of rules.</summary>
internal static class HttpErrorLines
{
    public const string Name = "http-error";
    public const string Arguments = "status <code> [content-type <type>] [<body>] [hdr <name> <fmt>]...";

    private static readonly RuleVerb Verb = new(Name, RuleLists.None, Arguments);

    public static void Read(Statement s)
    {
        var arguments = new ActionArguments(s, Verb, RuleLists.None, first: 0);
        if (RuleLineParser.TryRead(s, arguments, Name, Reply, out var reply))
        {
            s.Proxy.Settings.ErrorPages.Add((reply, s.Place));
        }

        ErrorPageOptions Reply(ActionArguments a)
        {
            var words = new ReplyWords(a).Read(status: null);
            return a.Position >= s.Count
                ? ErrorPageOptions.Of(words.Reply)
                : throw new RuleFaultException($"cannot handle unexpected argument '{a.Peek}'");
        }
    }
}
