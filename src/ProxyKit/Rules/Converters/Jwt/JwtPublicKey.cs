using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>A public key: of RSA or on an elliptic curve. Lives as long as its configuration; several threads verify with it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Rules may use it until the last of them is gone, which the collector sees.")]
internal sealed class JwtPublicKey(RSA? rsa, ECDsa? curve)
{
    /// <summary>Verifies a signature; null where the key is of another kind than the algorithm wants.</summary>
    public bool? Verify(JwtAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[64];
        hash = hash[..algorithm.Digest.Hash(signed, hash)];
        return algorithm.Kind switch
        {
            JwtKeyKind.Rsa when rsa is not null => rsa.VerifyHash(hash, signature, algorithm.HashName, RSASignaturePadding.Pkcs1),
            JwtKeyKind.RsaPss when rsa is not null => rsa.VerifyHash(hash, signature, algorithm.HashName, RSASignaturePadding.Pss),
            JwtKeyKind.Curve when curve is not null =>
                curve.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => null,
        };
    }
}
