using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Conformance.Relay;

namespace ProxyKit.Conformance.Queueing;

/// <summary>Thousands of clients in one queue. Alone, since it takes what the machine has.</summary>
[Collection(typeof(MeasuredAlone))]
public sealed class QueueLoadTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const int Clients = 5000, Slots = 10;

    private static readonly TimeSpan Enough = TimeSpan.FromMinutes(3);

    private readonly Socket _listener = Listen();
    private Proxy? _proxy;
    private int _inside, _most, _served, _sent;
    private long _displaced, _busy;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>A hundred thousand requests: no slot is given twice, nobody is forgotten, and who came first is served first, as nearly as thousands of
    /// clients on one machine can tell: a request is served, on the average, within a small part of the queue of when it was sent.</summary>
    [Fact]
    public async Task Thousands_of_clients_take_turns_at_a_few_slots()
    {
        const int Rounds = 20;
        await StartAsync(TimeSpan.Zero);
        var clients = await ConnectAsync();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(clients.Select(client => Task.Run(async () =>
        {
            var buffer = new byte[1024];
            for (var round = 0; round < Rounds; round++)
            {
                await ExchangeAsync(client, buffer);
            }
        }))).WaitAsync(Enough, TestContext.Current.CancellationToken);

        output.WriteLine($"{Clients * Rounds} requests in {clock.Elapsed.TotalSeconds:F1} s, at most {_most} at once, {_displaced / _served} places from their turn on the average");
        Assert.Equal(Clients * Rounds, _served);
        Assert.InRange(_most, 1, Slots);
        Assert.InRange(_displaced / _served, 0, Clients / 5);
        await AssertEmptyAsync();
        clients.ForEach(static c => c.Dispose());
    }

    /// <summary>Ten slots of ten milliseconds each: five thousand take five seconds, and the queue adds next to nothing.</summary>
    [Fact]
    public async Task Long_queue_empties_as_fast_as_the_servers_go()
    {
        var each = TimeSpan.FromMilliseconds(10);
        await StartAsync(each);
        var clients = await ConnectAsync();
        var idle = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        var all = clients.Select(client => ExchangeAsync(client, new byte[1024])).ToArray();
        while (_proxy!.GetQueuedRequests("web") + _served < Clients - Slots && clock.Elapsed < Enough)
        {
            await Task.Yield();
        }

        var waiting = _proxy.GetQueuedRequests("web");
        output.WriteLine($"{waiting} wait after {clock.Elapsed.TotalSeconds:F2} s: {(GC.GetTotalMemory(forceFullCollection: true) - idle) / (waiting + 1)} bytes each, client included");
        await Task.WhenAll(all).WaitAsync(Enough, TestContext.Current.CancellationToken);

        var alone = Stopwatch.GetElapsedTime(0, _busy) / Slots; // what the server took, which on a busy machine is more than it was to
        output.WriteLine($"emptied in {clock.Elapsed.TotalSeconds:F2} s; the server alone took {alone.TotalSeconds:F2} s");
        Assert.Equal(Slots, _most);
        Assert.InRange(clock.Elapsed, alone * 0.9, (alone * 3) + TimeSpan.FromSeconds(2)); // a machine with other work is slow, not wrong
        await AssertEmptyAsync();
        clients.ForEach(static c => c.Dispose());
    }

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return listener;
    }

    private async Task ExchangeAsync(Socket client, byte[] buffer)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes($"GET /{Interlocked.Increment(ref _sent)} HTTP/1.1\r\nHost: a\r\n\r\n"));
        var received = 0;
        do
        {
            var count = await client.ReceiveAsync(buffer.AsMemory(received));
            Assert.True(count > 0, "the proxy closed");
            received += count;
        }
        while (!buffer.AsSpan(0, received).EndsWith("\r\n\r\nok"u8));
        Assert.True(buffer.AsSpan().StartsWith("HTTP/1.1 200"u8));
    }

    private async Task StartAsync(TimeSpan each)
    {
        _ = AcceptAsync(each);
        _proxy = Proxy.Create(p => p
            .AddFrontend("public", f => f.Bind("127.0.0.1:0", static b => b.Backlog(Clients)).DefaultBackend("web").ClientTimeout(Enough).Configure(static o => o.AccessLog = false))
            .AddBackend("web", b => b.QueueTimeout(Enough).AddServer("s1", _listener.LocalEndPoint!.ToString()!, static s => s.MaxConnections(Slots)))
            .Configure(static o => o.MaxConnections = Clients * 2));
        await _proxy.StartAsync(TestContext.Current.CancellationToken);
    }

    private async Task<List<Socket>> ConnectAsync()
    {
        var clients = new List<Socket>();
        for (var i = 0; i < Clients; i++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await client.ConnectAsync(_proxy!.EndPoints[0]!, TestContext.Current.CancellationToken);
            clients.Add(client);
        }

        return clients;
    }

    private async Task AcceptAsync(TimeSpan each)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                _ = Task.Run(() => ServeAsync(socket, each));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket, TimeSpan each)
    {
        using var _ = socket;
        socket.NoDelay = true;
        var response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray();
        var buffer = new byte[4096];
        try
        {
            for (var received = 0; await socket.ReceiveAsync(buffer.AsMemory(received)) is > 0 and var count;)
            {
                received += count;
                if (!buffer.AsSpan(0, received).EndsWith("\r\n\r\n"u8))
                {
                    continue;
                }

                received = 0;
                var number = int.Parse(Encoding.ASCII.GetString(buffer).Split('/', ' ')[2], CultureInfo.InvariantCulture);
                var began = Stopwatch.GetTimestamp();
                InterlockedMax(Interlocked.Increment(ref _inside));
                if (each > TimeSpan.Zero)
                {
                    await Task.Delay(each);
                }

                Interlocked.Add(ref _busy, Stopwatch.GetTimestamp() - began);
                Interlocked.Decrement(ref _inside);
                Interlocked.Add(ref _displaced, Math.Abs(number - Interlocked.Increment(ref _served)));
                await socket.SendAsync(response);
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
    }

    private void InterlockedMax(int value)
    {
        var seen = Volatile.Read(ref _most);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref _most, value, seen);
            seen = before == seen ? value : before;
        }
    }

    /// <summary>The last responses are out before their exchanges are over.</summary>
    private async Task AssertEmptyAsync()
    {
        var server = _proxy!.GetServers("web")[0];
        var patience = Stopwatch.StartNew();
        while (server.ActiveRequests > 0 && patience.Elapsed < Patience.Limit)
        {
            await Task.Yield();
        }

        Assert.Equal((0, 0, 0), (server.ActiveRequests, server.QueuedRequests, _proxy.GetQueuedRequests("web")));
    }
}
