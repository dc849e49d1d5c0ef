namespace ProxyKit.Metering;

/// <summary>Where the events of one core gather until they are written, so that cores seldom meet.</summary>
internal sealed class UsageLane
{
    private readonly Lock _lock = new(); // guards what follows
    private UsageBatch _filling = new();
    private UsageBatch _spare = new();
    private bool _isClosed;

    /// <summary>How many bytes wait here, about.</summary>
    public int Length => Volatile.Read(ref _filling).Length;

    public bool TryAdd(ReadOnlySpan<byte> record, UsageTicket? waits, int limit)
    {
        lock (_lock)
        {
            return !_isClosed && _filling.TryAdd(record, waits, limit);
        }
    }

    /// <summary>Takes what has gathered, if anything has; the writer does, once what it took before is written.</summary>
    public UsageBatch? Take()
    {
        lock (_lock)
        {
            if (_filling.Count == 0)
            {
                return null;
            }

            var taken = _filling;
            _spare.Clear();
            Volatile.Write(ref _filling, _spare);
            _spare = taken;
            return taken;
        }
    }

    /// <summary>Takes nothing more in, and hands out what is left.</summary>
    public UsageBatch? Close()
    {
        lock (_lock)
        {
            _isClosed = true;
        }

        return Take();
    }

    /// <summary>Takes those who wait out; their events stay.</summary>
    public List<UsageTicket> TakeWaiting()
    {
        lock (_lock)
        {
            List<UsageTicket> waiting = [.. _filling.Waiting];
            _filling.Waiting.Clear();
            return waiting;
        }
    }
}
