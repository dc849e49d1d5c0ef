using System.Numerics;

namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>The checksum of a header: CRC-32C (RFC 3720 §12.1) of all its bytes, with those of the checksum itself as zeros.</summary>
internal static class ProxyChecksum
{
    /// <summary>Computes it.</summary>
    /// <param name="header">The whole header.</param>
    /// <param name="place">Where the four bytes of the checksum are.</param>
    public static uint Of(ReadOnlySpan<byte> header, int place)
    {
        var crc = Add(~0u, header[..place]);
        crc = BitOperations.Crc32C(crc, 0u);
        return ~Add(crc, header[(place + sizeof(uint))..]);
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
