using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ProxyKit.Rules.Converters.Crypto;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>A key that tokens are decrypted with: a secret, or a private key of RSA or on an elliptic curve. Several threads use it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Requests may use it until the last of them is gone, which the collector sees.")]
internal sealed class JweKey
{
    private readonly byte[] _secret = [];
    private readonly RSA? _rsa;
    private readonly ECDiffieHellman? _curve;
    private readonly ECCurve _curveKind; // of _curve, asked once

    public JweKey(byte[] secret) => _secret = secret;

    public JweKey(RSA rsa) => _rsa = rsa;

    public JweKey(ECDiffieHellman curve)
    {
        _curve = curve;
        _curveKind = curve.ExportParameters(includePrivateParameters: false).Curve;
    }

    /// <summary>Whether it is for an algorithm.</summary>
    public bool Fits(JweAlgorithm algorithm) => algorithm.Kind switch
    {
        JweKeyUse.Rsa => _rsa is not null,
        JweKeyUse.Agreement => _curve is not null,
        JweKeyUse.Direct => _secret.Length > 0,
        _ => _secret.Length == algorithm.KeyLength,
    };

    /// <summary>Finds the key of a token's content.</summary>
    /// <param name="scratch">Has room for what is in between.</param>
    /// <param name="header">The token's header, of an algorithm that <see cref="Fits"/>.</param>
    /// <param name="encrypted">The key as it was sent.</param>
    /// <param name="key">Receives it; room for exactly as much as it has to be long.</param>
    /// <returns>Whether it is found.</returns>
    public bool TryFind(Scratch scratch, in JweHeader header, ReadOnlySpan<byte> encrypted, Span<byte> key)
    {
        switch (header.Algorithm.Kind)
        {
            case JweKeyUse.Direct:
                return encrypted.IsEmpty && _secret.Length == key.Length && _secret.AsSpan().TryCopyTo(key);
            case JweKeyUse.Wrap:
                return AesKeyWrap.TryUnwrap(_secret, encrypted, key);
            case JweKeyUse.GaloisWrap:
                return encrypted.Length == key.Length && header.Vector.Length == 12 && header.Tag.Length == AesCipher.TagLength
                    && AesCipher.TryDecryptGcm(scratch, _secret, header.Vector, encrypted, default, header.Tag, out var plain) && plain.TryCopyTo(key);
            case JweKeyUse.Rsa:
                return TryRsa(header.Algorithm.Padding!, encrypted, key); // RSA has one
            default:
                return TryAgree(scratch, in header, encrypted, key);
        }
    }

    private bool TryRsa(RSAEncryptionPadding padding, ReadOnlySpan<byte> encrypted, Span<byte> key)
    {
        Span<byte> room = stackalloc byte[JweEncryption.LongestKey];
        try
        {
            return _rsa!.TryDecrypt(encrypted, room, padding, out var length) && length == key.Length && room[..length].TryCopyTo(key); // it fits
        }
        catch (CryptographicException)
        {
            return false; // .NET has no other way to say that it is not for this key
        }
        finally
        {
            CryptographicOperations.ZeroMemory(room);
        }
    }

    /// <summary>RFC 7518 §4.6.</summary>
    private bool TryAgree(Scratch scratch, in JweHeader header, ReadOnlySpan<byte> encrypted, Span<byte> key)
    {
        using var sender = JsonKeyReader.ReadPublicCurve(header.EphemeralKey, _curveKind, scratch);
        if (sender is null)
        {
            return false;
        }

        byte[] shared;
        try
        {
            using var publicKey = sender.PublicKey;
            shared = _curve!.DeriveRawSecretAgreement(publicKey); // it fits
        }
        catch (CryptographicException)
        {
            return false; // no point of the curve
        }

        var algorithm = header.Algorithm;
        Span<byte> derived = stackalloc byte[JweEncryption.LongestKey];
        derived = derived[..(algorithm.KeyLength > 0 ? algorithm.KeyLength : key.Length)];
        Derive(shared, algorithm.KeyLength > 0 ? algorithm.Name : header.Encryption.Name, header.Sender, header.Receiver, derived);
        var isFound = algorithm.KeyLength > 0 ? AesKeyWrap.TryUnwrap(derived, encrypted, key) : encrypted.IsEmpty && derived.TryCopyTo(key);
        CryptographicOperations.ZeroMemory(shared);
        CryptographicOperations.ZeroMemory(derived);
        return isFound;
    }

    /// <summary>Concat KDF (NIST SP 800-56A §5.8.1), with SHA-256 as RFC 7518 §4.6.2 has it.</summary>
    private static void Derive(ReadOnlySpan<byte> shared, string algorithm, ReadOnlySpan<byte> sender, ReadOnlySpan<byte> receiver, Span<byte> derived)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> round = stackalloc byte[32];
        var bits = derived.Length * 8;
        for (var counter = 1; !derived.IsEmpty; counter++)
        {
            AppendNumber(counter);
            hash.AppendData(shared);
            Append(System.Text.Encoding.ASCII.GetBytes(algorithm));
            Append(sender);
            Append(receiver);
            AppendNumber(bits);
            hash.GetHashAndReset(round);
            var length = Math.Min(round.Length, derived.Length);
            round[..length].CopyTo(derived);
            derived = derived[length..];
        }

        void Append(ReadOnlySpan<byte> bytes)
        {
            AppendNumber(bytes.Length);
            hash.AppendData(bytes);
        }

        void AppendNumber(int number)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
