using ProxyKit.Rules.Replies;

namespace ProxyKit.Rules.Actions;

/// <summary>Asks the client for a user and a password. It checks none: its rule's condition does.</summary>
/// <param name="realm">What they are for; null for the proxy's name.</param>
/// <param name="asProxy">Whether requests that are meant for a proxy, by their targets, are asked as a proxy asks.</param>
internal sealed class ChallengeAction(string? realm, bool asProxy) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Request;

    internal override bool IsFinal => true;

    public override string ToString() => realm is null ? "auth" : $"auth realm {RuleWords.Text(realm)}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var challenge = $"Basic realm=\"{realm ?? compiler.Backend?.Name ?? compiler.Frontend?.Name ?? ""}\"";
        var ofServer = new RuleVerdict(VerdictKind.Reply, 401, new ChallengeReply(401, "www-authenticate", challenge)) { IsRefusal = true };
        var ofProxy = new RuleVerdict(VerdictKind.Reply, 407, new ChallengeReply(407, "proxy-authenticate", challenge)) { IsRefusal = true };
        return new(context =>
        {
            context.Verdict = (asProxy && context.HasProxyTarget) || context.IsProxied ? ofProxy : ofServer;
            return RuleOutcome.Final;
        });
    }
}
