namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>What a <see cref="JwtAlgorithm"/> verifies with.</summary>
internal enum JwtKeyKind
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
