using System.Text;

namespace ProxyKit.Checks;

/// <summary>What servers say, made fit for a line of a log; and what is said to them, for the wire.</summary>
internal static class CheckText
{
    private const int Longest = 128;

    /// <summary>What somebody wrote, as it goes over the wire: its bytes in UTF-8, each a character.</summary>
    public static string Wire(string text) => Ascii.IsValid(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>The first line, cut where it is long, and with what cannot be seen made visible.</summary>
    public static string Of(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n', '\0');
        var line = end < 0 ? text : text[..end];
        line = line.Length > Longest ? line[..Longest] : line;
        return string.Create(line.Length, line, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = from[i] is '"' ? '\'' : char.IsControl(from[i]) || from[i] > '~' ? '?' : from[i];
            }
        });
    }
}
