using System.Text;
using ProxyKit.Identities;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Authentication;

/// <summary>Refuses a client who is known, but has not what the request needs. Requests that nobody had to say anything for pass.</summary>
internal sealed class RequireAction(RequirementOptions requirement, AuthenticationOptions options) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Request;

    public override string ToString() => $"require {requirement}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var refusal = new RefusalSet(options, compiler, compiler.Frontend?.Name ?? "").OfScopes(requirement.Scopes);
        byte[][] scopes = [.. requirement.Scopes.Select(Encoding.UTF8.GetBytes)];
        (ClaimPath Path, byte[][] Values)[] claims =
            [.. requirement.Claims.Select(static c => (ClaimPath.Parse(c.Path), c.Values.Select(Encoding.UTF8.GetBytes).ToArray()))];
        return new(context =>
        {
            if (context.Exchange?.Principal is not { } principal || (HasAll(principal, scopes) && HasAll(principal.Claims, claims)))
            {
                return RuleOutcome.Next;
            }

            context.AuthenticationFault = AuthenticationFault.InsufficientScope;
            context.Verdict = refusal;
            return RuleOutcome.Final;
        });
    }

    private static bool HasAll(ClientPrincipal principal, byte[][] scopes)
    {
        foreach (var scope in scopes)
        {
            if (!principal.HasScope(scope))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasAll(ClaimSet claims, (ClaimPath Path, byte[][] Values)[] needed)
    {
        foreach (var (path, values) in needed)
        {
            if (!TokenRules.HasClaim(claims, path, values))
            {
                return false;
            }
        }

        return true;
    }
}
