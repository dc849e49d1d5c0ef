using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using ProxyKit.Tiers;

namespace ProxyKit.Metering.Quotas;

/// <summary>A count as a line of text: a checksum (CRC32C) of what follows it, the client in hexadecimal digits, window, period and its length, when it began and
/// ends in milliseconds since 1970, and what is used.</summary>
internal static class QuotaLine
{
    private const int ChecksumDigits = 8;

    public static string Write(in QuotaCount count)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Convert.ToHexStringLower(count.Client.Span)} {count.Window} {count.Period} {count.PeriodLength} {count.StartsAt.ToUnixTimeMilliseconds()} {count.EndsAt.ToUnixTimeMilliseconds()} {count.Used}");
        return string.Create(CultureInfo.InvariantCulture, $"{Checksum(text):x8} {text}\n");
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="count">What it says.</param>
    /// <param name="key">Of which client, window and period: the last line of a key counts.</param>
    public static bool TryParse(string line, out QuotaCount count, [NotNullWhen(true)] out string? key)
    {
        (count, key) = (default, null);
        if (line.Length <= ChecksumDigits || line[ChecksumDigits] != ' ' || !uint.TryParse(line.AsSpan(0, ChecksumDigits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var checksum)
            || checksum != Checksum(line.AsSpan(ChecksumDigits + 1)))
        {
            return false;
        }

        if (line[(ChecksumDigits + 1)..].Split(' ') is not [var client, var window, var period, var length, var start, var end, var used]
            || client.Length > 2 * TierKey.MostBytes || client.Length % 2 != 0 || !client.All(char.IsAsciiHexDigit)
            || !Enum.TryParse<QuotaPeriod>(period, out var unit) || !Enum.IsDefined(unit)
            || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var units)
            || !TryTime(start, out var startsAt) || !TryTime(end, out var endsAt)
            || !long.TryParse(used, NumberStyles.None, CultureInfo.InvariantCulture, out var quantity))
        {
            return false;
        }

        (count, key) = (new(Convert.FromHexString(client), window, unit, units, startsAt, endsAt, quantity), $"{client} {window} {period} {length}");
        return true;
    }

    private static bool TryTime(string text, out DateTimeOffset time)
    {
        var isTime = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds >= DateTimeOffset.MinValue.ToUnixTimeMilliseconds() && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        time = isTime ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return isTime;
    }

    private static uint Checksum(ReadOnlySpan<char> text)
    {
        var crc = uint.MaxValue;
        foreach (var c in text)
        {
            crc = BitOperations.Crc32C(crc, (byte)c);
        }

        return ~crc;
    }
}
