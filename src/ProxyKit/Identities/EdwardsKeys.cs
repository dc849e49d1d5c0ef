namespace ProxyKit.Identities;

/// <summary>Keys of EdDSA (RFC 8032, RFC 8037), which .NET 10 cannot verify with: who hands one in is told so, rather than that it is no key.</summary>
internal static class EdwardsKeys
{
    /// <summary>What is said of them.</summary>
    public const string Refusal = "is for EdDSA, which .NET 10 cannot verify; RSA keys and keys on P-256, P-384 and P-521 are taken";

    /// <summary>Throws where a key's algorithm is one of theirs.</summary>
    /// <exception cref="FormatException">It is.</exception>
    public static void ThrowIf(string? oid)
    {
        if (oid is "1.3.101.112" or "1.3.101.113") // id-Ed25519 and id-Ed448, RFC 8410 §3
        {
            throw new FormatException($"the key {Refusal}");
        }
    }
}
