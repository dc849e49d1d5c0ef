using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Transport.Tls;

/// <summary>A list of certificates that their authority has revoked (RFC 5280 §5). The platform takes none from files.</summary>
internal sealed class RevocationList
{
    private readonly byte[] _issuer; // the name as it is encoded
    private readonly ReadOnlyMemory<byte> _signed, _signature;
    private readonly (HashAlgorithmName Hash, bool IsRsa) _algorithm;
    private readonly HashSet<Serial> _revoked = [];
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset? _until;
    private byte[]? _signer; // the authority whose signature was found good, so that each list is looked at once

    /// <exception cref="AsnContentException">It is none.</exception>
    /// <exception cref="NotSupportedException">It is one that cannot be used.</exception>
    private RevocationList(byte[] der)
    {
        var list = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
        _signed = list.PeekEncodedValue();
        var body = list.ReadSequence();
        _algorithm = AlgorithmOf(list.ReadSequence().ReadObjectIdentifier());
        _signature = list.ReadBitString(out _);

        if (body.PeekTag() == Asn1Tag.Integer)
        {
            body.ReadIntegerBytes(); // the version
        }

        body.ReadSequence(); // the algorithm again
        _issuer = body.ReadEncodedValue().ToArray();
        _from = ReadTime(body);
        _until = body.HasData && body.PeekTag().TagValue is (int)UniversalTagNumber.UtcTime or (int)UniversalTagNumber.GeneralizedTime ? ReadTime(body) : null;
        if (body.HasData && body.PeekTag() == Asn1Tag.Sequence)
        {
            ReadEntries(body.ReadSequence());
        }

        if (body.HasData)
        {
            RefuseCritical(body.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence());
        }
    }

    /// <summary>When it was issued.</summary>
    public DateTimeOffset From => _from;

    /// <summary>When the next one is to be issued, and this one counts no more; null where it does not say.</summary>
    public DateTimeOffset? Until => _until;

    /// <summary>Reads one.</summary>
    /// <exception cref="IOException">It is none, or one that cannot be used; the message names the file.</exception>
    public static RevocationList Read(string path, byte[] der)
    {
        try
        {
            return new RevocationList(der);
        }
        catch (AsnContentException e)
        {
            throw new IOException($"{path}: a revocation list cannot be read: {e.Message}", e);
        }
        catch (NotSupportedException e)
        {
            throw new IOException($"{path}: a revocation list cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Whether it is one of the authority of that name.</summary>
    public bool IsBy(ReadOnlySpan<byte> issuer) => issuer.SequenceEqual(_issuer);

    /// <summary>What is wrong with it: <see cref="VerifyError"/>.</summary>
    /// <param name="issuer">The authority, whose name it has.</param>
    /// <param name="now">The time.</param>
    public int FaultFor(X509Certificate2 issuer, DateTimeOffset now)
    {
        if (issuer.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault() is { } usage && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.CrlSign))
        {
            return VerifyError.NoRevocationListSigning;
        }

        return now < _from ? VerifyError.RevocationListNotYetValid
            : now > _until ? VerifyError.RevocationListExpired
            : IsSignedBy(issuer) ? VerifyError.None
            : VerifyError.BadRevocationListSignature;
    }

    /// <summary>Whether a certificate of that authority is on it.</summary>
    public bool Has(X509Certificate2 certificate) =>
        Serial.TryMake(certificate.SerialNumberBytes.Span, out var serial) && _revoked.Contains(serial); // longer ones are on no list

    private static (HashAlgorithmName Hash, bool IsRsa) AlgorithmOf(string identifier) => identifier switch
    {
        "1.2.840.113549.1.1.11" => (HashAlgorithmName.SHA256, true),
        "1.2.840.113549.1.1.12" => (HashAlgorithmName.SHA384, true),
        "1.2.840.113549.1.1.13" => (HashAlgorithmName.SHA512, true),
        "1.2.840.10045.4.3.2" => (HashAlgorithmName.SHA256, false),
        "1.2.840.10045.4.3.3" => (HashAlgorithmName.SHA384, false),
        "1.2.840.10045.4.3.4" => (HashAlgorithmName.SHA512, false),
        _ => throw new NotSupportedException($"its signature is of the algorithm {identifier}; those that are known are RSA and ECDSA with SHA-256, SHA-384 and SHA-512"),
    };

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().TagValue == (int)UniversalTagNumber.UtcTime ? reader.ReadUtcTime() : reader.ReadGeneralizedTime();

    /// <summary>A list that is not what it seems says so in a critical extension: one for some reasons only, or one of changes to another.</summary>
    private static void RefuseCritical(AsnReader extensions)
    {
        while (extensions.HasData)
        {
            var extension = extensions.ReadSequence();
            var identifier = extension.ReadObjectIdentifier();
            if (extension.PeekTag() == Asn1Tag.Boolean && extension.ReadBoolean())
            {
                throw new NotSupportedException($"it has the critical extension {identifier}");
            }
        }
    }

    private void ReadEntries(AsnReader entries)
    {
        while (entries.HasData)
        {
            var entry = entries.ReadSequence();
            if (!Serial.TryMake(entry.ReadIntegerBytes().Span, out var serial))
            {
                throw new NotSupportedException("it has a serial number of more than 20 bytes");
            }

            _revoked.Add(serial);
            ReadTime(entry);
            if (entry.HasData)
            {
                RefuseCritical(entry.ReadSequence());
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "What a key cannot verify, whatever the platform says of it, is not verified.")]
    private bool IsSignedBy(X509Certificate2 issuer)
    {
        if (_signer is { } known && issuer.RawDataMemory.Span.SequenceEqual(known))
        {
            return true;
        }

        try
        {
            using var rsa = _algorithm.IsRsa ? issuer.GetRSAPublicKey() : null;
            using var curve = _algorithm.IsRsa ? null : issuer.GetECDsaPublicKey();
            var isGood = rsa?.VerifyData(_signed.Span, _signature.Span, _algorithm.Hash, RSASignaturePadding.Pkcs1)
                ?? curve?.VerifyData(_signed.Span, _signature.Span, _algorithm.Hash, DSASignatureFormat.Rfc3279DerSequence)
                ?? false;
            if (isGood)
            {
                _signer = issuer.RawData;
            }

            return isGood;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>A serial number, of 20 bytes at most (RFC 5280 §4.1.2.2).</summary>
    private readonly record struct Serial(ulong High, ulong Middle, uint Low)
    {
        private const int Most = 20;

        public static bool TryMake(ReadOnlySpan<byte> bytes, out Serial serial)
        {
            serial = default;
            bytes = bytes.TrimStart((byte)0);
            if (bytes.Length > Most)
            {
                return false;
            }

            Span<byte> whole = stackalloc byte[Most];
            whole.Clear();
            bytes.CopyTo(whole[(Most - bytes.Length)..]);
            serial = new(
                BinaryPrimitives.ReadUInt64BigEndian(whole), BinaryPrimitives.ReadUInt64BigEndian(whole[8..]), BinaryPrimitives.ReadUInt32BigEndian(whole[16..]));
            return true;
        }
    }
}
