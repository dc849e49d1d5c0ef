using ProxyKit.Logging;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>What every exchange and tunnel of a proxy uses: outlives snapshots.</summary>
internal sealed class DataPath(ITransport transport, BufferPool pool, TimerWheel wheel, IExchangeLog log)
{
    public ITransport Transport { get; } = transport;

    public BufferPool Pool { get; } = pool;

    public TimerWheel Wheel { get; } = wheel;

    public IExchangeLog Log { get; } = log;

    public TimeProvider Time { get; } = wheel.Time;

    /// <summary>Spare exchange objects.</summary>
    public ExchangePool Exchanges { get; } = new();

    /// <summary>The client connections of the process.</summary>
    public ConnectionCount Connections { get; } = new();
}
