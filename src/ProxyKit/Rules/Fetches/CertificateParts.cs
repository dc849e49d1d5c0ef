using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace ProxyKit.Rules.Fetches;

/// <summary>The parts of a certificate (RFC 5280 §4.1), where they lie in its DER: rules ask for them at each request, and nothing is made of what they
/// do not ask for.</summary>
internal readonly ref struct CertificateParts
{
    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0), ExtensionsTag = new(TagClass.ContextSpecific, 3);

    private CertificateParts(
        int version,
        ReadOnlySpan<byte> serial,
        ReadOnlySpan<byte> issuer,
        ReadOnlySpan<byte> validity,
        ReadOnlySpan<byte> subject,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> signature,
        ReadOnlySpan<byte> extensions)
    {
        Version = version;
        Serial = serial;
        Issuer = issuer;
        Validity = validity;
        Subject = subject;
        Key = key;
        Signature = signature;
        Extensions = extensions;
    }

    public int Version { get; }

    /// <summary>The serial number, without zeros before it.</summary>
    public ReadOnlySpan<byte> Serial { get; }

    /// <summary>The issuer's name, as DER.</summary>
    public ReadOnlySpan<byte> Issuer { get; }

    /// <summary>The subject's name, as DER.</summary>
    public ReadOnlySpan<byte> Subject { get; }

    /// <summary>The name of the key's algorithm.</summary>
    public string KeyAlgorithm => AlgorithmNames.Of(AsnDecoder.ReadObjectIdentifier(Key, AsnEncodingRules.DER, out _));

    /// <summary>The name of the algorithm that it is signed by.</summary>
    public string SignatureAlgorithm => AlgorithmNames.Of(AsnDecoder.ReadObjectIdentifier(Signature, AsnEncodingRules.DER, out _));

    /// <summary>From when on it is valid, as <c>YYMMDDhhmmssZ</c>; empty where that is not in this century.</summary>
    public ReadOnlySpan<byte> NotBefore => DateIn(Validity, out _);

    /// <summary>Until when it is valid, likewise.</summary>
    public ReadOnlySpan<byte> NotAfter
    {
        get
        {
            DateIn(Validity, out var consumed);
            return DateIn(Validity[consumed..], out _);
        }
    }

    private ReadOnlySpan<byte> Validity { get; }

    private ReadOnlySpan<byte> Key { get; }

    private ReadOnlySpan<byte> Signature { get; }

    private ReadOnlySpan<byte> Extensions { get; }

    /// <summary>Finds the parts.</summary>
    /// <param name="der">A certificate, of which the platform has made one already.</param>
    /// <param name="parts">The parts.</param>
    /// <returns>False for what is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> der, out CertificateParts parts)
    {
        try
        {
            parts = Read(der);
            return true;
        }
        catch (AsnContentException)
        {
            parts = default;
            return false;
        }
    }

    /// <summary>Finds an extension's content.</summary>
    /// <param name="identifier">Its object identifier, as it is encoded, without tag and length.</param>
    /// <param name="content">The content.</param>
    public bool TryFind(ReadOnlySpan<byte> identifier, out ReadOnlySpan<byte> content)
    {
        for (var rest = Extensions; !rest.IsEmpty;)
        {
            var extension = TakeSequence(ref rest);
            if (Take(ref extension, out _).SequenceEqual(identifier))
            {
                var value = Take(ref extension, out var tag);
                content = tag == Asn1Tag.Boolean ? Take(ref extension, out _) : value; // whether it is critical
                return true;
            }
        }

        content = default;
        return false;
    }

    /// <summary>Takes the next value off.</summary>
    /// <returns>Its content.</returns>
    public static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> from, out Asn1Tag tag)
    {
        tag = AsnDecoder.ReadEncodedValue(from, AsnEncodingRules.DER, out var offset, out var length, out var consumed);
        var content = from.Slice(offset, length);
        from = from[consumed..];
        return content;
    }

    private static ReadOnlySpan<byte> TakeSequence(scoped ref ReadOnlySpan<byte> from)
    {
        var content = Take(ref from, out var tag);
        return tag == Asn1Tag.Sequence ? content : throw new AsnContentException();
    }

    [SuppressMessage("Style", "IDE0059", Justification = "What is skipped is taken all the same.")]
    private static CertificateParts Read(ReadOnlySpan<byte> der)
    {
        var certificate = TakeSequence(ref der);
        var body = TakeSequence(ref certificate);
        var signature = TakeSequence(ref certificate);
        var version = 1;
        if (AsnDecoder.ReadEncodedValue(body, AsnEncodingRules.DER, out _, out _, out _).HasSameClassAndValue(VersionTag))
        {
            version = Take(ref body, out _)[^1] + 1;
        }

        var serial = Take(ref body, out _).TrimStart((byte)0);
        TakeSequence(ref body); // the signature's algorithm again
        var issuer = TakeWhole(ref body);
        var validity = TakeSequence(ref body);
        var subject = TakeWhole(ref body);
        var keyInfo = TakeSequence(ref body);
        var key = TakeSequence(ref keyInfo);
        ReadOnlySpan<byte> extensions = default;
        while (!body.IsEmpty)
        {
            var content = Take(ref body, out var tag);
            if (tag.HasSameClassAndValue(ExtensionsTag))
            {
                extensions = TakeSequence(ref content);
            }
        }

        return new(version, serial, issuer, validity, subject, key, signature, extensions);
    }

    private static ReadOnlySpan<byte> TakeWhole(scoped ref ReadOnlySpan<byte> from)
    {
        AsnDecoder.ReadEncodedValue(from, AsnEncodingRules.DER, out _, out _, out var consumed);
        var whole = from[..consumed];
        from = from[consumed..];
        return whole;
    }

    /// <summary>A time in the form that OpenSSL keeps it in: two digits of a year are one of this century up to 49.</summary>
    private static ReadOnlySpan<byte> DateIn(ReadOnlySpan<byte> validity, out int consumed)
    {
        var rest = validity;
        var text = Take(ref rest, out var tag);
        consumed = validity.Length - rest.Length;
        return tag == new Asn1Tag(UniversalTagNumber.UtcTime)
            ? text.Length > 0 && text[0] < (byte)'5' ? text : default
            : text.StartsWith("20"u8) ? text[2..] : default;
    }
}
