namespace ProxyKit.StickTables;

/// <summary>How many connections or requests came in the last second. They are counted once a rule has asked for it: who does not, pays nothing.</summary>
internal sealed class ArrivalRate
{
    private const long Period = 1000;

    private readonly Lock _lock = new(); // guards _counter
    private TimeProvider? _time; // null while nobody asks
    private RateCounter _counter;

    /// <summary>Begins to count, where that is not so already.</summary>
    public void Begin(TimeProvider time) => Interlocked.CompareExchange(ref _time, time, null);

    /// <summary>Another one came.</summary>
    public void Count()
    {
        if (Volatile.Read(ref _time) is { } time)
        {
            lock (_lock)
            {
                _counter.Add(1, Period, NowBy(time));
            }
        }
    }

    /// <summary>How many came in the last second: HAProxy's estimate.</summary>
    public long Read()
    {
        if (Volatile.Read(ref _time) is not { } time)
        {
            return 0;
        }

        lock (_lock)
        {
            return _counter.Read(Period, NowBy(time));
        }
    }

    private static long NowBy(TimeProvider time) => time.GetTimestamp() / (time.TimestampFrequency / 1000);
}
