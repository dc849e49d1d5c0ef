using ProxyKit.Logging;
using ProxyKit.Statistics;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>What every exchange and tunnel of a proxy uses: outlives snapshots.</summary>
internal sealed class DataPath(ITransport transport, BufferPool pool, TimerWheel wheel, IExchangeLog log)
{
    private long _exchanges;
    private bool _isStopping;

    public ITransport Transport { get; } = transport;

    public BufferPool Pool { get; } = pool;

    public TimerWheel Wheel { get; } = wheel;

    public IExchangeLog Log { get; } = log;

    public TimeProvider Time { get; } = wheel.Time;

    /// <summary>Whether the proxy accepts no more and waits for what is under way.</summary>
    public bool IsStopping
    {
        get => Volatile.Read(ref _isStopping);
        set => Volatile.Write(ref _isStopping, value);
    }

    /// <summary>The number of the next exchange or tunnel, from 1.</summary>
    public long NextNumber() => Interlocked.Increment(ref _exchanges);

    /// <summary>Spare exchange objects.</summary>
    public ExchangePool Exchanges { get; } = new();

    /// <summary>The client connections of the process.</summary>
    public ConnectionCount Connections { get; } = new();

    /// <summary>How many are accepted in a second.</summary>
    public SessionRate ConnectionRate { get; } = new(wheel.Time);

    /// <summary>How many sessions begin in a second.</summary>
    public SessionRate SessionRate { get; } = new(wheel.Time);

    /// <summary>How many of them at binds with TLS.</summary>
    public SessionRate TlsRate { get; } = new(wheel.Time);

    /// <summary>What has come to the process.</summary>
    public TrafficCounters Traffic { get; } = new(wheel.Time);

    /// <summary>Those of its client connections that are over TLS.</summary>
    public ConnectionCount TlsConnections { get; } = new();

    /// <summary>What has come over TLS.</summary>
    public TrafficCounters TlsTraffic { get; } = new(wheel.Time);
}
