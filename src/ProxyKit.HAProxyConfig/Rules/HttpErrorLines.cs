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
        try
        {
            var words = new ReplyWords(arguments).Read(status: null);
            if (arguments.Position < s.Count)
            {
                throw new RuleFaultException($"cannot handle unexpected argument '{arguments.Peek}'");
            }

            s.Proxy.Settings.ErrorPages.Add(ErrorPageOptions.Of(words.Reply));
        }
        catch (Exception e) when (e is RuleFaultException or ArgumentException)
        {
            s.Alert(arguments.Position, $"error detected in {s.Proxy} while parsing '{Name}' rule : {RuleLineParser.Explain(e)}.");
        }
    }
}
