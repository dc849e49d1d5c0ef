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
    public const int ServerName = 0, SupportedGroups = 10, SignatureAlgorithms = 13, Alpn = 16, SessionTicket = 35, KeyShare = 51;

    private const int RecordHeader = 5;
    private const int LongestRecord = 16384; // RFC 8446 §5.1
    private const int HandshakeHeader = 4;
    private const int BeforeSessionId = 34; // version and random
    private const int ShortestWithExtension = BeforeSessionId + 1 + 2 + 2 + 1 + 1 + 2 + 2;

    private ClientHello(ReadOnlySpan<byte> suites, ReadOnlySpan<byte> extensions)
    {
        CipherSuites = suites;
        Extensions = extensions;
    }

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
        for (var rest = Extensions; rest.Length >= 4;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            if (length > rest.Length - 4)
            {
                break;
            }

            content = rest.Slice(4, length);
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == type)
            {
                return true;
            }

            rest = rest[(4 + length)..];
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

        hello = new ClientHello(suites, extensions);
        return true;
    }
}
