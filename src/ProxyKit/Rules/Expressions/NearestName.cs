namespace ProxyKit.Rules.Expressions;

/// <summary>Finds the name that somebody probably meant.</summary>
internal static class NearestName
{
    /// <summary>The candidate that is fewest letters away; null when none is near enough to be a slip.</summary>
    public static string? Of(string written, IEnumerable<string> candidates)
    {
        var most = Math.Max(1, written.Length / 3);
        return candidates
            .Select(candidate => (Name: candidate, Distance: Distance(written, candidate)))
            .Where(c => c.Distance <= most)
            .OrderBy(static c => c.Distance)
            .Select(static c => c.Name)
            .FirstOrDefault();
    }

    /// <summary>How many letters have to be put in, left out or replaced; case does not count.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 0; i < a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < b.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(a[i]) == char.ToUpperInvariant(b[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], row[j + 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
