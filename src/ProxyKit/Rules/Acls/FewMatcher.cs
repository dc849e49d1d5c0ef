using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>So few patterns that the value must equal, begin with or end with that comparing it with each is the quickest: most conditions
/// that stand in a configuration have one, and what they touch should be in few lines of the processor's cache.</summary>
internal sealed class FewMatcher : PatternMatcher
{
    /// <summary>How many patterns are few.</summary>
    public const int Most = 4;

    private readonly (byte[] Key, PatternEntry Entry)[] _patterns;
    private readonly TextRelation _relation;

    /// <param name="entries">The patterns, in the order of the file.</param>
    /// <param name="keys">The bytes of each.</param>
    /// <param name="relation">What the value must be to them: <see cref="TextRelation.Is"/>, <see cref="TextRelation.BeginsWith"/> or
    /// <see cref="TextRelation.EndsWith"/>. The longest beginning is the best; of others it is the first in the file.</param>
    public FewMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<byte[]> keys, TextRelation relation)
    {
        _relation = relation;
        _patterns = new (byte[], PatternEntry)[entries.Length];
        for (var i = 0; i < _patterns.Length; i++)
        {
            _patterns[i] = (keys[i], entries[i]);
        }
    }

    public override void Find(in Sample sample, ref PatternHit hit)
    {
        var text = sample.Bytes;
        foreach (var (key, entry) in _patterns)
        {
            if (Matches(text, key) && hit.Offer(entry, _relation == TextRelation.BeginsWith ? key.Length : 0) && hit.IsEnough)
            {
                return;
            }
        }
    }

    private bool Matches(ReadOnlySpan<byte> text, byte[] key) => _relation switch
    {
        TextRelation.BeginsWith => text.StartsWith(key),
        TextRelation.EndsWith => text.EndsWith(key),
        _ => text.SequenceEqual(key),
    };
}
