using System.Buffers.Binary;
using System.Net;
using System.Text;
using ProxyKit.Transport.ProxyProtocol;

namespace ProxyKit.Tests.Transport.ProxyProtocol;

/// <summary>Makes headers byte by byte, good and bad.</summary>
internal static class HeaderBytes
{
    public const byte Relayed = 0x21, Local = 0x20, Tcp4 = 0x11, Tcp6 = 0x21, Unix = 0x31;

    private const int Most = 16 * 1024;

    /// <summary>Two ends of IPv4.</summary>
    public static byte[] Ends4 { get; } = [192, 0, 2, 1, 198, 51, 100, 2, 0xC7, 0x38, 0x01, 0xBB];

    /// <summary>Two ends of IPv6.</summary>
    public static byte[] Ends6 { get; } =
        [.. IPAddress.Parse("2001:db8::1").GetAddressBytes(), .. IPAddress.Parse("2001:db8::2").GetAddressBytes(), 0xC7, 0x38, 0x01, 0xBB];

    public static byte[] Text(string line) => Encoding.Latin1.GetBytes(line);

    public static byte[] Binary(byte command, byte family, params byte[][] parts)
    {
        var rest = parts.SelectMany(static p => p).ToArray();
        return [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A, command, family, (byte)(rest.Length >> 8), (byte)rest.Length, .. rest];
    }

    public static byte[] Field(byte type, params byte[] value) => [type, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    /// <summary>One with a checksum that is right, behind another field.</summary>
    public static byte[] Checked()
    {
        var header = Binary(Relayed, Tcp4, Ends4, Field(0x02, Text("a.example")), Field(0x03, 0, 0, 0, 0), Field(0xE1, 1, 2, 3));
        var place = header.AsSpan().IndexOf([(byte)3, (byte)0, (byte)4, (byte)0]) + 3;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(place), Crc(header));
        return header;
    }

    /// <summary>Reads a header as it comes: no more than the parser asks for, and in pieces of a size.</summary>
    /// <param name="stream">What comes: the header, and what follows it.</param>
    /// <param name="piece">How many bytes come at once.</param>
    /// <returns>What came of it, and how many bytes were taken; null where the end came first.</returns>
    public static (ProxyHeaderStep Step, int Taken)? Feed(ReadOnlySpan<byte> stream, int piece = int.MaxValue)
    {
        var taken = 0;
        while (true)
        {
            var step = ProxyHeaderParser.Parse(stream[..taken], Most);
            if (step.IsOver)
            {
                return (step, taken);
            }

            if (taken == stream.Length)
            {
                return null;
            }

            taken += Math.Min(Math.Min(step.Needed, piece), stream.Length - taken);
        }
    }

    /// <summary>CRC-32C bit by bit, as its definition has it.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        return ~crc;
    }
}
