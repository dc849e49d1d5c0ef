using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.StickTables;

/// <summary>Counters by key, shared by everything that names the table; outlives configurations that leave its shape alone.</summary>
/// <remarks>
/// Look-ups take no lock. Entries stand in a list by last use, for expiry and for room in a full table. A use does not move its entry there each
/// time: it notes the time, and whoever comes to the entry at the list's old end puts it back in its place. So the list is never wrong about
/// who may go, only late. An entry that is in use when it is met there is set aside, however many there are: whoever ends its last use puts it
/// back.
/// </remarks>
internal sealed partial class StickTable : IDisposable
{
    private const int MostPurgedAtOnce = 64;

    private readonly ConcurrentDictionary<byte[], StickEntry> _entries = new(StickKeyComparer.Instance);
    private readonly ConcurrentDictionary<byte[], StickEntry>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly Lock _lock = new(); // guards the list, _count, and every entry's links and PlacedAt
    private readonly TimeProvider _time;
    private readonly ITimer? _sweep;
    private readonly long _start;
    private readonly long _expire; // milliseconds; 0 for never
    private readonly int _size;
    private readonly int _byteRateFactor;
    private readonly bool _keepsOld;
    private readonly ConcurrentDictionary<string, long> _serverKeys = new(StringComparer.Ordinal); // of configurations, so there are few
    private readonly ConcurrentDictionary<long, string> _serversByNumber = new();
    private long _lastServerKey; // one that was given to a key which another thread had added already is left out
    private StickEntry? _oldest, _newest;
    private int _count;

    public StickTable(StickTableOptions options, TimeProvider time)
    {
        Name = options.Name;
        Shape = ShapeOf(options);
        KeyType = options.KeyType;
        KeyLength = options.KeyType switch { StickKeyType.IPv6 => 16, StickKeyType.String or StickKeyType.Binary => options.KeyLength, _ => 4 };
        ServerKey = options.ServerKey;
        _byteRateFactor = options.ByteRateFactor;
        Layout = new StickTableLayout(options.Store);
        _size = options.Size;
        _keepsOld = options.KeepsOld;
        _expire = options.Expire is { } expire ? Math.Max(1, (long)expire.TotalMilliseconds) : 0;
        _lookup = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
        _time = time;
        _start = time.GetTimestamp();
        if (_expire > 0)
        {
            var period = TimeSpan.FromMilliseconds(Math.Clamp(_expire / 4, 1000, 60_000));
            _sweep = time.CreateTimer(static table => ((StickTable)table!).Sweep(int.MaxValue), this, period, period);
        }
    }

    public string Name { get; }

    /// <summary>What it was made from; see <see cref="ShapeOf"/>.</summary>
    public string Shape { get; }

    public StickKeyType KeyType { get; }

    /// <summary>How many bytes a key has; at most, for strings.</summary>
    public int KeyLength { get; }

    public StickTableLayout Layout { get; }

    /// <summary>How entries name servers, their number aside.</summary>
    public StickServerKey ServerKey { get; }

    /// <summary>Whether entries leave that were not used for long.</summary>
    public bool Expires => _expire > 0;

    /// <summary>How many entries there are, without those that have expired as far as few steps show: requests ask, and what stands behind many that
    /// are to be taken out or put back is left to the timer, and to those who ask next.</summary>
    public int Used
    {
        get
        {
            Sweep(MostStepsOfARequest);
            return Held;
        }
    }

    /// <summary>How many more there is room for.</summary>
    public int Available => Math.Max(0, _size - Used);

    /// <summary>The table's clock, in milliseconds.</summary>
    public long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>What makes a table of one configuration the same as one of the next.</summary>
    public static string ShapeOf(StickTableOptions options) => string.Join(
        '|',
        [options.KeyType, options.KeyLength, options.Size, options.Expire, options.KeepsOld, options.ByteRateFactor, options.ServerKey,
            .. options.Store.Select(static s => $"{s.Type} {s.Period} {s.Count}")]);

    /// <summary>The number that stands for a server's name or address in entries: the same for as long as the table is there.</summary>
    public long NumberOf(string serverKey) => _serverKeys.GetOrAdd(
        serverKey,
        static (key, table) =>
        {
            var number = Interlocked.Increment(ref table._lastServerKey);
            table._serversByNumber[number] = key; // before anybody has the number
            return number;
        },
        this);

    /// <summary>The name or address of the server that a number stands for; null for none.</summary>
    public string? ServerOf(long number) => _serversByNumber.GetValueOrDefault(number);

