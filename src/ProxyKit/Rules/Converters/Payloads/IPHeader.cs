using System.Buffers.Binary;

namespace ProxyKit.Rules.Converters.Payloads;

/// <summary>The header of an IP packet, of version 4 (RFC 791) or 6 (RFC 8200).</summary>
internal readonly ref struct IPHeader
{
    private const int V4Length = 20, V6Length = 40;

    private IPHeader(ReadOnlySpan<byte> packet, int headerLength, int protocol)
    {
        Packet = packet;
        HeaderLength = headerLength;
        Protocol = protocol;
    }

    public ReadOnlySpan<byte> Packet { get; }

    /// <summary>With options and extensions.</summary>
    public int HeaderLength { get; }

    /// <summary>What the packet carries.</summary>
    public int Protocol { get; }

    public bool IsV6 => Packet[0] >> 4 == 6;

    public int TypeOfService => IsV6 ? (BinaryPrimitives.ReadUInt16BigEndian(Packet) >> 4) & 0xFF : Packet[1];

    public static bool TryRead(ReadOnlySpan<byte> packet, out IPHeader header)
    {
        header = default;
        if (packet.IsEmpty)
        {
            return false;
        }

        if (packet[0] >> 4 == 4)
        {
            var length = (packet[0] & 15) * 4;
            if (length < V4Length || packet.Length < length)
            {
                return false;
            }

            header = new IPHeader(packet, length, packet[9]);
            return true;
        }

        return packet[0] >> 4 == 6 && packet.Length >= V6Length && TryReadExtensions(packet, out header);
    }

    private static bool TryReadExtensions(ReadOnlySpan<byte> packet, out IPHeader header)
    {
        header = default;
        int next = packet[6];
        var at = V6Length;
        while (next is 0 or 43 or 44 or 51 or 60 or 135 or 139 or 140) // the registry's extension header types
        {
            if (at + 8 > packet.Length)
            {
                return false;
            }

            var length = next switch
            {
                44 => 8, // a fragment's is fixed
                51 => (packet[at + 1] + 2) * 4, // authentication counts in words of four
                _ => (packet[at + 1] + 1) * 8,
            };
            next = packet[at];
            at += length;
            if (at > packet.Length)
            {
                return false;
            }
        }

        header = new IPHeader(packet, at, next);
        return true;
    }
}
