using ProxyKit.Regexes;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>Regular expressions to be found in a value, one chunk after the other. Each chunk has one that stands for all of its own and says
/// whether any will be found; those are looked for one by one only where it matters which.</summary>
internal sealed class RegexChunks
{
    /// <summary>From how many on one expression for all is made.</summary>
    public const int WorthJoining = 4;
    private const int InChunk = 32;

    private readonly PatternEntry[] _entries;
    private readonly RuleRegex[] _expressions;
    private readonly RuleRegex?[] _anyOfChunk; // null where there is none such

    /// <param name="entries">The patterns, in the order of the file.</param>
    /// <param name="expressions">The expression of each.</param>
    /// <param name="ignoresCase">Whether the case of letters does not matter.</param>
    public RegexChunks(PatternEntry[] entries, RuleRegex[] expressions, bool ignoresCase)
    {
        _entries = entries;
        _expressions = expressions;
        _anyOfChunk = [.. _expressions.Chunk(InChunk).Select(chunk => chunk.Length >= WorthJoining ? RuleRegex.AnyOf(chunk, ignoresCase) : null)];
    }

    /// <inheritdoc cref="PatternMatcher.Find"/>
    public void Find(in Sample sample, ref PatternHit hit)
    {
        for (var chunk = 0; chunk < _anyOfChunk.Length; chunk++)
        {
            var start = chunk * InChunk;
            var end = Math.Min(start + InChunk, _entries.Length);
            if (_anyOfChunk[chunk] is { } any)
            {
                if (!any.IsFoundIn(sample.Bytes))
                {
                    continue;
                }

                if (hit.WantsAny && !HasRemoved(start, end) && hit.Offer(_entries[start]))
                {
                    return; // it may be another, but it is one
                }
            }

            for (var i = start; i < end; i++)
            {
                if (!_entries[i].IsRemoved && _expressions[i].IsFoundIn(sample.Bytes) && hit.Offer(_entries[i], 0, _expressions[i]))
                {
                    return;
                }
            }
        }
    }

    private bool HasRemoved(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (_entries[i].IsRemoved)
            {
                return true;
            }
        }

        return false;
    }
}
