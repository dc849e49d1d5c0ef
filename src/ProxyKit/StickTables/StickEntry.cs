using ProxyKit.Statistics;

namespace ProxyKit.StickTables;

/// <summary>A key of a table, with what is counted for it.</summary>
/// <remarks>Counters change by interlocked operations, rates under the entry's own lock. <see cref="_uses"/> below 0 marks an entry that has left
/// its table: it is never used again, and whoever finds it there looks anew.</remarks>
internal sealed class StickEntry
{
    private readonly long[] _values;
    private readonly RateCounter[] _rates;
    private readonly Lock _rateLock = new(); // guards _rates
    private readonly StickTable _table;
    private int _uses;
    private long _usedAt;
    private bool _isAside;

    public StickEntry(byte[] key, StickTable table)
    {
        Key = key;
        _table = table;
        var layout = table.Layout;
        _values = layout.Values == 0 ? [] : new long[layout.Values];
        _rates = layout.Rates == 0 ? [] : new RateCounter[layout.Rates];
    }

    public byte[] Key { get; }

    /// <summary>Neighbours in the order of use; guarded by the table's lock.</summary>
    public StickEntry? Next { get; set; }

    /// <inheritdoc cref="Next"/>
    public StickEntry? Previous { get; set; }

    /// <summary>When it took its place in that order; guarded by the table's lock.</summary>
    public long PlacedAt { get; set; }

    /// <summary>Whether it has no place there, since it was met there while in use: its last use puts it back. Written under the table's lock.</summary>
    public bool IsAside
    {
        get => Volatile.Read(ref _isAside);
        set => Volatile.Write(ref _isAside, value);
    }

    /// <summary>When it was last used, in the table's milliseconds.</summary>
    public long UsedAt => Volatile.Read(ref _usedAt);

    /// <summary>How many track it or look at it now.</summary>
    public int Uses => Math.Max(0, Volatile.Read(ref _uses));

    /// <summary>Begins a use; false when it has left the table.</summary>
    public bool TryEnter()
    {
        var uses = Volatile.Read(ref _uses);
        while (uses >= 0)
        {
            var seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
            {
                return true;
            }

            uses = seen;
        }

        return false;
    }

    /// <summary>Ends a use.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _uses) == 0 && IsAside)
        {
            _table.PutBack(this);
        }
    }

    /// <summary>Whether it has left the table.</summary>
    public bool IsRetired => Volatile.Read(ref _uses) < 0;

    /// <summary>Marks it as having left the table; false while somebody uses it.</summary>
    public bool TryRetire() => Interlocked.CompareExchange(ref _uses, int.MinValue / 2, 0) == 0;

    public void Touch(long now) => Volatile.Write(ref _usedAt, now);

    public long Value(int slot) => Volatile.Read(ref _values[slot]);

    public long AddValue(int slot, long count) => Interlocked.Add(ref _values[slot], count);

    /// <returns>What it was before.</returns>
    public long SetValue(int slot, long value) => Interlocked.Exchange(ref _values[slot], value);

    public long Rate(int slot, long period, long now)
    {
        lock (_rateLock)
        {
            return _rates[slot].Read(period, now);
        }
    }

    /// <returns>The count of the running period.</returns>
    public long AddRate(int slot, long count, long period, long now)
    {
        lock (_rateLock)
        {
            return _rates[slot].Add(count, period, now);
        }
    }
}
