using ProxyKit.Testing;
using System.Net;
using ProxyKit.Backends;
using ProxyKit.Queueing;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Queueing;

/// <summary>A backend's queue with servers that do nothing but count, on a clock that stands still unless the test moves it.</summary>
internal sealed class QueueBench : IDisposable
{
    private readonly List<IdleConnections> _idle = [];
    private readonly BackendState _state = new();

    /// <param name="limits">How many slots each server has; a negative number for a backup.</param>
    public QueueBench(params int[] limits)
        : this(_ => { }, limits)
    {
    }

    /// <param name="configure">Says more about the backend.</param>
    /// <param name="limits">How many slots each server has; a negative number for a backup.</param>
    public QueueBench(Action<BackendOptions> configure, params int[] limits)
    {
        Wheel = new TimerWheel(Time);
        Queue = new BackendQueue(_state, Wheel);
        var options = new BackendOptions { Name = "b" };
        foreach (var (index, limit) in limits.Index())
        {
            options.Servers.Add(new ServerOptions
            {
                Name = $"s{index + 1}", Address = "127.0.0.1:1", MaxConnections = Math.Abs(limit), IsBackup = limit < 0,
            });
        }

        configure(options);
        Servers = [.. options.Servers.Select(Make)];
        Backend = new Backend(options, Servers, _state) { FullConnections = options.FullConnections ?? 1 };
        _state.Adopt(Backend);
    }

    public ManualTimeProvider Time { get; } = new();

    public TimerWheel Wheel { get; }

    public BackendQueue Queue { get; }

    public Backend Backend { get; }

    public Server[] Servers { get; }

    public ServerState this[int server] => Servers[server].State;

    /// <summary>Has one wait, for a server or for any.</summary>
    public Waiting Wait(int? server = null, WaitTicket ticket = default, TimeSpan? limit = null, bool isForced = false)
    {
        var waiter = new Waiter(Wheel);
        var task = Queue.WaitAsync(waiter, server is { } index ? this[index] : null, ticket with { Weight = Math.Max(1, ticket.Weight) }, limit, isForced);
        return new Waiting(waiter, task);
    }

    /// <summary>Takes all slots of a server.</summary>
    public void Fill(int server = 0)
    {
        while (this[server].TryEnter())
        {
        }
    }

    /// <summary>Gives a slot back.</summary>
    public void Free(int server = 0)
    {
        this[server].Leave();
        Queue.OnSlotFreed(this[server]);
    }

    /// <summary>Frees slot after slot of the first server and tells in which order these got them.</summary>
    public string Order(params (string Name, Waiting Waiting)[] all)
    {
        var order = new List<string>();
        for (var i = 0; i < all.Length; i++)
        {
            var before = all.Where(static w => w.Waiting.IsOver).Select(static w => w.Name).ToHashSet();
            Free();
            order.AddRange(all.Where(w => w.Waiting.IsOver && !before.Contains(w.Name)).Select(static w => w.Name));
        }

        return string.Join(' ', order);
    }

    public void Dispose()
    {
        _idle.ForEach(static idle => idle.Dispose());
        Wheel.Dispose();
    }

    private Server Make(ServerOptions options)
    {
        var idle = new IdleConnections(0, TimeSpan.Zero, Time);
        _idle.Add(idle);
        return new Server("b", options, new IPEndPoint(IPAddress.Loopback, 1), source: null, tls: null, new ServerState("", idle, _state));
    }

    /// <summary>One that waits, or has waited.</summary>
    internal sealed record Waiting(Waiter Waiter, ValueTask<QueueOutcome> Task)
    {
        public bool IsOver => Waiter.List is null;

        /// <summary>How it ended; null while it goes on.</summary>
        public QueueOutcome? Outcome => IsOver ? Waiter.Outcome : null;

        /// <summary>The name of the server whose slot it got.</summary>
        public string? Server => Outcome == QueueOutcome.Granted ? Waiter.Server?.Current.Name : null;
    }
}
