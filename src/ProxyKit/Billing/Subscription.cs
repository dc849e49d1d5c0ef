namespace ProxyKit.Billing;

/// <summary>That a client has a plan.</summary>
/// <param name="Client">The client, as usage names it.</param>
/// <param name="Plan">The plan.</param>
public sealed record Subscription(string Client, PricePlan Plan)
{
    /// <summary>The first day of it; null for always.</summary>
    public DateOnly? From { get; init; }

    /// <summary>The day behind its last; null for no end.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>The tier whose usage it is for; null for whatever the client uses.</summary>
    public string? Tier { get; init; }
}
