namespace ProxyKit.Rules.Expressions;

/// <summary>Finds the name that somebody probably meant, for messages.</summary>
public static class NearestName
{
    /// <summary>The end of a message: <c>; did you mean 'bind' maybe ?</c>.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="known">The names there are.</param>
    /// <returns>The text; empty where no name is near.</returns>
    public static string Hint(string written, IEnumerable<string> known) => Of(written, known) is { } nearest ? $"; did you mean '{nearest}' maybe ?" : "";

    /// <summary>The name that is fewest letters away from what was written: put in, left out, replaced or swapped with their neighbour; case does
    /// not count.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="known">The names there are.</param>
    /// <returns>The name, the first of several as near; null when none is near enough to be a slip.</returns>
    public static string? Of(string written, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(known);
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
