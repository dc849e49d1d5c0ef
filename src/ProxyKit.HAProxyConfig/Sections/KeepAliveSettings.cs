using ProxyKit.Transport;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>How the system finds out that a silent peer is gone.</summary>
/// <param name="IsOn">Whether it does.</param>
/// <param name="Idle">After how long.</param>
/// <param name="Interval">How often.</param>
/// <param name="Probes">How many times.</param>
internal sealed record KeepAliveSettings(bool IsOn = false, TimeSpan? Idle = null, TimeSpan? Interval = null, int? Probes = null)
{
    /// <summary>The options; null where it is off, and the rest of no use.</summary>
    public TcpKeepAliveOptions? ToOptions() => IsOn ? new TcpKeepAliveOptions { Idle = Idle, Interval = Interval, Probes = Probes } : null;
}
