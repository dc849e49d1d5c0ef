using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Tiers;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>tiers</c> section, which HAProxy does not have.</summary>
/// <param name="name">Its name.</param>
/// <param name="place">Where it begins.</param>
internal sealed class TiersSection(string name, Place place)
{
    public TiersOptions Options { get; } = new() { Name = name };

    public Place Place => place;

    /// <summary>Where each of its tiers stands.</summary>
    public Dictionary<TierOptions, Place> Places { get; } = [];
}
