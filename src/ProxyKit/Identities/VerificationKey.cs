using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace ProxyKit.Identities;

/// <summary>A key that signatures are verified with: a secret, or a public key of RSA or on an elliptic curve, and nothing else than what it
/// is: a token cannot have a public key taken for a secret. Lives as long as it is named; several threads verify with it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Requests may use it until the last of them is gone, which the collector sees.")]
internal sealed class VerificationKey
{
    private const int LeastRsaBits = 2048, MostRsaBits = 16384; // RFC 7518 §3.3; beyond, a verification takes too long

    private readonly byte[]? _secret;
    private readonly RSA? _rsa;
    private readonly ECDsa? _curve;
    private volatile bool _isRetired;

    private VerificationKey(byte[]? secret, RSA? rsa, ECDsa? curve)
    {
        _secret = secret;
        _rsa = rsa;
        _curve = curve;
        Algorithms = [.. SignatureAlgorithm.All.Where(Fits)];
    }

    /// <summary>The name that tokens call it by (<c>kid</c>); empty where it has none, and may be meant by any.</summary>
    public byte[] Id { get; init; } = [];

    /// <summary>What it may verify.</summary>
    public SignatureAlgorithm[] Algorithms { get; private init; }

    /// <summary>What it was made of, to find the same one again; empty where nobody asks.</summary>
    public byte[] Fingerprint { get; init; } = [];

    /// <summary>Whether its issuer does not use it any more, so that what it verified counts no more.</summary>
    public bool IsRetired => _isRetired;

    /// <exception cref="FormatException">It is too short for any algorithm.</exception>
    public static VerificationKey OfSecret(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> id = default, byte[]? fingerprint = null) => secret.Length >= 32
        ? new(secret.ToArray(), null, null) { Id = id.ToArray(), Fingerprint = fingerprint ?? [] }
        : throw new FormatException($"the secret has {secret.Length} bytes; HS256 needs 32 or more, HS384 48, HS512 64 (RFC 7518 §3.2)");

    /// <param name="rsa">The key; belongs to this one from now on.</param>
    /// <param name="id">Its name.</param>
    /// <param name="fingerprint">What it was made of.</param>
    /// <exception cref="FormatException">It is too weak, or too dear.</exception>
    public static VerificationKey OfRsa(RSA rsa, ReadOnlySpan<byte> id = default, byte[]? fingerprint = null) => rsa.KeySize is >= LeastRsaBits and <= MostRsaBits
        ? new(null, rsa, null) { Id = id.ToArray(), Fingerprint = fingerprint ?? [] }
        : throw new FormatException($"the RSA key has {rsa.KeySize} bits; {LeastRsaBits} to {MostRsaBits} are taken");

    /// <param name="curve">The key; belongs to this one from now on.</param>
    /// <param name="id">Its name.</param>
    /// <param name="fingerprint">What it was made of.</param>
    /// <exception cref="FormatException">No algorithm is for its curve.</exception>
    public static VerificationKey OfCurve(ECDsa curve, ReadOnlySpan<byte> id = default, byte[]? fingerprint = null) => curve.KeySize is 256 or 384 or 521
        ? new(null, null, curve) { Id = id.ToArray(), Fingerprint = fingerprint ?? [] }
        : throw new FormatException($"the key is on a curve of {curve.KeySize} bits; P-256, P-384 and P-521 are taken");

    /// <summary>A key of HAProxy's, whose configuration names the algorithm and is taken at its word.</summary>
    public static VerificationKey OfAny(RSA? rsa, ECDsa? curve) => new(null, rsa, curve);

    /// <summary>The same key for fewer algorithms.</summary>
    /// <param name="allowed">Whether one is allowed.</param>
    public VerificationKey For(Func<SignatureAlgorithm, bool> allowed) => new(_secret, _rsa, _curve)
    {
        Id = Id,
        Fingerprint = Fingerprint,
        Algorithms = [.. Algorithms.Where(allowed)],
    };

    public void Retire() => _isRetired = true;

    public bool Allows(SignatureAlgorithm algorithm) => Array.IndexOf(Algorithms, algorithm) >= 0;

    /// <summary>Verifies a signature; null where the key is of another kind than the algorithm wants.</summary>
    /// <exception cref="CryptographicException">The system cannot.</exception>
    public bool? Verify(SignatureAlgorithm algorithm, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[64];
        if (algorithm.Kind == KeyKind.Secret)
        {
            return _secret is null
                ? null
                : CryptographicOperations.FixedTimeEquals(hash[..algorithm.KeyedHash(_secret, signed, hash)], signature);
        }

        hash = hash[..algorithm.Hash(signed, hash)];
        return algorithm.Kind switch
        {
            KeyKind.Rsa when _rsa is not null => _rsa.VerifyHash(hash, signature, algorithm.HashName, RSASignaturePadding.Pkcs1),
            KeyKind.RsaPss when _rsa is not null => _rsa.VerifyHash(hash, signature, algorithm.HashName, RSASignaturePadding.Pss),
            KeyKind.Curve when _curve is not null =>
                _curve.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => null,
        };
    }

    private bool Fits(SignatureAlgorithm algorithm) => algorithm.Kind switch
    {
        KeyKind.Secret => _secret is not null && _secret.Length >= algorithm.HashLength,
        KeyKind.Rsa or KeyKind.RsaPss => _rsa is not null,
        KeyKind.Curve => _curve?.KeySize switch
        {
            256 => algorithm.HashLength == 32,
            384 => algorithm.HashLength == 48,
            521 => algorithm.HashLength == 64,
            _ => false,
        },
        _ => false,
    };
}
