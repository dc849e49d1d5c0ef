namespace ProxyKit.Balancing.Hashes;

/// <summary>Cyclic redundancy checks of 32 bits, least significant bit first.</summary>
internal static class Crc32
{
    private static readonly uint[] Ieee = Table(0xEDB88320), Castagnoli = Table(0x82F63B78);

    /// <summary>That of Ethernet and zip (IEEE 802.3).</summary>
    public static uint OfIeee(ReadOnlySpan<byte> bytes) => Of(bytes, Ieee);

    /// <summary>That of iSCSI (RFC 3720 §12.1), which the PROXY protocol also uses.</summary>
    public static uint OfCastagnoli(ReadOnlySpan<byte> bytes) => Of(bytes, Castagnoli);

    private static uint Of(ReadOnlySpan<byte> bytes, uint[] table)
    {
        var crc = ~0u;
        foreach (var b in bytes)
        {
            crc = (crc >> 8) ^ table[(byte)(crc ^ b)];
        }

        return ~crc;
    }

    private static uint[] Table(uint polynomial)
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value >> 1) ^ ((value & 1) * polynomial);
            }

            table[i] = value;
        }

        return table;
    }
}
