using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Metering;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The <c>metering</c> section, which HAProxy does not have.</summary>
/// <param name="place">Where it begins.</param>
internal sealed class MeteringSection(Place place)
{
    public MeteringOptions Options { get; } = new();

    public Place Place => place;

    /// <summary>Where each of its meters stands.</summary>
    public Dictionary<MeterOptions, Place> Places { get; } = [];
}
