namespace ProxyKit.Authentication;

/// <summary>What of a client's certificate says who it is.</summary>
public enum CertificateIdentity
{
    /// <summary>The common name (CN) of the subject, of which there has to be one.</summary>
    CommonName,

    /// <summary>The whole subject, as RFC 2253 has it: <c>CN=bob,O=Example,C=FR</c>.</summary>
    Subject,

    /// <summary>The first of the alternative names that is a host's.</summary>
    HostName,

    /// <summary>The first of the alternative names that is an address of electronic mail.</summary>
    Email,

    /// <summary>The first of the alternative names that is a URI, as SPIFFE has it.</summary>
    Uri,

    /// <summary>The SHA-256 of the certificate, in lower-case hexadecimal.</summary>
    Fingerprint,
}
