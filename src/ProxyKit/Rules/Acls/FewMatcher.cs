using System.Diagnostics;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>So few patterns that the value must equal, begin with or end with that comparing it with each is the quickest: most conditions
/// that stand in a configuration have one, and what they touch should be in few lines of the processor's cache.</summary>
internal sealed class FewMatcher : PatternMatcher
{
    /// <summary>How many patterns are few.</summary>
    public const int Most = 4;

    private readonly byte[] _key; // the first one stands here, since mostly it is the only one
    private readonly PatternEntry _entry;
    private readonly (byte[] Key, PatternEntry Entry)[] _others;
    private readonly TextRelation _relation;
    private readonly bool _folds;

    /// <param name="entries">The patterns, in the order of the file; one at least.</param>
    /// <param name="keys">The bytes of each.</param>
    /// <param name="relation">What the value must be to them: <see cref="TextRelation.Is"/>, <see cref="TextRelation.BeginsWith"/> or
    /// <see cref="TextRelation.EndsWith"/>. The longest beginning is the best; of others it is the first in the file.</param>
    /// <param name="folds">Whether the keys are in lower case and values need not be.</param>
    public FewMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<byte[]> keys, TextRelation relation, bool folds)
    {
        Debug.Assert(!entries.IsEmpty, "nothing is not looked for");
        (_relation, _folds) = (relation, folds);
        (_key, _entry) = (keys[0], entries[0]);
        _others = entries.Length == 1 ? [] : new (byte[], PatternEntry)[entries.Length - 1];
        for (var i = 1; i < entries.Length; i++)
        {
            _others[i - 1] = (keys[i], entries[i]);
        }
    }

    public override bool FoldsText => _folds;

    public override void Find(in Sample sample, ref PatternHit hit)
    {
        var text = sample.Bytes;
        if (Offer(text, _key, _entry, ref hit))
        {
            return;
        }

        foreach (var (key, entry) in _others)
        {
            if (Offer(text, key, entry, ref hit))
            {
                return;
            }
        }
    }

    public override bool Matches(in Sample sample)
    {
        var text = sample.Bytes;
        if (Matches(text, _key))
        {
            return true;
        }

        foreach (var (key, _) in _others)
        {
            if (Matches(text, key))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The patterns, where all of them are short; null otherwise.</summary>
    public ShortText[]? ShortTexts()
    {
        byte[][] keys = [_key, .. _others.Select(static other => other.Key)];
        return Array.TrueForAll(keys, static key => key.Length <= ShortText.Most)
            ? Array.ConvertAll(keys, key => new ShortText(key, _relation, _folds))
            : null;
    }

    /// <returns>Whether that was enough.</returns>
    private bool Offer(ReadOnlySpan<byte> text, byte[] key, PatternEntry entry, ref PatternHit hit) =>
        Matches(text, key) && hit.Offer(entry, _relation == TextRelation.BeginsWith ? key.Length : 0) && hit.IsEnough;

    private bool Matches(ReadOnlySpan<byte> text, byte[] key) => PatternText.Matches(text, key, _relation, _folds);
}
