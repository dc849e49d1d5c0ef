using System.Globalization;

namespace ProxyKit.HAProxyConfig.Units;

/// <summary>Reads sizes: digits, and <c>k</c>, <c>m</c> or <c>g</c> behind them for 1024 bytes, its square and its cube.</summary>
internal static class ConfigSize
{
    /// <summary>Reads a size; says what is wrong, or null when nothing is.</summary>
    public static string? Read(string text, string what, out long bytes)
    {
        bytes = 0;
        if (text.Length == 0)
        {
            return $"'{what}' expects a size";
        }

        var shift = char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        var digits = shift == 0 ? text.AsSpan() : text.AsSpan(0, text.Length - 1);
        var odd = digits.IndexOfAnyExceptInRange('0', '9');
        if (digits.IsEmpty || odd >= 0)
        {
            return $"unexpected character '{text[Math.Max(odd, 0)]}' in '{what}'";
        }

        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue >> shift)
        {
            return $"size overflow in argument '{text}' to '{what}'";
        }

        bytes = number << shift;
        return null;
    }
}
