namespace ProxyKit.Transport.Tls;

/// <summary>What can be wrong with a certificate, by the numbers that OpenSSL has for it (X509_V_ERR), as far as the platform tells it apart.</summary>
internal static class VerifyError
{
    public const int None = 0;

    /// <summary>Something that there is no number for here.</summary>
    public const int Unspecified = 1;

    /// <summary>The authority of one of the authorities is not known.</summary>
    public const int NoIssuer = 2;

    public const int NoRevocationList = 3;

    public const int BadSignature = 7;

    public const int BadRevocationListSignature = 8;

    public const int NotYetValid = 9;

    public const int Expired = 10;

    public const int RevocationListNotYetValid = 11;

    public const int RevocationListExpired = 12;

    /// <summary>It is its own authority, and not trusted.</summary>
    public const int SelfSigned = 18;

    /// <summary>The root of the chain is not trusted.</summary>
    public const int SelfSignedInChain = 19;

    /// <summary>The authority of the last one that the client has sent is not known.</summary>
    public const int NoIssuerLocally = 20;

    public const int Revoked = 23;

    /// <summary>What has issued another one is no authority, or not for chains as long.</summary>
    public const int InvalidAuthority = 24;

    /// <summary>It is not for proving who a client is.</summary>
    public const int InvalidPurpose = 26;

    public const int Rejected = 28;

    /// <summary>The authority of a revocation list is not known.</summary>
    public const int NoRevocationListIssuer = 33;

    public const int UnhandledCriticalExtension = 34;

    /// <summary>The authority may not issue revocation lists.</summary>
    public const int NoRevocationListSigning = 35;

    public const int InvalidPolicy = 42;

    public const int NameNotPermitted = 47;

    public const int NameExcluded = 48;

    public const int WeakDigest = 68;
}
