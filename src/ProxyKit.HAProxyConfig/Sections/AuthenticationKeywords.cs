using ProxyKit.Authentication;
using ProxyKit.HAProxyConfig.Rules;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Authentication by tokens, keys and certificates, which HAProxy has no sections for: these are ProxyKit's own. What they mean is what the
/// options of the same names do.</summary>
internal static class AuthenticationKeywords
{
    private const string Own = "ProxyKit's own";

    public static IEnumerable<Keyword> All =>
    [
        .. AuthenticationSchemeLines.All.Select(static k => k with { Note = Own }),
        Runs("require-scope", "<scope> [{if|unless} <condition> ...]", static s => Require(s, 1, new RequirementOptions { Scopes = { s[0] } })),
        Runs("require-claim", "<path> <value> [{if|unless} <condition> ...]", static s =>
            Require(s, 2, new RequirementOptions { Claims = { new RequiredClaim(s[0], s[1]) } })),
        Runs("allow", "<methods> <path> [<scope> ...]", Allow),
        Once("realm", "<text>", static s => Of(s).Realm = s[0]),
        Once("refusal-status", "{401|403}", static s =>
        {
            if (s.TryChoice(0, out var status, ("401", 401), ("403", 403)))
            {
                Of(s).RefusalStatus = status;
            }
        }),
        Runs(RefusalLines.Name, RefusalLines.Arguments, RefusalLines.Read),
        Runs("tell-reason", "", static s => Of(s).TellsReason = true),
        Runs("allow-ambiguous-paths", "", static s => Of(s).AllowsAmbiguousPaths = true),
        Keyword.Runs("authenticate", Section.Front, "<name> [{if|unless} <condition> ...]", Use) with { Note = Own },
    ];

    /// <summary>The section that a statement stands in; its keywords stand in nothing else.</summary>
    public static AuthenticationSection SectionOf(Statement s) => (AuthenticationSection)s.Target!;

    private static AuthenticationOptions Of(Statement s) => SectionOf(s).Options;

    private static Keyword Runs(string name, string arguments, Action<Statement> run) =>
        Keyword.Runs(name, Section.Authentication, arguments, run) with { Note = Own };

    private static Keyword Once(string name, string arguments, Action<Statement> run) =>
        Keyword.RunsOnce(name, Section.Authentication, arguments, run) with { Note = Own };

    private static void Require(Statement s, int index, RequirementOptions requirement)
    {
        if (RuleLineParser.TryCondition(s, index, s.Name, out var when))
        {
            requirement.When = when;
            Of(s).Requirements.Add(requirement);
            SectionOf(s).Requirements.Add(s.Place);
        }
    }

    private static void Allow(Statement s)
    {
        try
        {
            Of(s).Policy = (Of(s).Policy ?? ScopePolicy.Empty).Allow(s[0], s[1], [.. s.Arguments.Skip(2).Select(static a => a.Text)]);
        }
        catch (ArgumentException e)
        {
            s.Alert(0, $"'{s.Name}' : {e.Message.Split(" (Parameter")[0]}.");
        }
    }

    private static void Use(Statement s)
    {
        if (s.Proxy.Authentication is { } other)
        {
            s.Alert(0, $"'authenticate' : {s.Proxy} has authentication already, '{other.Name}' at {other.Place}.");
        }
        else if (RuleLineParser.TryCondition(s, 1, s.Name, out var condition))
        {
            s.Proxy.Authentication = new AuthenticationUse(s[0], condition is null ? null : !condition, s.PlaceOf(0));
        }
    }
}
