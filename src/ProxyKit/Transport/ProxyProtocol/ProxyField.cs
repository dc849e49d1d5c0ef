using System.Buffers.Binary;

namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>The types of the fields of a header of version 2, and how one is read: type, length in two bytes, value.</summary>
internal static class ProxyField
{
    public const byte Alpn = 0x01, Authority = 0x02, Checksum = 0x03, UniqueId = 0x05, Tls = 0x20, TlsVersion = 0x21, CommonName = 0x22, Cipher = 0x23,
        SignatureAlgorithm = 0x24, KeyAlgorithm = 0x25;

    /// <summary>What stands before a value.</summary>
    public const int HeadLength = 3;

    /// <summary>The most of an authority: what a server name has at most (RFC 6066 §3).</summary>
    public const int LongestAuthority = 255;

    /// <summary>The most of a unique id, by the protocol.</summary>
    public const int LongestUniqueId = 128;

    /// <summary>The most of a value that rules get to see, and that we send of our own fields.</summary>
    public const int LongestValue = 1024;

    /// <summary>Reads the field at a place, and goes on behind it.</summary>
    /// <returns>False at the end, and where what is left is no whole field.</returns>
    public static bool TryRead(ReadOnlySpan<byte> fields, scoped ref int start, out byte type, out ReadOnlySpan<byte> value)
    {
        type = 0;
        value = default;
        if (start > fields.Length - HeadLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(fields[(start + 1)..]);
        if (length > fields.Length - HeadLength - start)
        {
            return false;
        }

        type = fields[start];
        value = fields.Slice(start + HeadLength, length);
        start += HeadLength + length;
        return true;
    }
}
