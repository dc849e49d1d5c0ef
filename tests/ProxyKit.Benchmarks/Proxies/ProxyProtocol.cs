namespace ProxyKit.Benchmarks.Proxies;

/// <summary>What a proxy under test speaks with its clients. With the origin it speaks plain HTTP/1.1 or, in TCP mode, bytes.</summary>
internal enum ProxyProtocol
{
    Http,
    Tls,

    /// <summary>No tickets and no session cache, so that each connection makes the full handshake.</summary>
    TlsWithoutResumption,
    Tcp,
}