    /// <summary>Finds a key and begins a use of its entry, without counting that as a use.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, [NotNullWhen(true)] out StickEntry? entry)
    {
        while (_lookup.TryGetValue(key, out entry))
        {
            // Asked before it is entered: two who look at once would else take each other for one who keeps it.
            if (entry.Uses == 0 && HasExpired(entry, Now))
            {
                Remove(entry); // unless somebody took it into use this moment, which the next turn sees
            }
            else if (entry.TryEnter())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Finds a key, or makes an entry for it, and begins a use.</summary>
    /// <returns>False when the table is full, and nothing in it may leave.</returns>
    public bool TryFindOrAdd(ReadOnlySpan<byte> key, [NotNullWhen(true)] out StickEntry? entry)
    {
        while (true)
        {
            if (TryFind(key, out entry))
            {
                entry.Touch(Now);
                return true;
            }

            while (Held >= _size) // those who came at the same time may have made it more
            {
                if (_keepsOld ? Used >= _size : !TryMakeRoom())
                {
                    return false;
                }
            }

            entry = new StickEntry(key.ToArray(), this);
            entry.TryEnter();
            entry.Touch(Now);
            if (_entries.TryAdd(entry.Key, entry))
            {
                lock (_lock)
                {
                    Insert(entry);
                    _count++;
                }

                return true;
            }
        }
    }

    /// <summary>Counts something for an entry, and in its rate, as far as the table stores them.</summary>
    public void Count(StickEntry entry, StickDataType counter, StickDataType rate, long count = 1)
    {
        if (Layout.TryFind(counter, 0, out var slot, out _))
        {
            entry.AddValue(slot, count);
        }

        if (Layout.TryFind(rate, 0, out slot, out var period))
        {
            entry.AddRate(slot, count, period, Now);
        }
    }

    /// <summary>Adds to a counter, as far as the table stores it.</summary>
    public void Add(StickEntry entry, StickDataType counter, int index, long count)
    {
        if (Layout.TryFind(counter, index, out var slot, out _))
        {
            entry.AddValue(slot, count);
        }
    }

    /// <summary>Reads a counter, a tag or a rate; false where the table does not store it.</summary>
    public bool TryRead(StickEntry entry, StickDataType type, int index, out long value)
    {
        if (!Layout.TryFind(type, index, out var slot, out var period))
        {
            value = 0;
            return false;
        }

        value = period > 0 ? entry.Rate(slot, period, Now) : entry.Value(slot);
        if (type is StickDataType.BytesInRate or StickDataType.BytesOutRate)
        {
            value /= _byteRateFactor; // not what is counted each time, which may be less than the factor
        }

        return true;
    }

    /// <summary>Milliseconds until an entry expires; 0 where it does not.</summary>
    public long ExpiresIn(StickEntry entry) => _expire == 0 ? 0 : Math.Max(0, entry.UsedAt + _expire - Now);

    /// <summary>Milliseconds since an entry was last used.</summary>
    public long IdleFor(StickEntry entry) => Math.Max(0, Now - entry.UsedAt);

    /// <summary>Puts an entry back that was set aside, now that nobody uses it.</summary>
    public void PutBack(StickEntry entry)
    {
        lock (_lock)
        {
            if (entry is { IsAside: true, IsRetired: false })
            {
                entry.IsAside = false;
                Insert(entry);
            }
        }
    }

    /// <summary>Takes all entries out that nobody uses.</summary>
    /// <returns>How many those were.</returns>
    public int Clear() => _entries.Values.Count(Remove);

    /// <summary>Takes a key's entry out.</summary>
    /// <returns>Whether it was there, had not expired, and nobody uses it.</returns>
    public bool TryRemove(ReadOnlySpan<byte> key) => _lookup.TryGetValue(key, out var entry) && !HasExpired(entry, Now) && Remove(entry);

    /// <summary>All entries that have not expired, for show.</summary>
    public IEnumerable<StickEntry> All() => _entries.Values.Where(IsShown);

    /// <summary>Finds a key's entry for show, if it has not expired, without a use of it.</summary>
    public bool TryPeek(ReadOnlySpan<byte> key, [NotNullWhen(true)] out StickEntry? entry) => _lookup.TryGetValue(key, out entry) && IsShown(entry);

    public void Dispose() => _sweep?.Dispose();

    private int Held => Volatile.Read(ref _count);

    private bool HasExpired(StickEntry entry, long now) => _expire > 0 && entry.UsedAt + _expire <= now;

    private bool IsShown(StickEntry entry) => entry.Uses > 0 || !HasExpired(entry, Now);

    private bool Remove(StickEntry entry)
    {
        if (!entry.TryRetire())
        {
            return false;
        }

        _entries.TryRemove(new KeyValuePair<byte[], StickEntry>(entry.Key, entry));
        lock (_lock)
        {
            Unlink(entry);
            _count--;
        }

        return true;
    }

    /// <summary>Lets the entry go that was not used for longest and is not in use.</summary>
    private bool TryMakeRoom()
    {
        for (var tries = 0; tries < MostPurgedAtOnce; tries++)
        {
            if (NextToLeave() is not { } entry)
            {
                return false;
            }

            if (Remove(entry))
            {
                return true;
            }
        }

        return false;
    }
}
