using ProxyKit.Regexes;

namespace ProxyKit.Rules.Acls;

/// <summary>The best entry found so far.</summary>
/// <param name="wantsAny">Whether one is as good as another, so that the search ends with the first.</param>
internal struct PatternHit(bool wantsAny)
{
    private int _rank;

    /// <summary>The entry; null while there is none.</summary>
    public PatternEntry? Entry { get; private set; }

    /// <summary>What was found in the value, where patterns are regular expressions.</summary>
    public RuleRegex? Expression { get; private set; }

    /// <summary>Whether one is as good as another.</summary>
    public readonly bool WantsAny => wantsAny;

    /// <summary>Whether nothing better is looked for.</summary>
    public readonly bool IsEnough => wantsAny && Entry is not null;

    /// <summary>Takes an entry that matches, if it is better: of a higher rank, or of the same and earlier in the file.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="rank">How specific it is, where that comes before the order; else 0.</param>
    /// <param name="expression">The regular expression that it is, if it is one.</param>
    /// <returns>Whether it still counts; false for one that was removed.</returns>
    public bool Offer(PatternEntry entry, int rank = 0, RuleRegex? expression = null)
    {
        if (entry.IsRemoved)
        {
            return false;
        }

        if (Entry is null || rank > _rank || (rank == _rank && entry.Order < Entry.Order))
        {
            (Entry, Expression, _rank) = (entry, expression, rank);
        }

        return true;
    }
}
