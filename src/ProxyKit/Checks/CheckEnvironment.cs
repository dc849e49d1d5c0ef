using Microsoft.Extensions.Logging;
using ProxyKit.Logging;
using ProxyKit.Mailing;
using ProxyKit.Transport;

namespace ProxyKit.Checks;

/// <summary>What checks run on.</summary>
/// <param name="Transport">Makes their connections.</param>
/// <param name="Pool">Lends their buffers.</param>
/// <param name="Wheel">Has their times.</param>
/// <param name="Log">Takes their messages.</param>
internal sealed record CheckEnvironment(ITransport Transport, BufferPool Pool, TimerWheel Wheel, ILogger Log)
{
    private readonly UnfailingLogger _faults = new(Log); // there is nobody else to tell

    public TimeProvider Time => Wheel.Time;

    /// <summary>The checks under way.</summary>
    public RunningChecks Running { get; } = new();

    /// <summary>Told of every change of a server; throws nothing.</summary>
    public Action<ServerChange>? OnChanged { get; init; }

    /// <summary>Takes mails about servers; null where nobody does.</summary>
    public MailQueues? Mails { get; init; }

    /// <summary>Does what users' code has a part in, a logger for one: when that throws, whatever comes next is done all the same.</summary>
    public void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            _faults.TellingFailed(e);
        }
    }
}
