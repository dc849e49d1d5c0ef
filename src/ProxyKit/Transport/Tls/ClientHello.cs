using System.Buffers.Binary;

namespace ProxyKit.Transport.Tls;

/// <summary>How far a ClientHello could be read.</summary>
internal enum HelloStatus
{
    /// <summary>It is none, whatever may follow.</summary>
    None,

    /// <summary>More bytes are needed.</summary>
    TooShort,

    /// <summary>It goes on in further records, and will be none once all of it is here.</summary>
    Split,

    /// <summary>All of it is here.</summary>
    Complete,
}

/// <summary>The ClientHello in the first record of a connection (RFC 8446 §4.1.2): its parts, where they lie.</summary>
internal readonly ref struct ClientHello
{
    public const int ServerName = 0, SupportedGroups = 10, PointFormats = 11, SignatureAlgorithms = 13, Alpn = 16, SessionTicket = 35, SupportedVersions = 43, KeyShare = 51;

    private const int RecordHeader = 5;
    private const int LongestRecord = 16384; // RFC 8446 §5.1
    private const int HandshakeHeader = 4;
    private const int BeforeSessionId = 34; // version and random
    private const int ShortestWithExtension = BeforeSessionId + 1 + 2 + 2 + 1 + 1 + 2 + 2;

    private ClientHello(int version, ReadOnlySpan<byte> suites, ReadOnlySpan<byte> extensions)
    {
        Version = version;
        CipherSuites = suites;
        Extensions = extensions;
    }

    /// <summary>The version that stands in front, 0x0303 for TLS 1.2 and all later ones.</summary>
    public int Version { get; }

    /// <summary>The suites offered, two bytes each.</summary>
    public ReadOnlySpan<byte> CipherSuites { get; }

    private ReadOnlySpan<byte> Extensions { get; }

    /// <summary>Reads it from what has come. A hello in more than one record is never complete.</summary>
    public static HelloStatus Read(ReadOnlySpan<byte> bytes, out ClientHello hello)
    {
        hello = default;
        if (bytes.IsEmpty)
        {
            return HelloStatus.TooShort;
        }

        if (bytes[0] != 0x16 || (bytes.Length > 1 && bytes[1] < 3)) // a handshake, of SSL 3.0 at least
        {
            return HelloStatus.None;
        }

        if (bytes.Length < RecordHeader)
        {
            return HelloStatus.TooShort;
        }

        var record = bytes[RecordHeader..];
        var recordLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        if (recordLength is < HandshakeHeader + ShortestWithExtension or > LongestRecord || (record.Length > 0 && record[0] != 1))
        {
            return HelloStatus.None;
        }

        if (record.Length < HandshakeHeader)
        {
            return HelloStatus.TooShort;
        }

        var length = (record[1] << 16) | (record[2] << 8) | record[3];
        if (length < ShortestWithExtension)
        {
            return HelloStatus.None;
        }

        var isSplit = HandshakeHeader + length > recordLength;
        if (record.Length < HandshakeHeader + length)
        {
            return isSplit ? HelloStatus.Split : HelloStatus.TooShort;
        }

        return !isSplit && TryReadBody(record.Slice(HandshakeHeader, length), out hello) ? HelloStatus.Complete : HelloStatus.None;
    }

    /// <summary>Finds an extension's content.</summary>
    public bool TryFind(int type, out ReadOnlySpan<byte> content)
    {
        var rest = Extensions;
        for (var at = rest; TryStep(ref rest, out var own); at = rest)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(own) == type)
            {
                content = at[4..^rest.Length];
                return true;
            }
        }

        content = default;
        return false;
    }

    /// <summary>Finds the name that the client asks for (SNI), as it was sent.</summary>
    public bool TryFindServerName(out ReadOnlySpan<byte> name)
    {
        // The first name is the only one there can be: others of the kind are forbidden (RFC 6066 §3), and there is one kind, 0.
        name = default;
        return TryFind(ServerName, out var content) && TryReadList(content, out var names)
            && names.Length >= 4 && names[0] == 0 && TryReadList(names[1..], out name);
    }

    /// <summary>Finds the list that an extension is, with its length in one or two bytes in front.</summary>
    public bool TryFindList(int type, int bytesOfLength, out ReadOnlySpan<byte> list)
    {
        list = default;
        if (!TryFind(type, out var content))
        {
            return false;
        }

        if (bytesOfLength == 2)
        {
            return TryReadList(content, out list);
        }

        if (content.IsEmpty || content[0] > content.Length - 1)
        {
            return false;
        }

        list = content.Slice(1, content[0]);
        return true;
    }

    /// <summary>How many extensions there are.</summary>
    public int CountExtensions()
    {
        var count = 0;
        for (var rest = Extensions; TryStep(ref rest, out _);)
        {
            count++;
        }

        return count;
    }

    /// <summary>Writes the types of the extensions, two bytes each, as many as there is room for.</summary>
    /// <returns>How many bytes were written.</returns>
    public int CopyExtensionTypes(Span<byte> destination)
    {
        var written = 0;
        for (var rest = Extensions; written < destination.Length && TryStep(ref rest, out var type);)
        {
            var bytes = type[..Math.Min(2, destination.Length - written)];
            bytes.CopyTo(destination[written..]);
            written += bytes.Length;
        }

        return written;
    }

    /// <summary>Takes a list with its length in two bytes out of an extension.</summary>
    public static bool TryReadList(ReadOnlySpan<byte> content, out ReadOnlySpan<byte> list)
    {
        list = default;
        if (content.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(content) > content.Length - 2)
        {
            return false;
        }

        list = content.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(content));
        return true;
    }

    /// <summary>Steps over an extension.</summary>
    /// <param name="rest">The extensions from it on.</param>
    /// <param name="type">Its type.</param>
    private static bool TryStep(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> type)
    {
        type = default;
        if (rest.Length < 4 || BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) > rest.Length - 4)
        {
            return false;
        }

        type = rest[..2];
        rest = rest[(4 + BinaryPrimitives.ReadUInt16BigEndian(rest[2..]))..];
        return true;
    }

    private static bool TryReadBody(ReadOnlySpan<byte> body, out ClientHello hello)
    {
        hello = default;
        if (body[0] < 3 || body[1] < 1) // TLS 1.0 at least
        {
            return false;
        }

        var rest = body[BeforeSessionId..];
        if (rest[0] > 32 || rest[0] + 1 > rest.Length)
        {
            return false;
        }

        rest = rest[(1 + rest[0])..];
        if (!TryReadList(rest, out var suites) || suites.Length < 2)
        {
            return false;
        }

        rest = rest[(2 + suites.Length)..];
        if (rest.Length < 2 || rest[0] < 1 || rest[0] + 1 > rest.Length) // the compression methods
        {
            return false;
        }

        rest = rest[(1 + rest[0])..];
        if (!TryReadList(rest, out var extensions))
        {
            return false;
        }

        hello = new ClientHello(BinaryPrimitives.ReadUInt16BigEndian(body), suites, extensions);
        return true;
    }
}
