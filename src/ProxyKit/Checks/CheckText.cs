namespace ProxyKit.Checks;

/// <summary>What servers say, made fit for a line of a log.</summary>
internal static class CheckText
{
    private const int Longest = 128;

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
