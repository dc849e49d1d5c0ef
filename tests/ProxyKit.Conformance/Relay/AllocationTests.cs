using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace ProxyKit.Conformance.Relay;

/// <summary>Alone, since what others allocate meanwhile would be counted too.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class MeasuredAlone;

[Collection(typeof(MeasuredAlone))]
public sealed class AllocationTests
{
    private const int Clients = 4, WarmUp = 4000, Measured = 2000, Windows = 8;

    [Fact]
    public Task Relay_of_a_keepalive_request_allocates_nothing() => AssertNoneAsync();

    [Fact]
    public Task Relay_of_a_keepalive_request_that_may_be_hedged_allocates_nothing() => AssertNoneAsync(backend: static backend => backend.Hedge());

    [Fact]
    public Task Relay_of_a_keepalive_request_that_tells_of_its_client_allocates_nothing() => AssertNoneAsync(
        frontend: static frontend => frontend.Forwarded(
            ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost | ForwardedHeaders.Forwarded),
        backend: static backend => backend.Configure(static o => o.Forwarded = new()
        {
            Proto = true, Host = Value.Parse("req.hdr(host)"), By = Value.Parse("str(_gw)"), For = Value.Parse("src"), ForPort = Value.Parse("src_port"),
        }));

    [Fact]
    public Task Relay_of_a_keepalive_request_of_a_tier_allocates_nothing() => AssertNoneAsync(
        static proxy => proxy.AddTiers("plans", static tiers => tiers
            .CountBy(Value.Parse("req.hdr(user-agent)"), Value.Parse("src"))
            .TierBy(Value.Parse("req.hdr(accept)"))
            .DefaultTier("gold")
            .AddTier("gold", static tier => tier
                .PreferServers("s1")
                .Limit(1_000_000, TimeSpan.FromSeconds(1))
                .SlidingLimit(10_000_000, TimeSpan.FromMinutes(1))
                .Quota(1_000_000_000, Tiers.QuotaPeriod.Month)
                .Concurrency(100))
            .ChargeBy(Value.Parse("res.hdr(content-length)"))),
        static frontend => frontend.UseTiers("plans"));

    [Fact]
    public async Task Relay_of_a_metered_keepalive_request_allocates_nothing()
    {
        var folder = Directory.CreateTempSubdirectory("proxykit-usage-").FullName;
        await AssertNoneAsync(
            proxy => proxy.AddMetering(m => m.Journal(folder).CountBy(Value.Parse("src")).Meter("length", Value.Parse("res.hdr(content-length)"))));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task AssertNoneAsync(
        Action<ProxyBuilder>? proxy = null, Action<FrontendBuilder>? frontend = null, Action<BackendBuilder>? backend = null)
    {
        Assert.SkipWhen(
            typeof(Proxy).Assembly.GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true,
            "In a debug build the state of every async method is an object: run this with -c Release.");
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Run(() => Accept(listener));
        await using var running = Proxy.Create(p =>
        {
            p.AddFrontend("public", f =>
                {
                    f.Bind("127.0.0.1:0").DefaultBackend("web");
                    frontend?.Invoke(f);
                })
                .AddBackend("web", b =>
                {
                    b.AddServer("s1", listener.LocalEndPoint!.ToString()!);
                    backend?.Invoke(b);
                });
            proxy?.Invoke(p);
        });
        await running.StartAsync(TestContext.Current.CancellationToken);
        using var step = new Barrier(Clients + 1);
        for (var i = 0; i < Clients; i++)
        {
            Run(() => Request(running.EndPoints[0]!, step));
        }

        var least = double.MaxValue;
        step.SignalAndWait(TestContext.Current.CancellationToken); // warm
        for (var window = 0; window < Windows; window++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            step.SignalAndWait(TestContext.Current.CancellationToken);
            step.SignalAndWait(TestContext.Current.CancellationToken);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)(Clients * Measured));
        }

        Assert.True(least < 1, $"{least} bytes a request");
    }

    private static void Request(EndPoint address, Barrier step)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(address);
        var request = "GET /path HTTP/1.1\r\nHost: a.example\r\nUser-Agent: test\r\nAccept: */*\r\n\r\n"u8.ToArray();
        var buffer = new byte[4096];
        Exchange(socket, request, buffer, WarmUp);
        step.SignalAndWait();
        for (var window = 0; window < Windows; window++)
        {
            step.SignalAndWait();
            Exchange(socket, request, buffer, Measured);
            step.SignalAndWait();
        }
    }

    private static void Exchange(Socket socket, byte[] request, byte[] buffer, int times)
    {
        for (var i = 0; i < times; i++)
        {
            socket.Send(request);
            var received = 0;
            do
            {
                received += socket.Receive(buffer.AsSpan(received));
            }
            while (!buffer.AsSpan(0, received).EndsWith("hello"u8));
        }
    }

    private static void Accept(Socket listener)
    {
        try
        {
            while (true)
            {
                var socket = listener.Accept();
                Run(() => Answer(socket));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static void Answer(Socket socket)
    {
        using var _ = socket;
        socket.NoDelay = true;
        var response = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray();
        var buffer = new byte[4096];
        try
        {
            for (var received = 0; ;)
            {
                var count = socket.Receive(buffer.AsSpan(received));
                if (count == 0)
                {
                    return;
                }

                received += count;
                if (buffer.AsSpan(0, received).EndsWith("\r\n\r\n"u8))
                {
                    received = 0;
                    socket.Send(response);
                }
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
    }

    private static void Run(ThreadStart work) => new Thread(work) { IsBackground = true }.Start();
}
