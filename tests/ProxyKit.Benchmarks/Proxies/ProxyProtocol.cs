namespace ProxyKit.Benchmarks.Proxies;

/// <summary>What a proxy under test speaks with its clients. With the origin it speaks HTTP/1.1 in clear, or what passes in TCP mode.</summary>
internal enum ProxyProtocol
{
    Http,
    Tls,

    /// <summary>No tickets and no session cache, so that each connection makes the full handshake.</summary>
    TlsWithoutResumption,
    Tcp,
}
