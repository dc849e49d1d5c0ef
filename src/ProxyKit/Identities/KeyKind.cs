namespace ProxyKit.Identities;

/// <summary>What a <see cref="SignatureAlgorithm"/> verifies with.</summary>
internal enum KeyKind
{
    /// <summary>Nothing: the token is not signed.</summary>
    None,

    /// <summary>A secret that both sides have.</summary>
    Secret,

    /// <summary>An RSA key, with the padding of PKCS #1 v1.5.</summary>
    Rsa,

    /// <summary>An RSA key, with probabilistic padding.</summary>
    RsaPss,

    /// <summary>A key on an elliptic curve.</summary>
    Curve,
}
