namespace ProxyKit.Transport.Tls;

/// <summary>The kind of a certificate's key, by which one of several is chosen.</summary>
internal enum CertificateKeyKind
{
    Rsa,
    Ecdsa,
    Other,
}
