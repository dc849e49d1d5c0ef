using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Units;

/// <summary>Reads times: digits, and a unit behind them where the keyword's own is not meant.</summary>
internal static class ConfigTime
{
    /// <summary>The longest time; HAProxy counts milliseconds in 31 bits.</summary>
    public const long MaxMilliseconds = int.MaxValue;

    /// <summary>Reads a time.</summary>
    /// <param name="text">The text, as in <c>15s</c>.</param>
    /// <param name="what">The keyword, for the message.</param>
    /// <param name="time">The time.</param>
    /// <param name="inSeconds">Whether a number without a unit is one of seconds; of milliseconds otherwise.</param>
    /// <param name="most">The longest time there can be, in milliseconds.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Read(string text, string what, out TimeSpan time, bool inSeconds = false, long most = MaxMilliseconds)
    {
        time = TimeSpan.Zero;
        var digits = 0;
        while (digits < text.Length && char.IsAsciiDigit(text[digits]))
        {
            digits++;
        }

        if (digits == 0)
        {
            return text.Length == 0
                ? $"'{what}' expects a time"
                : $"unexpected character '{text[0]}' in '{what}'";
        }

        long? microseconds = text[digits..] switch
        {
            "" => inSeconds ? 1_000_000 : 1_000,
            "us" => 1,
            "ms" => 1_000,
            "s" => 1_000_000,
            "m" => 60_000_000,
            "h" => 3_600_000_000,
            "d" => 86_400_000_000,
            _ => null,
        };
        if (microseconds is not { } unit)
        {
            return $"unexpected character '{text[digits + (text[digits] is 'u' or 'm' or 's' or 'h' or 'd' && text.Length > digits + 1 ? 1 : 0)]}' in '{what}'";
        }

        if (!long.TryParse(text.AsSpan(0, digits), out var number) || number > most * 1_000 / unit)
        {
            return $"timer overflow in argument '{text}' to '{what}' (maximum value is {most} ms or ~{(most == MaxMilliseconds ? "24.8" : "24855")} days)";
        }

        if (number > 0 && number * unit < 1_000)
        {
            return $"timer underflow in argument '{text}' to '{what}' (minimum non-null value is 1 ms)";
        }

        time = TimeSpan.FromMilliseconds(number * unit / 1_000);
        return null;
    }

    /// <summary>Warns of a time in milliseconds that was probably meant in seconds.</summary>
    public static void WarnIfSmall(string text, string what, Place place, DiagnosticList diagnostics)
    {
        if (int.TryParse(text, out var number) && number is > 0 and < 100)
        {
            diagnostics.Warning(
                place,
                $"'{what} {text}' is suspiciously small for a value in milliseconds. Please use an explicit unit ('{number}ms') if that was the intent.");
        }
    }
}
