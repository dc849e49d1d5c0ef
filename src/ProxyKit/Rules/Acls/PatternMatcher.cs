using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>Finds which of many patterns a value matches; its cost hardly grows with their number. Immutable.</summary>
internal abstract class PatternMatcher
{
    /// <summary>Whether it sees to letters' case itself, so that a value needs no folding for it.</summary>
    public virtual bool FoldsText => false;

    /// <summary>Offers every entry that matches, or only the best, or when <see cref="PatternHit.IsEnough"/> the first that comes.</summary>
    /// <param name="sample">The value, of the type that the method compares; folded to lower case where the patterns are, unless
    /// <see cref="FoldsText"/>; for
    /// <see cref="MatchMethod.Length"/> the number of its bytes.</param>
    /// <param name="hit">What was found before; receives what is better.</param>
    public abstract void Find(in Sample sample, ref PatternHit hit);

    /// <summary>Whether any matches, of entries that nobody can have removed.</summary>
    /// <param name="sample">As for <see cref="Find"/>.</param>
    public virtual bool Matches(in Sample sample)
    {
        var hit = new PatternHit(wantsAny: true);
        Find(in sample, ref hit);
        return hit.Entry is not null;
    }
}
