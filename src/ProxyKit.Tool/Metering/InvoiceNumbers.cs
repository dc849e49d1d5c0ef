using System.Globalization;
using System.Numerics;

namespace ProxyKit.Tool.Metering;

/// <summary>Numbers of invoices, one behind the other.</summary>
internal static class InvoiceNumbers
{
    /// <summary>Counts on from a number, in the digits at its end: 2026-0099 is followed by 2026-0100.</summary>
    /// <param name="first">The first number; ends in a digit.</param>
    /// <param name="places">How far.</param>
    public static string Behind(string first, int places)
    {
        var begin = first.Length;
        while (begin > 0 && char.IsAsciiDigit(first[begin - 1]))
        {
            begin--;
        }

        var number = BigInteger.Parse(first.AsSpan(begin), NumberStyles.None, CultureInfo.InvariantCulture) + places;
        return first[..begin] + number.ToString(CultureInfo.InvariantCulture).PadLeft(first.Length - begin, '0');
    }
}
