namespace ProxyKit.Identities;

/// <summary>Why a client was not believed to be who it says. Of several reasons the first one counts, in the order in which a token is looked at:
/// form, algorithm, key, signature, times, issuer, audience, claims.</summary>
public enum AuthenticationFault
{
    /// <summary>None: it was.</summary>
    None,

    /// <summary>It brought no credentials.</summary>
    MissingCredentials,

    /// <summary>What it brought is none: not of the form that its scheme has, or there is more than one.</summary>
    MalformedCredentials,

    /// <summary>The token is longer than is taken.</summary>
    OversizedToken,

    /// <summary>The token is encrypted (JWE, RFC 7516), which is not taken.</summary>
    EncryptedToken,

    /// <summary>The token has a critical extension (RFC 7515 §4.1.11), and none is known here.</summary>
    CriticalExtension,

    /// <summary>The token is not signed, or signed by an algorithm that is not allowed.</summary>
    UnsupportedAlgorithm,

    /// <summary>The token is of another type (RFC 7519 §5.1) than is wanted.</summary>
    WrongType,

    /// <summary>No key that is known goes with the token.</summary>
    UnknownKey,

    /// <summary>The token does not say which of more keys than are tried has signed it: see <see cref="Authentication.JwtOptions.MostKeysTried"/>.</summary>
    AmbiguousKey,

    /// <summary>The signature is not that of the token.</summary>
    BadSignature,

    /// <summary>A claim is there twice, so that readers may take either.</summary>
    DuplicateClaim,

    /// <summary>The token has expired.</summary>
    Expired,

    /// <summary>The token does not say when it expires.</summary>
    MissingExpiry,

    /// <summary>The token is not valid yet, or was issued in what is still the future.</summary>
    NotYetValid,

    /// <summary>Somebody else has issued the token.</summary>
    WrongIssuer,

    /// <summary>The token is meant for somebody else.</summary>
    WrongAudience,

    /// <summary>A claim that is needed is missing, or not of a value that is taken.</summary>
    MissingClaim,

    /// <summary>No user has this name and password.</summary>
    WrongPassword,

    /// <summary>No client has this key.</summary>
    UnknownApiKey,

    /// <summary>The client's certificate does not hold, which the bind has overlooked, or has expired since.</summary>
    UntrustedCertificate,

    /// <summary>The client's certificate is none of those that are let in.</summary>
    UnknownCertificate,

    /// <summary>Its issuer says that the token is not, or not any more, in force.</summary>
    InactiveToken,

    /// <summary>It cannot be said: the issuer's keys, or its answer, cannot be had. Answered 503.</summary>
    IssuerUnavailable,

    /// <summary>It is who it says, but has not the scope or claim that the request needs. Answered 403.</summary>
    InsufficientScope,

    /// <summary>The request's path may be taken for another one behind the proxy, so that what is asked for this one says nothing. Answered 400.</summary>
    AmbiguousPath,

    /// <summary>It cannot be said: so many others bring passwords that this one's turn would not come soon. Answered 503.</summary>
    Busy,
}
