namespace ProxyKit.Benchmarks.Proxies;

/// <summary>What a proxy is to do in a row of the comparison.</summary>
/// <param name="Protocol">What it speaks with its clients.</param>
/// <param name="HostRoutes">How many routes by host name stand in its configuration; without any there is a default backend.</param>
/// <param name="Backends">How many backends stand in its configuration; the routes lead to them in turn.</param>
/// <param name="HasBreaker">Whether a circuit breaker watches each server.</param>
/// <param name="Rules">What its rules do; with them, even none, all is configured by the one haproxy.cfg that HAProxy reads. Null without.</param>
internal sealed record ProxyShape(ProxyProtocol Protocol, int HostRoutes = 0, int Backends = 1, bool HasBreaker = false, RuleWork? Rules = null)
{
    /// <summary>What clients ask for: the name of the last route, which is found last by whoever searches in order.</summary>
    public string Host => HostName(HostRoutes - 1);

    public bool IsTls => Protocol is ProxyProtocol.Tls or ProxyProtocol.TlsWithoutResumption;

    public static string HostName(int route) => $"h{Math.Max(route, 0)}.example";
}
