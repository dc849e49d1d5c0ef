namespace ProxyKit.Tiers;

/// <summary>What an operator or a user's code has set for one client, in place of what its tier says.</summary>
public sealed class ClientOverride
{
    /// <summary>The client's tier, whatever its requests say.</summary>
    /// <value>Null by default: they say it, as they do once a reload has taken the tier away.</value>
    public string? Tier { get; init; }

    /// <summary>Limits of its own, by the names of windows. Those that its tier does not have mean nothing.</summary>
    public IReadOnlyDictionary<string, long> Limits { get; init => field = value ?? throw new ArgumentNullException(nameof(value)); } = new Dictionary<string, long>();
}
