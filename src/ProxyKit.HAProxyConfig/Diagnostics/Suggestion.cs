namespace ProxyKit.HAProxyConfig.Diagnostics;

/// <summary>Finds the word that somebody probably meant.</summary>
internal static class Suggestion
{
    /// <summary>The end of a message: <c>; did you mean 'bind' maybe ?</c>, or nothing when no word is near.</summary>
    public static string For(string written, IEnumerable<string> known) =>
        Nearest(written, known) is { } nearest ? $"; did you mean '{nearest}' maybe ?" : "";

    /// <summary>The known word fewest letters away; null when none is near enough to be a slip.</summary>
    public static string? Nearest(string written, IEnumerable<string> known)
    {
        var best = Math.Max(1, written.Length / 3) + 1;
        string? nearest = null;
        foreach (var word in known)
        {
            // Most words are too long or too short to be near: do not count their letters.
            if (Math.Abs(word.Length - written.Length) < best && Distance(written, word) is var distance && distance < best)
            {
                best = distance;
                nearest = word;
            }
        }

        return nearest;
    }

    /// <summary>How many letters have to be put in, left out, replaced or swapped with their neighbour; case does not count.</summary>
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        var next = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            next[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                next[j] = Math.Min(Math.Min(row[j] + 1, next[j - 1] + 1), row[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    next[j] = Math.Min(next[j], before[j - 2] + 1);
                }
            }

            (before, row, next) = (row, next, before);
        }

        return row[b.Length];

        static bool Same(char x, char y) => char.ToLowerInvariant(x) == char.ToLowerInvariant(y);
    }
}
