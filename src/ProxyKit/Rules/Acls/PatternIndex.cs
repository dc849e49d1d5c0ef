using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>A list of patterns as one style understands it, which may change while it is asked.</summary>
/// <remarks>
/// <para>Readers take no lock: they see an array of matchers, each immutable, as it is when they begin. Whoever changes the list holds the
/// lock of the list that this belongs to.</para>
/// <para>An entry that comes is a matcher of its own at first. Two neighbours of like size become one, so that there are only about as
/// many as the count has binary digits, and an entry is built into a matcher no more often than that. One that goes is only marked; the list has
/// everything built anew when more are marked than count.</para>
/// </remarks>
internal sealed class PatternIndex
{
    private readonly bool _folds;
    private readonly PatternMatcherBuilder _builder;
    private volatile Part[] _parts = [];

    public PatternIndex(PatternStyle style)
    {
        _folds = style.FoldsText;
        _builder = new(style);
    }

    /// <summary>What finds all the patterns of a list that nobody changes, where values are looked for as they are; null where that is not so.</summary>
    public PatternMatcher? Matcher => _parts is [var part] && (!_folds || part.Matcher.FoldsText) ? part.Matcher : null;

    /// <summary>Whether a value matches one of the patterns.</summary>
    /// <param name="context">Whose scratch space may be used for the time of the call.</param>
    /// <param name="sample">The value, of the type that the method compares, and for lengths the length.</param>
    public bool Matches(RuleContext context, in Sample sample)
    {
        var hit = new PatternHit(wantsAny: true);
        Find(context, in sample, ref hit);
        return hit.Entry is not null;
    }

    /// <summary>What a value matches best.</summary>
    public PatternHit Find(RuleContext context, in Sample sample)
    {
        var hit = new PatternHit(wantsAny: false);
        Find(context, in sample, ref hit);
        return hit;
    }

    /// <summary>Makes it a list of these entries.</summary>
    /// <exception cref="PatternFaultException">One is no pattern of this style; then nothing has changed.</exception>
    public void LoadLocked(PatternEntry[] entries)
    {
        _builder.Forget();
        _parts = entries.Length == 0 ? [] : [new(_builder.Build(entries, mayResolve: true), entries)];
    }

    /// <summary>Makes ready what adding an entry takes, or refuses it; nothing has changed then.</summary>
    /// <exception cref="PatternFaultException">It is no pattern of this style; nor is a name, since nobody waits for DNS here.</exception>
    public Part PrepareLocked(PatternEntry entry) => new(_builder.Build([entry], mayResolve: false), [entry]);

    /// <summary>Adds an entry that was made ready.</summary>
    public void AddLocked(Part part)
    {
        var parts = new List<Part>(_parts) { part };
        var entries = new List<PatternEntry>(part.Entries);
        var kept = parts.Count - 1;
        while (kept > 0 && parts[kept - 1].Entries.Length <= entries.Count)
        {
            entries.InsertRange(0, parts[--kept].Entries.Where(static entry => !entry.IsRemoved));
        }

        if (kept < parts.Count - 1)
        {
            parts.RemoveRange(kept, parts.Count - kept);
            PatternEntry[] joined = [.. entries];
            parts.Add(new(_builder.Build(joined, mayResolve: false), joined));
        }

        _parts = [.. parts];
    }

    private void Find(RuleContext context, in Sample sample, ref PatternHit hit)
    {
        var parts = _parts;
        if (!_folds)
        {
            Find(parts, in sample, ref hit);
            return;
        }

        var room = context.Scratch.Rent(sample.Bytes.Length);
        PatternText.Fold(sample.Bytes, room);
        var folded = default(Sample);
        folded.SetString(room);
        Find(parts, in folded, ref hit);
        context.Scratch.Shrink(room, 0);
    }

    private static void Find(Part[] parts, in Sample sample, ref PatternHit hit)
    {
        foreach (var part in parts)
        {
            part.Matcher.Find(in sample, ref hit);
            if (hit.IsEnough)
            {
                return;
            }
        }
    }

    /// <summary>A matcher and what it was built from.</summary>
    internal readonly record struct Part(PatternMatcher Matcher, PatternEntry[] Entries);
}
