namespace ProxyKit.Rules.Acls;

/// <summary>Entries sorted by their keys; those of one key are a group, in the order of the file.</summary>
internal sealed class KeyGroups
{
    private readonly PatternEntry[] _entries;
    private readonly int[] _starts; // where each group begins; one more for the end

    /// <param name="entries">The entries, in the order of the file.</param>
    /// <param name="keys">The key of each.</param>
    /// <param name="fromEnd">Whether keys are sorted by their last bytes first.</param>
    public KeyGroups(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<byte[]> keys, bool fromEnd = false)
    {
        var sorted = new (byte[] Key, PatternEntry Entry)[entries.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i] = (keys[i], entries[i]);
        }

        Array.Sort(sorted, fromEnd
            ? static (a, b) => CompareBackwards(a.Key, b.Key) is var c && c != 0 ? c : a.Entry.Order.CompareTo(b.Entry.Order)
            : static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key) is var c && c != 0 ? c : a.Entry.Order.CompareTo(b.Entry.Order));
        _entries = Array.ConvertAll(sorted, static pair => pair.Entry);
        var starts = new List<int>();
        var groups = new List<byte[]>();
        for (var i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || !sorted[i].Key.AsSpan().SequenceEqual(sorted[i - 1].Key))
            {
                starts.Add(i);
                groups.Add(sorted[i].Key);
            }
        }

        _starts = [.. starts, sorted.Length];
        Keys = [.. groups];
    }

    /// <summary>The keys, each once, sorted.</summary>
    public byte[][] Keys { get; }

    /// <summary>Offers the first entry of a key that still counts.</summary>
    public void Offer(int group, ref PatternHit hit, int rank = 0)
    {
        for (var i = _starts[group]; i < _starts[group + 1]; i++)
        {
            if (hit.Offer(_entries[i], rank))
            {
                return;
            }
        }
    }

    private static int CompareBackwards(byte[] a, byte[] b)
    {
        for (var i = 1; i <= Math.Min(a.Length, b.Length); i++)
        {
            if (a[^i] != b[^i])
            {
                return a[^i].CompareTo(b[^i]);
            }
        }

        return a.Length.CompareTo(b.Length);
    }
}
