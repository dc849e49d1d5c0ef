using System.Globalization;

namespace ProxyKit.Benchmarks.Comparison;

/// <summary>One condition of a bar: at most so many times another contender's figure, or at most so much.</summary>
/// <param name="Maximum">The factor; or the figure itself, in the row's unit, if there is nobody to relate to.</param>
/// <param name="RelativeTo">The contender whose median the factor applies to.</param>
/// <param name="More">What may come on top of it, in the row's unit.</param>
internal sealed record Limit(double Maximum, string? RelativeTo = null, double More = 0)
{
    /// <param name="medians">By contender; this limit's own may be missing, since it was left out or failed.</param>
    /// <returns><see langword="null"/> if there is nothing to compare with.</returns>
    public bool? IsHeldBy(double value, IReadOnlyDictionary<string, double> medians)
    {
        if (RelativeTo is null)
            return value <= Maximum;
        return medians.TryGetValue(RelativeTo, out var other) ? value <= (Maximum * other) + More : null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"≤ {Maximum}")
        + (RelativeTo is null ? "" : $" × {RelativeTo}")
        + (More > 0 ? string.Create(CultureInfo.InvariantCulture, $" + {More}") : "");
}
