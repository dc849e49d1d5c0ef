using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>Ranges that the number must be in: sorted by where they begin, and for each half, and half of a half, the highest end, so that
/// those that end before the number are passed over in large steps.</summary>
internal sealed class RangeMatcher : PatternMatcher
{
    private readonly (IntegerRange Range, PatternEntry Entry)[] _sorted;
    private readonly long[] _highest; // of the part whose middle it stands at

    public RangeMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<IntegerRange> ranges)
    {
        _sorted = new (IntegerRange, PatternEntry)[entries.Length];
        for (var i = 0; i < _sorted.Length; i++)
        {
            _sorted[i] = (ranges[i], entries[i]);
        }

        Array.Sort(_sorted, static (a, b) => a.Range.Low.CompareTo(b.Range.Low) is var c && c != 0 ? c : a.Entry.Order.CompareTo(b.Entry.Order));
        _highest = new long[_sorted.Length];
        FillHighest(0, _sorted.Length);
    }

    public override void Find(in Sample sample, ref PatternHit hit) => Find(sample.Integer, 0, _sorted.Length, ref hit);

    private void Find(long number, int start, int end, ref PatternHit hit)
    {
        while (start < end)
        {
            var middle = (start + end) >>> 1;
            if (_highest[middle] < number)
            {
                return;
            }

            Find(number, start, middle, ref hit);
            ref readonly var found = ref _sorted[middle];
            if (hit.IsEnough || found.Range.Low > number)
            {
                return;
            }

            if (found.Range.High >= number)
            {
                hit.Offer(found.Entry);
            }

            start = middle + 1;
        }
    }

    private long FillHighest(int start, int end)
    {
        if (start >= end)
        {
            return long.MinValue;
        }

        var middle = (start + end) >>> 1;
        return _highest[middle] = Math.Max(
            _sorted[middle].Range.High, Math.Max(FillHighest(start, middle), FillHighest(middle + 1, end)));
    }
}
