using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using ProxyKit.Testing.InMemory;
using ProxyKit.Transport;

namespace ProxyKit.Conformance.Queueing;

/// <summary>Thousands of clients in memory, a proxy with one server of a few slots, and that server, which answers when it is let. The proxy's clock
/// stands still: what happens is the consequence of something that happened, and of no timer.</summary>
internal sealed class QueueCrowd : IAsyncDisposable
{
    private const int MessageRoom = 1024;

    private readonly InMemoryTransport _network = new() { Capacity = MessageRoom };
    private readonly RecordingLoggerProvider _log = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SemaphoreSlim _passes = new(0);
    private readonly ITransportListener _listener;
    private readonly List<Connection> _clients = [];
    private readonly Lock _lock = new(); // guards _arrived
    private readonly List<int> _arrived = [];
    private Proxy? _proxy;
    private int _inside, _most;
    private volatile bool _isOpen;

    public QueueCrowd()
    {
        _time.Advance(TimeSpan.FromSeconds(1)); // a clock that shows zero looks like one that nobody has read
        _listener = _network.Listen(new ListenOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) });
    }

    /// <summary>The most requests that the server has had at once.</summary>
    public int Most => Volatile.Read(ref _most);

    /// <summary>How many the server has at this moment.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>How many wait.</summary>
    public int Waiting => Proxy.GetQueuedRequests("web");

    /// <summary>The numbers of the requests in the order in which the server got them.</summary>
    public int[] Arrived
    {
        get
        {
            lock (_lock)
            {
                return [.. _arrived];
            }
        }
    }

    /// <summary>How many the server has got so far.</summary>
    public int ArrivedCount
    {
        get
        {
            lock (_lock)
            {
                return _arrived.Count;
            }
        }
    }

    /// <summary>How many requests had been served, itself included, when each one got its slot, since it came; 0 where it did not wait.</summary>
    public int[] Places => [.. _log.Entries.Where(static e => e.Category == "ProxyKit.Access").Select(static e => int.Parse(e.Message, CultureInfo.InvariantCulture))];

    private Proxy Proxy => _proxy ?? throw new InvalidOperationException("The test has to start it first.");

    /// <summary>Starts all, with the server closed.</summary>
    public async Task StartAsync(int clients, int slots, Action<FrontendBuilder>? frontend = null)
    {
        _ = AcceptAsync();
        var builder = new ProxyBuilder()
            .AddFrontend("public", f =>
            {
                f.Bind("127.0.0.1:0", b => b.Backlog(clients)).DefaultBackend("web").Configure(static o => o.LogFormat = "%bq");
                frontend?.Invoke(f);
            })
            .AddBackend("web", b => b.QueueTimeout(TimeSpan.FromMinutes(1)).AddServer("s1", _listener.LocalEndPoint!.ToString()!, s => s.MaxConnections(slots)))
            .Configure(o => o.MaxConnections = clients + 1);
        _proxy = new Proxy(
            builder.Build(), new ProxyEnvironment { LoggerFactory = _log, TimeProvider = _time, Transport = _network }, BufferPool.Shared);
        await _proxy.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < clients; i++)
        {
            var made = await _network.ConnectAsync(new ConnectOptions { EndPoint = _proxy.EndPoints[0]! }, TestContext.Current.CancellationToken);
            _clients.Add(made.Connection ?? throw new InvalidOperationException($"{made.Error}"));
        }

        await UntilAsync(() => _proxy.Connections == clients, "all clients to be accepted");
    }

    /// <summary>Has a client wait for the answer to a request that it will send.</summary>
    public Task AnswerAsync(int client) => AnswerAsync(_clients[client]);

    /// <summary>Has a client send a request.</summary>
    public async Task SendAsync(int client, int number)
    {
        var sent = await _clients[client].SendAsync(Encoding.ASCII.GetBytes($"GET /{number} HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: crowd/1.0\r\nAccept: */*\r\n\r\n"));
        Assert.False(sent.HasError);
    }

    /// <summary>Lets so many requests be answered, or all from now on.</summary>
    public void Free(int? count = null)
    {
        _isOpen = count is null;
        _passes.Release(count ?? 1000);
    }

    /// <summary>Waits until something is so that nothing more has to happen for.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < Patience.Limit, $"{Patience.Limit.TotalSeconds} s passed while waiting for {what}");
            await Task.Yield();
        }
    }

    /// <summary>Nothing is left of the requests, once the last ones had time to end.</summary>
    public async Task AssertEmptyAsync()
    {
        var server = Proxy.GetServers("web")[0];
        await UntilAsync(() => server.ActiveRequests == 0, "the last exchanges to end");
        Assert.Equal((0, 0), (server.QueuedRequests, Waiting));
    }

    public async ValueTask DisposeAsync()
    {
        Free();
        _clients.ForEach(static c => c.Dispose());
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        _listener.Dispose();
    }

    private static async Task AnswerAsync(Connection client)
    {
        var buffer = new byte[256];
        var length = 0;
        while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\nok"u8))
        {
            var received = await client.ReceiveAsync(buffer.AsMemory(length));
            Assert.False(received.HasError || received.IsEnd, $"the proxy closed: {received.Error}");
            length += received.Bytes;
        }

        Assert.True(buffer.AsSpan().StartsWith("HTTP/1.1 200"u8));
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync() is { Connection: { } connection })
        {
            _ = Task.Run(() => ServeAsync(connection));
        }
    }

    private async Task ServeAsync(Connection connection)
    {
        using var _ = connection;
        var response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();
        var buffer = new byte[MessageRoom];
        for (var length = 0; await connection.ReceiveAsync(buffer.AsMemory(length)) is { HasError: false, IsEnd: false } received;)
        {
            length += received.Bytes;
            if (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                continue;
            }

            Note(int.Parse(Encoding.ASCII.GetString(buffer, 0, length).Split('/', ' ')[2], CultureInfo.InvariantCulture));
            length = 0;
            if (_isOpen)
            {
                await Task.Yield(); // others come in between
            }
            else
            {
                await _passes.WaitAsync();
            }

            Interlocked.Decrement(ref _inside);
            if ((await connection.SendAsync(response)).HasError)
            {
                return;
            }
        }
    }

    private void Note(int number)
    {
        lock (_lock)
        {
            _arrived.Add(number);
            _most = Math.Max(_most, Interlocked.Increment(ref _inside));
        }
    }
}
