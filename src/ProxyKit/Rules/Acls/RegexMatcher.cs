using System.Buffers;
using ProxyKit.Regexes;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>Regular expressions to be found in the value. Most have bytes in them that must be in the value as they are: those are looked for
/// first, all at once, and only the expressions behind the ones found are tried. The others are tried always.</summary>
internal sealed class RegexMatcher : PatternMatcher
{
    private const int StackWords = 64; // of the bits of 4,096 literals

    private readonly RegexChunks? _free; // without such bytes
    private readonly KeyAutomaton? _literals;
    private readonly RegexChunks[] _behind; // each literal, by its key

    /// <param name="entries">The patterns, in the order of the file.</param>
    /// <param name="expressions">The expression of each.</param>
    /// <param name="ignoresCase">Whether the case of letters does not matter.</param>
    public RegexMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<RuleRegex> expressions, bool ignoresCase)
    {
        var isShort = entries.Length < RegexChunks.WorthJoining;
        var literals = isShort ? new byte[]?[entries.Length] : RegexLiterals.Choose(expressions, ignoresCase);
        var groups = new Dictionary<byte[], List<int>>(ByteKeys.Comparer);
        var free = new List<int>();
        for (var i = 0; i < literals.Length; i++)
        {
            if (literals[i] is not { } literal)
            {
                free.Add(i);
            }
            else if (groups.TryGetValue(literal, out var group))
            {
                group.Add(i);
            }
            else
            {
                groups.Add(literal, [i]);
            }
        }

        byte[][] keys = [.. groups.Keys];
        Array.Sort(keys, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        _literals = keys.Length > 0 ? new(keys, ignoresCase) : null;
        _behind = new RegexChunks[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            _behind[i] = Pick(entries, expressions, groups[keys[i]], ignoresCase);
        }

        _free = free.Count > 0 ? Pick(entries, expressions, free, ignoresCase) : null;
        if (isShort)
        {
            foreach (var expression in expressions)
            {
                expression.Prepare(); // of many, those that nobody comes across need not be
            }
        }
    }

    public override void Find(in Sample sample, ref PatternHit hit)
    {
        if (_literals is not null)
        {
            FindBehindLiterals(_literals, in sample, ref hit);
        }

        if (!hit.IsEnough)
        {
            _free?.Find(in sample, ref hit);
        }
    }

    private static RegexChunks Pick(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<RuleRegex> expressions, List<int> group, bool ignoresCase)
    {
        var (ownEntries, ownExpressions) = (new PatternEntry[group.Count], new RuleRegex[group.Count]);
        for (var i = 0; i < group.Count; i++)
        {
            (ownEntries[i], ownExpressions[i]) = (entries[group[i]], expressions[group[i]]);
        }

        return new(ownEntries, ownExpressions, ignoresCase);
    }

    private void FindBehindLiterals(KeyAutomaton literals, in Sample sample, ref PatternHit hit)
    {
        ulong[]? rented = null;
        var words = (_behind.Length + 63) / 64;
        var seen = words <= StackWords ? stackalloc ulong[StackWords] : rented = ArrayPool<ulong>.Shared.Rent(words);
        seen = seen[..words];
        seen.Clear(); // a literal may be there often
        try
        {
            var places = literals.In(sample.Bytes);
            while (!hit.IsEnough && places.MoveNext())
            {
                ref var word = ref seen[places.Key >> 6];
                var bit = 1UL << places.Key; // of whose bits the lower six count
                if ((word & bit) == 0)
                {
                    word |= bit;
                    _behind[places.Key].Find(in sample, ref hit);
                }
            }
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<ulong>.Shared.Return(rented);
            }
        }
    }
}
