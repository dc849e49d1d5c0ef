namespace ProxyKit.Tiers;

/// <summary>What was set for one client, and the plan that makes of its tier.</summary>
internal sealed class ClientSettings(ClientOverride settings)
{
    private Made? _made;

    /// <summary>The plan of the client, whose requests say that it has a tier.</summary>
    public TierPlan? PlanIn(TierPlans plans, TierPlan? plan)
    {
        var basis = (settings.Tier is { } tier ? plans.Find(tier) : null) ?? plan;
        if (basis is null)
        {
            return null;
        }

        var made = Volatile.Read(ref _made);
        if (made?.Basis != basis)
        {
            made = new Made(basis, basis.With(settings.Limits));
            Volatile.Write(ref _made, made);
        }

        return made.Plan;
    }

    private sealed record Made(TierPlan Basis, TierPlan Plan);
}
