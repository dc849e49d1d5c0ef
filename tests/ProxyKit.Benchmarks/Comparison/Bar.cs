namespace ProxyKit.Benchmarks.Comparison;

/// <summary>What a contender must measure up to in a row: all of its limits.</summary>
internal sealed record Bar(string Contender, params IReadOnlyList<Limit> Limits)
{
    /// <returns>Whether it holds; <see langword="null"/> if something it needs was not measured, and nothing measured breaks it.</returns>
    public bool? IsHeld(IReadOnlyDictionary<string, double> medians)
    {
        if (!medians.TryGetValue(Contender, out var value))
            return null;
        var verdicts = Limits.Select(limit => limit.IsHeldBy(value, medians)).ToArray();
        return verdicts.Contains(false) ? false : verdicts.Contains(null) ? null : true;
    }

    public override string ToString() => $"{Contender} {string.Join(", ", Limits)}";
}
