using System.Globalization;
using System.Text.RegularExpressions;

namespace ProxyKit.Conformance.HAProxy;

/// <summary>The dates in sticky cookies, which are other ones in each run: five characters for the seconds since 1970 in steps of four.</summary>
internal static partial class CookieDates
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>Puts dates where a case has <c>{date}</c>, or <c>{date-90}</c> for one 90 seconds ago.</summary>
    public static string Fill(string text) => Placeholder().Replace(text, static m =>
    {
        var offset = m.Groups[1].Value.Length == 0 ? 0 : long.Parse(m.Groups[1].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var steps = (DateTimeOffset.UtcNow.ToUnixTimeSeconds() + offset) / 4;
        return string.Create(5, steps, static (characters, left) =>
        {
            for (var i = characters.Length - 1; i >= 0; i--, left >>= 6)
            {
                characters[i] = Alphabet[(int)(left & 63)];
            }
        });
    });

    /// <summary>Puts <c>(date)</c> in their place.</summary>
    public static string Hide(string text) => Date().Replace(text, "|(date)");

    [GeneratedRegex(@"\{date([+-]\d+)?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\|[A-Za-z0-9+/]{5}(?=[|;\s]|$)")]
    private static partial Regex Date();
}
