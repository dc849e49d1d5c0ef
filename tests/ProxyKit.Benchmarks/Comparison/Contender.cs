using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>A proxy in the shape in which it takes part in a row.</summary>
internal sealed record Contender(string Name, IProxyUnderTest Proxy, ProxyShape Shape);
