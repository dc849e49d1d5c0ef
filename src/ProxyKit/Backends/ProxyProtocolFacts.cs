namespace ProxyKit;

/// <summary>What a header of the PROXY protocol can tell besides addresses. HAProxy: <c>proxy-v2-options</c>.</summary>
[Flags]
public enum ProxyProtocolFacts
{
    /// <summary>Nothing else.</summary>
    None = 0,

    /// <summary>Whether the client came over TLS, of which version, and whether with a certificate. HAProxy: <c>ssl</c>.</summary>
    Tls = 1,

    /// <summary>As <see cref="Tls"/>, and the common name of the client's certificate. HAProxy: <c>cert-cn</c>.</summary>
    CommonName = 2,

    /// <summary>As <see cref="Tls"/>, and the cipher suite. HAProxy: <c>ssl-cipher</c>.</summary>
    Cipher = 4,

    /// <summary>As <see cref="Tls"/>, and how the certificate that the client was shown is signed. HAProxy: <c>cert-sig</c>.</summary>
    SignatureAlgorithm = 8,

    /// <summary>As <see cref="Tls"/>, and the kind of that certificate's key. HAProxy: <c>cert-key</c>.</summary>
    KeyAlgorithm = 16,

    /// <summary>The server name that the client has asked for (SNI). HAProxy: <c>authority</c>.</summary>
    Authority = 32,

    /// <summary>The exchange's unique id, where the frontend has a format for it. HAProxy: <c>unique-id</c>.</summary>
    UniqueId = 64,

    /// <summary>A checksum of the header. HAProxy: <c>crc32c</c>.</summary>
    Checksum = 128,
}
