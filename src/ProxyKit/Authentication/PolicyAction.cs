using ProxyKit.Identities;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Authentication;

/// <summary>Refuses what a table of methods, paths and scopes does not allow. Requests that nobody had to say anything for pass.</summary>
internal sealed class PolicyAction(ScopePolicy policy, AuthenticationOptions options) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() => "require what the policy says";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var refusals = new RefusalSet(options, compiler, compiler.Frontend?.Name ?? "");
        RuleVerdict[] ofRows = [.. policy.Rows.Select(r => refusals.OfScopes(r.Scopes))];
        var ofNone = refusals.OfScopes([]);
        return new(context =>
        {
            if (context.Exchange is not { Principal: { } principal } exchange)
            {
                return RuleOutcome.Next;
            }

            var row = policy.Find(exchange);
            context.PolicyRow = row < 0 ? null : policy.Rows[row].Name;
            if (row >= 0 && policy.Rows[row].IsMetBy(principal))
            {
                return RuleOutcome.Next;
            }

            context.AuthenticationFault = AuthenticationFault.InsufficientScope;
            context.Verdict = row < 0 ? ofNone : ofRows[row];
            return RuleOutcome.Final;
        });
    }
}
