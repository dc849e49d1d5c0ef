using System.Text;
using ProxyKit.Exchanges;
using ProxyKit.Frontends;
using ProxyKit.Rules.Actions;
using ProxyKit.Tiers;

namespace ProxyKit.Runtime;

/// <summary>Makes the tiers of a configuration, over what is counted of their clients already.</summary>
internal sealed class TierPolicyBuilder(ProxyOptions options, ProxyState state, DataPath path)
{
    private readonly Dictionary<string, TiersInUse> _groups = options.Tiers.ToDictionary(
        static t => t.Name,
        t =>
        {
            var group = state.TiersOf(t.Name, path);
            var use = new TiersInUse(group, t, new TierPlans(t, group.NextVersion(), group.Clients), group.AssignedBy(t));
            state.TiersInUse.Add(use);
            return use;
        },
        StringComparer.Ordinal);

    /// <summary>What a frontend asks of its clients; null for nothing. Called after its rules.</summary>
    public TierPolicy? Build(FrontendOptions frontend, RuleSetBuilder rules)
    {
        if (frontend.Tiers is not { } name)
        {
            return null;
        }

        var (group, tiers, plans, assigned) = _groups[name];
        var (countBy, tierBy, chargeBy) = rules.BuildTierValues(tiers);
        return new TierPolicy
        {
            Group = group,
            Plans = plans,
            Options = tiers,
            Assigned = assigned,
            CountBy = countBy,
            TierBy = tierBy,
            ChargeBy = chargeBy,
            Costs = rules.BuildTierCosts(tiers),
            Unless = rules.BuildTierExemption(frontend),
            UsagePath = frontend.UsagePath is { } usage ? Encoding.UTF8.GetBytes(usage) : null,
            WhenRefused = BuildAnswer(tiers.WhenRefused, nameof(tiers.WhenRefused)),
            WhenUnknown = BuildAnswer(tiers.WhenUnknown, nameof(tiers.WhenUnknown)),
            WarningHeader = tiers.WarningHeader is { } header ? Encoding.ASCII.GetBytes(header) : null,
        };

        RuleList? BuildAnswer(RuleAction? action, string property) => action is null ? null : rules.BuildTierAnswer(action, tiers.Name, property);
    }
}
