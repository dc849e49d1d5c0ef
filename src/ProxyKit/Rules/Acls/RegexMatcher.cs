using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>Regular expressions to be found in the value. One that stands for all of them says whether any will be found; where it matters
/// which, others that stand for some of them each say where to look.</summary>
internal sealed class RegexMatcher : PatternMatcher
{
    private const int WorthJoining = 4;
    private const int InChunk = 32;

    private readonly PatternEntry[] _entries;
    private readonly RuleRegex[] _expressions;
    private readonly RuleRegex? _any;
    private readonly RuleRegex?[] _anyOfChunk; // null where there is none such

    public RegexMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<RuleRegex> expressions, bool ignoresCase)
    {
        _entries = [.. entries];
        _expressions = [.. expressions];
        _any = _expressions.Length >= WorthJoining ? RuleRegex.AnyOf(_expressions, ignoresCase) : null;
        _anyOfChunk = _expressions.Length > InChunk
            ? [.. _expressions.Chunk(InChunk).Select(chunk => RuleRegex.AnyOf(chunk, ignoresCase))]
            : [null];
    }

    public override void Find(in Sample sample, ref PatternHit hit)
    {
        if (_any is not null && !_any.IsFoundIn(sample.Bytes))
        {
            return;
        }

        if (_any is not null && hit.WantsAny && !HasRemoved() && hit.Offer(_entries[0]))
        {
            return; // it may be another, but it is one
        }

        for (var chunk = 0; chunk < _anyOfChunk.Length; chunk++)
        {
            if (_anyOfChunk[chunk] is { } any && !any.IsFoundIn(sample.Bytes))
            {
                continue;
            }

            for (var i = chunk * InChunk; i < Math.Min((chunk + 1) * InChunk, _entries.Length); i++)
            {
                if (!_entries[i].IsRemoved && _expressions[i].IsFoundIn(sample.Bytes) && hit.Offer(_entries[i], 0, _expressions[i]))
                {
                    return;
                }
            }
        }
    }

    private bool HasRemoved()
    {
        foreach (var entry in _entries)
        {
            if (entry.IsRemoved)
            {
                return true;
            }
        }

        return false;
    }
}
