using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
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
    private int _inside, _most, _served;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>A hundred thousand requests: no slot is given twice, nobody is forgotten, and nobody is overtaken: who comes back after its
    /// turn is behind all who wait.</summary>
    [Fact]
    public async Task Thousands_of_clients_take_turns_at_a_few_slots()
    {
        const int Rounds = 20, Lead = 3;
        await StartAsync(TimeSpan.Zero);
        var clients = await ConnectAsync();
        var done = new int[Rounds];
        var overtaken = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(clients.Select(client => Task.Run(async () =>
        {
            var buffer = new byte[1024];
            for (var round = 0; round < Rounds; round++)
            {
                await ExchangeAsync(client, buffer);
                Interlocked.Increment(ref done[round]);
                if (round >= Lead && Volatile.Read(ref done[round - Lead]) < Clients)
                {
                    Interlocked.Increment(ref overtaken);
                }
            }
        }))).WaitAsync(Enough, TestContext.Current.CancellationToken);

        output.WriteLine($"{Clients * Rounds} requests in {clock.Elapsed.TotalSeconds:F1} s, at most {_most} at once, {overtaken} ahead of their turn");
        Assert.Equal(Clients * Rounds, _served);
        Assert.InRange(_most, Slots, Slots);
        Assert.Equal(0, overtaken);
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
        var all = clients.Select(static client => ExchangeAsync(client, new byte[1024])).ToArray();
        while (_proxy!.GetQueuedRequests("web") + _served < Clients - Slots && clock.Elapsed < Enough)
        {
            await Task.Yield();
        }

        var waiting = _proxy.GetQueuedRequests("web");
        output.WriteLine($"{waiting} wait after {clock.Elapsed.TotalSeconds:F2} s: {(GC.GetTotalMemory(forceFullCollection: true) - idle) / (waiting + 1)} bytes each, client included");
        await Task.WhenAll(all).WaitAsync(Enough, TestContext.Current.CancellationToken);

        var ideal = each * Clients / Slots;
        output.WriteLine($"emptied in {clock.Elapsed.TotalSeconds:F2} s; the servers alone need {ideal.TotalSeconds:F2} s");
        Assert.InRange(clock.Elapsed, ideal * 0.9, ideal * 3); // a machine with other work is slow, not wrong
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

    private static async Task ExchangeAsync(Socket client, byte[] buffer)
    {
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray());
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
                InterlockedMax(Interlocked.Increment(ref _inside));
                if (each > TimeSpan.Zero)
                {
                    await Task.Delay(each);
                }

                Interlocked.Decrement(ref _inside);
                Interlocked.Increment(ref _served);
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
