namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The sections that proxies are made of.</summary>
internal enum ProxyKind
{
    Defaults,
    Frontend,
    Backend,
    Listen,
}
