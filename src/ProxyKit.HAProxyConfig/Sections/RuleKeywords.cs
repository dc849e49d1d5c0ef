using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.Rules;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Rules and the conditions they go by.</summary>
internal static class RuleKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("acl", Section.Proxies, "<name> <criterion> [<flag> ...] [<operator>] [<pattern> ...]", Acl),
        Rules("http-request", Section.Proxies, RuleLists.Request),
        Rules("http-response", Section.Proxies, RuleLists.Response),
        Rules("http-after-response", Section.Proxies, RuleLists.AfterResponse),
        Rules("tcp-request connection", Section.Defaults | Section.Front, RuleLists.Connection),
        Rules("tcp-request session", Section.Defaults | Section.Front, RuleLists.Session),
        Rules("tcp-request content", Section.Proxies, RuleLists.Content),
        Rules("tcp-response content", Section.Defaults | Section.Back, RuleLists.ResponseContent),
        Keyword.Runs("tcp-request inspect-delay", Section.Proxies, "<time>", static s =>
        {
            if (s.TryTime(0, out var time))
            {
                s.Proxy.Rules.InspectDelay = time > TimeSpan.Zero ? time : null;
            }
        }),
        Keyword.Runs("tcp-response inspect-delay", Section.Defaults | Section.Back, "<time>", static s =>
        {
            if (s.TryTime(0, out var time))
            {
                s.Proxy.Rules.ResponseInspectDelay = time > TimeSpan.Zero ? time : null;
            }
        }),
        Keyword.Runs(RedirectLines.Name, Section.Front | Section.Back, RedirectLines.Arguments, RedirectLines.Read),
        Keyword.Refused("block", Section.Proxies, "...", "it is gone from HAProxy since 2.1, use 'http-request deny'"),
        .. Removed("reqadd", "reqallow", "reqdel", "reqdeny", "reqiallow", "reqidel", "reqideny", "reqipass", "reqirep", "reqitarpit", "reqpass",
            "reqrep", "reqtarpit", "rspadd", "rspdel", "rspdeny", "rspidel", "rspideny", "rspirep", "rsprep"),
    ];

    private static Keyword Rules(string name, Section sections, RuleLists list) =>
        Keyword.Runs(name, sections, "<action> [{if|unless} <condition> ...]", s => RuleLineParser.Read(s, list));

    private static IEnumerable<Keyword> Removed(params string[] names) => names.Select(static name => Keyword.Refused(
        name, Section.Proxies, "...", "it is gone from HAProxy since 2.1, use 'http-request' and 'http-response'"));

    private static void Acl(Statement s)
    {
        if (s.Proxy is { Kind: ProxyKind.Defaults, IsNamedDefaults: false })
        {
            s.Alert("'acl' not allowed in anonymous 'defaults' section.");
            return;
        }

        var odd = NameCharacters.FirstOdd(s[0]);
        if (odd is not null || s[0] is "or" or "if" or "unless")
        {
            s.Alert(0, odd is not null
                ? $"character '{odd}' is not permitted in acl name '{s[0]}'."
                : $"acl name '{s[0]}' will never match. '{s[0]}' is used to express a condition.");
            return;
        }

        try
        {
            string[] words = [.. s.Arguments.Skip(1).Select(static a => a.Text)];
            s.Proxy.Rules.Acls.Add(s[0], Match.ParseAcl(words, s.Language, message => s.Warning(1, $"acl '{s[0]}' : {message}.")), s.Place);
        }
        catch (RuleFaultException e)
        {
            s.Alert(1, $"error detected while parsing ACL '{s[0]}' : {e.Message}.");
        }
    }
}
