using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Unicode;
using ProxyKit.Transport;

namespace ProxyKit.StickTables;

/// <summary>Stick tables as people look at them: keys as texts, and what is stored for each.</summary>
internal static class StickTableText
{
    /// <summary>An entry, as it is now.</summary>
    public static StickTableEntry Read(StickTable table, StickEntry entry)
    {
        var values = new List<StickValue>();
        foreach (var type in table.Layout.Stored)
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
        StickKeyType.String => Escape(key),
        _ => Convert.ToHexStringLower(key),
    };

    /// <summary>The key that a text means; false where it can be none of the table.</summary>
    public static bool TryParseKey(StickTable table, string text, [NotNullWhen(true)] out byte[]? key)
    {
        key = table.KeyType switch
        {
            StickKeyType.IPv4 => AddressReader.TryRead(text, out var address) && (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
                ? address.MapToIPv4().GetAddressBytes()
                : null,
            StickKeyType.IPv6 => AddressReader.TryRead(text, out var address) ? address.MapToIPv6().GetAddressBytes() : null,
            StickKeyType.Integer => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? BigEndian(number) : null,
            StickKeyType.String => Unescape(text, table.KeyLength),
            _ => FromHex(text, table.KeyLength),
        };
        return key is not null;
    }

    /// <summary>Strings are bytes of clients: those that are no UTF-8 are shown as <c>\xHH</c>, and a backslash as two.</summary>
    private static string Escape(ReadOnlySpan<byte> key)
    {
        if (Utf8.IsValid(key) && !key.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(key);
        }

        var text = new StringBuilder();
        for (int length; !key.IsEmpty; key = key[length..])
        {
            if (Rune.DecodeFromUtf8(key, out var rune, out length) == OperationStatus.Done)
            {
                text.Append(rune.Value == '\\' ? @"\\" : rune.ToString());
                continue;
            }

            foreach (var value in key[..length])
            {
                text.Append(CultureInfo.InvariantCulture, $@"\x{value:x2}");
            }
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="Escape"/> shows; null for a text with another escape or without bytes. Of a longer one no more counts, as for keys of
    /// samples.</summary>
    private static byte[]? Unescape(string text, int most)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        if (Utf8.FromUtf16(text, bytes, out _, out var end, replaceInvalidSequences: false) != OperationStatus.Done)
        {
            return null;
        }

        var length = 0;
        for (var i = 0; i < end; i++)
        {
            var value = bytes[i];
            if (value == '\\')
            {
                var escape = bytes.AsSpan(i + 1, Math.Min(3, end - i - 1));
                if (escape is [(byte)'x', _, _] && byte.TryParse(escape[1..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value))
                {
                    i += 3;
                }
                else if (escape is [(byte)'\\', ..])
                {
                    value = (byte)'\\';
                    i++;
                }
                else
                {
                    return null;
                }
            }

            bytes[length++] = value;
        }

        return bytes[..Math.Min(length, most)];
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
        return text.Length % 2 == 0 && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done ? bytes[..length] : null;
    }
}
