using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ProxyKit.StickTables;

/// <summary>Stick tables as people look at them: keys as texts, and what is stored for each.</summary>
internal static class StickTableText
{
    /// <summary>An entry, as it is now.</summary>
    public static StickTableEntry Read(StickTable table, StickEntry entry)
    {
        var values = new List<StickValue>();
        foreach (var type in Enum.GetValues<StickDataType>())
        {
            for (var i = 0; type != StickDataType.ServerKey && table.Layout.TryFind(type, i, out _, out var period) && table.TryRead(entry, type, i, out var value); i++)
            {
                values.Add(new StickValue(type, i, period > 0 ? TimeSpan.FromMilliseconds(period) : null, value));
            }
        }

        return new(KeyOf(table, entry.Key), table.Expires ? TimeSpan.FromMilliseconds(table.ExpiresIn(entry)) : null, entry.Uses, values)
        {
            Server = table.TryRead(entry, StickDataType.ServerKey, 0, out var number) ? table.ServerOf(number) : null,
        };
    }

    /// <summary>A key as text.</summary>
    public static string KeyOf(StickTable table, ReadOnlySpan<byte> key) => table.KeyType switch
    {
        StickKeyType.IPv4 or StickKeyType.IPv6 => new IPAddress(key).ToString(),
        StickKeyType.Integer => BinaryPrimitives.ReadUInt32BigEndian(key).ToString(CultureInfo.InvariantCulture),
        StickKeyType.String => Encoding.UTF8.GetString(key),
        _ => Convert.ToHexStringLower(key),
    };

    /// <summary>The key that a text means; false where it can be none of the table.</summary>
    public static bool TryParseKey(StickTable table, string text, [NotNullWhen(true)] out byte[]? key)
    {
        key = table.KeyType switch
        {
            StickKeyType.IPv4 => IPAddress.TryParse(text, out var address) && (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
                ? address.MapToIPv4().GetAddressBytes()
                : null,
            StickKeyType.IPv6 => IPAddress.TryParse(text, out var address) ? address.MapToIPv6().GetAddressBytes() : null,
            StickKeyType.Integer => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? BigEndian(number) : null,
            StickKeyType.String => Encoding.UTF8.GetBytes(text) is var bytes && bytes.Length > table.KeyLength ? bytes[..table.KeyLength] : bytes,
            _ => FromHex(text, table.KeyLength),
        };
        return key is not null;
    }

    private static byte[] BigEndian(uint number)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }

    /// <summary>Digits of a key that is shorter than the table's have zeros behind them, and of a longer one no more count: as for keys of samples.</summary>
    private static byte[]? FromHex(string text, int length)
    {
        var bytes = new byte[Math.Max(length, text.Length / 2)];
        return text.Length % 2 == 0 && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes[..length] : null;
    }
}
