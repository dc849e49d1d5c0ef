using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace ProxyKit.Transport;

/// <summary>Reads addresses as they are shown, and nothing else: the platform also takes 10.1, octal and hexadecimal numbers, brackets, ports and
/// zones.</summary>
internal static class AddressReader
{
    /// <summary>The longest there is, which ends in an IPv4 address.</summary>
    private const int LongestIPv6 = 45;

    private static readonly SearchValues<byte> OfIPv6 = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>Reads an IPv4 or IPv6 address.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        address = TryReadIPv4(bytes, out var ipv4) ? AddressOf(ipv4) : TryReadIPv6(bytes, out var ipv6) ? AddressOf(ipv6) : null;
        return address is not null;
    }

    /// <summary>Reads four decimal numbers without leading zeros, which some would read as octal.</summary>
    public static bool TryReadIPv4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (var i = 0; i < 4; i++)
        {
            var dot = i == 3 ? text.Length : text.IndexOf((byte)'.');
            if (dot < 0 || !TryReadOctet(text[..dot], out var octet))
            {
                return false;
            }

            address = (address << 8) | octet;
            text = text[Math.Min(dot + 1, text.Length)..];
        }

        return true;
    }

    /// <summary>Reads an IPv6 address.</summary>
    public static bool TryReadIPv6(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = 0;
        Span<char> chars = stackalloc char[LongestIPv6];
        if (text.Length > LongestIPv6 || !text.Contains((byte)':') || text.ContainsAnyExcept(OfIPv6))
        {
            return false;
        }

        Encoding.Latin1.GetChars(text, chars);
        if (!IPAddress.TryParse(chars[..text.Length], out var parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        address = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }

    /// <summary>An IPv4 address of its number.</summary>
    public static IPAddress AddressOf(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    /// <summary>An IPv6 address of its number.</summary>
    public static IPAddress AddressOf(UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(bytes);
    }

    private static bool TryReadOctet(ReadOnlySpan<byte> text, out uint octet)
    {
        octet = 0;
        return text.Length is >= 1 and <= 3 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (text[0] != '0' || text.Length == 1)
            && Utf8Parser.TryParse(text, out octet, out _) && octet <= byte.MaxValue;
    }
}
