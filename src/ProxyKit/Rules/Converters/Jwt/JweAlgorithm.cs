using System.Security.Cryptography;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>How the key of an encrypted token's content is had (RFC 7518 §4). Those that have the server try passwords, or that show by their
/// failures what a plaintext is like (<c>RSA1_5</c>), are not among them.</summary>
/// <param name="Name">Its name in headers.</param>
/// <param name="Kind">What it does.</param>
/// <param name="KeyLength">How long a key is that others are wrapped with; 0 where none are.</param>
internal sealed record JweAlgorithm(string Name, JweKeyUse Kind, int KeyLength = 0)
{
    private static readonly JweAlgorithm[] All =
    [
        new("dir", JweKeyUse.Direct),
        new("A128KW", JweKeyUse.Wrap, 16),
        new("A192KW", JweKeyUse.Wrap, 24),
        new("A256KW", JweKeyUse.Wrap, 32),
        new("A128GCMKW", JweKeyUse.GaloisWrap, 16),
        new("A192GCMKW", JweKeyUse.GaloisWrap, 24),
        new("A256GCMKW", JweKeyUse.GaloisWrap, 32),
        new("RSA-OAEP", JweKeyUse.Rsa) { Padding = RSAEncryptionPadding.OaepSHA1 },
        new("RSA-OAEP-256", JweKeyUse.Rsa) { Padding = RSAEncryptionPadding.OaepSHA256 },
        new("ECDH-ES", JweKeyUse.Agreement),
        new("ECDH-ES+A128KW", JweKeyUse.Agreement, 16),
        new("ECDH-ES+A192KW", JweKeyUse.Agreement, 24),
        new("ECDH-ES+A256KW", JweKeyUse.Agreement, 32),
    ];

    /// <summary>How RSA pads; null for all others.</summary>
    public RSAEncryptionPadding? Padding { get; private init; }

    /// <summary>The algorithm of a name; null where there is none.</summary>
    public static JweAlgorithm? Find(ReadOnlySpan<byte> name)
    {
        foreach (var algorithm in All)
        {
            if (System.Text.Ascii.Equals(name, algorithm.Name))
            {
                return algorithm;
            }
        }

        return null;
    }
}

/// <summary>What a key does for an encrypted token.</summary>
internal enum JweKeyUse
{
    /// <summary>It encrypts the content itself.</summary>
    Direct,

    /// <summary>It wraps the content's key by AES.</summary>
    Wrap,

    /// <summary>The same in Galois/counter mode.</summary>
    GaloisWrap,

    /// <summary>It encrypts the content's key by RSA.</summary>
    Rsa,

    /// <summary>A key is agreed on with one of the sender's, on an elliptic curve.</summary>
    Agreement,
}
