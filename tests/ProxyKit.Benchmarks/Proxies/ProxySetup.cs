namespace ProxyKit.Benchmarks.Proxies;

/// <summary>A shape put to a place: what a proxy needs to be started.</summary>
/// <param name="CertificateFile">Certificate and private key in one PEM file.</param>
/// <param name="Directory">Where the proxy may keep its files, its own.</param>
internal sealed record ProxySetup(ProxyShape Shape, int Port, int OriginPort, string CertificateFile, string Directory);
