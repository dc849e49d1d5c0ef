using System.Buffers.Binary;
using System.Net;

namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>Version 2: a signature, what it is about, the length of the rest; addresses, and fields.</summary>
internal static class ProxyHeaderBinary
{
    /// <summary>Up to the addresses.</summary>
    public const int HeadLength = 16;

    public const byte Version = 0x20, Local = 0x00, Proxy = 0x01, Tcp4 = 0x11, Tcp6 = 0x21;

    private const byte UnixStream = 0x31;
    private const int OfTcp4 = 12, OfTcp6 = 36, OfUnix = 216; // the lengths of both addresses and ports

    public static ReadOnlySpan<byte> Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>Reads the header, as far as it is here.</summary>
    public static ProxyHeaderStep Parse(ReadOnlySpan<byte> bytes, int most)
    {
        if (!bytes.StartsWith(Signature[..Math.Min(Signature.Length, bytes.Length)]))
        {
            return ProxyHeaderStep.Failed(ProxyHeaderFault.NotAHeader);
        }

        if (bytes.Length < HeadLength)
        {
            return ProxyHeaderStep.Needs(HeadLength - bytes.Length);
        }

        var length = HeadLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        var command = bytes[12];
        if (command is not ((Version | Proxy) or (Version | Local)) || length > most)
        {
            return ProxyHeaderStep.Failed(ProxyHeaderFault.Invalid);
        }

        return bytes.Length < length ? ProxyHeaderStep.Needs(length - bytes.Length)
            : command == (Version | Local) ? ProxyHeaderStep.Whole(ProxyHeader.Local)
            : ParseAddresses(bytes[..length]);
    }

    private static ProxyHeaderStep ParseAddresses(ReadOnlySpan<byte> bytes)
    {
        var rest = bytes[HeadLength..];
        var (length, size) = bytes[13] switch
        {
            Tcp4 => (OfTcp4, 4),
            Tcp6 => (OfTcp6, 16),
            UnixStream => (OfUnix, 0),
            _ => (-1, 0),
        };
        if (length < 0)
        {
            return ProxyHeaderStep.Whole(ProxyHeader.Local); // who knows what follows it: nothing is to be believed
        }

        if (rest.Length < length || !AddUp(bytes, HeadLength + length))
        {
            return ProxyHeaderStep.Failed(ProxyHeaderFault.Invalid);
        }

        var fields = rest[length..].ToArray();
        return ProxyHeaderStep.Whole(size == 0
            ? new ProxyHeader(null, null, fields) // the paths of another machine's file system
            : new ProxyHeader(ReadEndPoint(rest, 0, size), ReadEndPoint(rest, 1, size), fields));
    }

    private static IPEndPoint ReadEndPoint(ReadOnlySpan<byte> addresses, int index, int size) => new(
        new IPAddress(addresses.Slice(index * size, size)),
        BinaryPrimitives.ReadUInt16BigEndian(addresses[((2 * size) + (2 * index))..]));

    /// <summary>Whether the fields end where the header does, and those that we know are what they have to be.</summary>
    private static bool AddUp(ReadOnlySpan<byte> bytes, int start)
    {
        while (ProxyField.TryRead(bytes, ref start, out var type, out var value))
        {
            var isRight = type switch
            {
                ProxyField.Checksum => value.Length == sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(value) == ProxyChecksum.Of(bytes, start - sizeof(uint)),
                ProxyField.UniqueId => value.Length <= ProxyField.LongestUniqueId,
                ProxyField.Authority => value.Length <= ProxyField.LongestAuthority,
                _ => true,
            };
            if (!isRight)
            {
                return false;
            }
        }

        return start == bytes.Length;
    }
}
