namespace ProxyKit.Transport.Tls;

/// <summary>Why a client's handshake failed, by HAProxy's numbers for errors of connections.</summary>
internal enum HandshakeFailure
{
    None,

    /// <summary>The client went away.</summary>
    Closed = 24,

    /// <summary>Its connection broke.</summary>
    Broken = 25,

    TimedOut = 26,

    /// <summary>There are as many connections over TLS as there may be.</summary>
    TooMany = 27,

    /// <summary>An authority above its certificate does not hold.</summary>
    Authority = 30,

    /// <summary>Its certificate does not hold.</summary>
    Certificate = 31,

    /// <summary>Anything else, as no agreement, or no certificate where one is required.</summary>
    Other = 34,
}
