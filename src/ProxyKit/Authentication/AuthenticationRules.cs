using ProxyKit.Rules.Actions;

namespace ProxyKit.Authentication;

/// <summary>Authentication as rules for requests, in their order: who it is, what he may, and what was written behind that.</summary>
internal static class AuthenticationRules
{
    /// <param name="options">What is wanted.</param>
    /// <param name="keysOf">The keys of an issuer.</param>
    public static IList<RuleOptions> Of(AuthenticationOptions options, Func<IssuerKeysSettings, IssuerKeys> keysOf)
    {
        var rules = new List<RuleOptions>();
        if (options.Schemes.Count > 0)
        {
            rules.Add(new RuleOptions(new AuthenticateAction(options, keysOf)));
        }

        rules.AddRange(options.Requirements.Select(r => new RuleOptions(new RequireAction(r, options), r.When)));
        if (options.Policy is { } policy)
        {
            rules.Add(new RuleOptions(new PolicyAction(policy, options)));
        }

        rules.AddRange(options.Rules);
        return rules;
    }
}
