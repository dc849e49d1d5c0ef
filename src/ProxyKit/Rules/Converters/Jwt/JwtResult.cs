namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>What verification of a token finds, by HAProxy's numbers.</summary>
internal enum JwtResult
{
    /// <summary>The certificate is not one for tokens.</summary>
    UnusableCertificate = -7,

    /// <summary>Something else went wrong.</summary>
    InternalError = -6,

    /// <summary>There is no such key.</summary>
    UnknownKey = -5,

    /// <summary>It is no token: not three parts, or no signature.</summary>
    InvalidToken = -3,

    /// <summary>The algorithm is known, but not verified here.</summary>
    UnmanagedAlgorithm = -2,

    /// <summary>There is no such algorithm.</summary>
    UnknownAlgorithm = -1,

    /// <summary>The signature is not that of the token.</summary>
    Bad = 0,

    /// <summary>The signature is right.</summary>
    Good = 1,
}
