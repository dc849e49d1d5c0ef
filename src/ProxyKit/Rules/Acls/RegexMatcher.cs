using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>Regular expressions to be found in the value. They are tried in turn, unless one that stands for all of them says that none
/// will be found.</summary>
internal sealed class RegexMatcher : PatternMatcher
{
    private const int WorthJoining = 4;

    private readonly PatternEntry[] _entries;
    private readonly RuleRegex[] _expressions;
    private readonly RuleRegex? _any;

    public RegexMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<RuleRegex> expressions, bool ignoresCase)
    {
        _entries = [.. entries];
        _expressions = [.. expressions];
        _any = _expressions.Length >= WorthJoining ? RuleRegex.AnyOf(_expressions, ignoresCase) : null;
    }

    public override void Find(in Sample sample, ref PatternHit hit)
    {
        if (_any is not null && !_any.IsFoundIn(sample.Bytes))
        {
            return;
        }

        for (var i = 0; i < _entries.Length; i++)
        {
            if (!_entries[i].IsRemoved && _expressions[i].IsFoundIn(sample.Bytes) && hit.Offer(_entries[i], 0, _expressions[i]))
            {
                return;
            }
        }
    }
}
