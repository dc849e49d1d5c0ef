using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.StickTables;

/// <summary>The entries that a connection or an exchange tracks, one a counter number. HAProxy: <c>track-sc0</c> and its like.</summary>
internal sealed class TrackedCounters
{
    /// <summary>How many numbers there are. HAProxy: <c>tune.stick-counters</c>.</summary>
    public const int Most = 12;

    /// <summary>What a connection has that tracks nothing. Nothing may be tracked with it.</summary>
    public static readonly TrackedCounters None = new();

    private Tracked[] _tracked = [];

    /// <summary>Whether anything is tracked.</summary>
    public bool Any { get; private set; }

    /// <summary>What a number tracks.</summary>
    public bool TryGet(int number, [NotNullWhen(true)] out StickTable? table, [NotNullWhen(true)] out StickEntry? entry)
    {
        (table, entry) = number >= 0 && number < _tracked.Length ? (_tracked[number].Table, _tracked[number].Entry) : (null, null);
        return entry is not null;
    }

    /// <summary>Has a number track an entry whose use the caller has begun, and counts a connection for it.</summary>
    public void Track(int number, StickTable table, StickEntry entry)
    {
        Debug.Assert(this != None, "everybody's");
        if (number >= _tracked.Length)
        {
            Array.Resize(ref _tracked, number + 1);
        }

        _tracked[number] = new(table, entry);
        Any = true;
        table.Count(entry, StickDataType.Connections, StickDataType.ConnectionRate);
        table.Add(entry, StickDataType.CurrentConnections, 0, 1);
    }

    /// <summary>Ends all tracking.</summary>
    public void Release()
    {
        if (!Any)
        {
            return;
        }

        Any = false;
        foreach (ref var tracked in _tracked.AsSpan())
        {
            if (tracked is { Table: { } table, Entry: { } entry })
            {
                table.Add(entry, StickDataType.CurrentConnections, 0, -1);
                entry.Touch(table.Now);
                entry.Leave();
            }

            tracked = default;
        }
    }

    /// <summary>Counts something for everything that is tracked, what the connection tracks included where the exchange tracks nothing by the
    /// same number.</summary>
    /// <param name="exchange">What the exchange tracks; null for none.</param>
    /// <param name="session">What its connection tracks.</param>
    /// <param name="counter">What is counted.</param>
    /// <param name="rate">The rate of it.</param>
    /// <param name="count">How much.</param>
    public static void Count(TrackedCounters? exchange, TrackedCounters session, StickDataType counter, StickDataType rate, long count = 1)
    {
        if (exchange is { Any: true })
        {
            foreach (var tracked in exchange._tracked)
            {
                tracked.Table?.Count(tracked.Entry!, counter, rate, count); // one comes with the other
            }
        }

        if (!session.Any)
        {
            return;
        }

        for (var number = 0; number < session._tracked.Length; number++)
        {
            if (exchange is null || !exchange.TryGet(number, out _, out _))
            {
                session._tracked[number].Table?.Count(session._tracked[number].Entry!, counter, rate, count);
            }
        }
    }

    private readonly record struct Tracked(StickTable? Table, StickEntry? Entry);
}
