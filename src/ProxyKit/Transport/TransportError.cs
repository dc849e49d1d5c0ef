namespace ProxyKit.Transport;

/// <summary>Why an operation on a connection failed. Expected failures of a network are values here, never exceptions.</summary>
public enum TransportError
{
    /// <summary>Nothing failed.</summary>
    None,

    /// <summary>The peer reset the connection, or it was already gone (ECONNRESET, EPIPE).</summary>
    Reset,

    /// <summary>Nobody listens at the address (ECONNREFUSED, or a unix socket that is not there).</summary>
    Refused,

    /// <summary>The network gave up, or a deadline of ours passed.</summary>
    TimedOut,

    /// <summary>No route to the host or the network (EHOSTUNREACH, ENETUNREACH).</summary>
    Unreachable,

    /// <summary>This side closed the connection while the operation was under way.</summary>
    Aborted,

    /// <summary>This machine has none left: descriptors, local ports or socket buffers (EMFILE, EADDRNOTAVAIL, ENOBUFS).</summary>
    ResourceExhausted,

    /// <summary>The TLS handshake failed for a reason other than the certificate.</summary>
    TlsHandshake,

    /// <summary>The peer's certificate did not verify.</summary>
    TlsCertificate,

    /// <summary>An authority above the peer's certificate did not verify.</summary>
    TlsAuthority,

    /// <summary>A name could not be resolved to an address.</summary>
    NameNotResolved,

    /// <summary>Anything else.</summary>
    Other,
}
