using Microsoft.Extensions.Logging;
using ProxyKit.Transport;

namespace ProxyKit.Checks;

/// <summary>What checks run on.</summary>
/// <param name="Transport">Makes their connections.</param>
/// <param name="Pool">Lends their buffers.</param>
/// <param name="Wheel">Has their times.</param>
/// <param name="Log">Takes their messages.</param>
internal sealed record CheckEnvironment(ITransport Transport, BufferPool Pool, TimerWheel Wheel, ILogger Log)
{
    public TimeProvider Time => Wheel.Time;

    /// <summary>Told of every change of a server; throws nothing.</summary>
    public Action<ServerChange>? OnChanged { get; init; }
}
