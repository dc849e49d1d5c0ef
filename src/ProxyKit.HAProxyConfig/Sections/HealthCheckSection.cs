using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>healthcheck</c> section: a check that servers name in the place of their backend's.</summary>
internal sealed class HealthCheckSection(string name, Place place)
{
    public string Name => name;

    public Place Place => place;

    public CheckDraft Draft { get; } = new();
}
