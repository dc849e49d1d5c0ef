using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Numerics;

namespace ProxyKit.HAProxyConfig.Addresses;

/// <summary>Reads networks as HAProxy writes them: <c>10.0.0.0/8</c>, <c>10.0.0.0/255.0.0.0</c>, or an address alone.</summary>
internal static class NetworkText
{
    /// <summary>Reads a network; what it has of a host beyond its mask does not count.</summary>
    /// <param name="text">The network as it is written.</param>
    /// <param name="network">The address without a host's bits.</param>
    /// <param name="bits">How many bits of it count.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out IPAddress? network, out int bits)
    {
        network = null;
        bits = 0;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!AddressText.TryRead(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var bytes = address.GetAddressBytes();
        bits = bytes.Length * 8;
        if (slash >= 0 && !TryMask(text.AsSpan(slash + 1), bits, out bits))
        {
            return false;
        }

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= (byte)(0xFF << Math.Clamp(8 - (bits - (i * 8)), 0, 8));
        }

        network = new IPAddress(bytes);
        return true;
    }

    /// <summary>Reads a number of bits or, for IPv4, a mask that has them all in front.</summary>
    private static bool TryMask(ReadOnlySpan<char> text, int length, out int bits)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bits))
        {
            return bits <= length;
        }

        if (length != 32 || AddressText.Dotted(text.ToString()) is not { } mask)
        {
            return false;
        }

        var number = BinaryPrimitives.ReadUInt32BigEndian(mask.GetAddressBytes());
        bits = BitOperations.LeadingZeroCount(~number);
        return bits == BitOperations.PopCount(number);
    }
}
