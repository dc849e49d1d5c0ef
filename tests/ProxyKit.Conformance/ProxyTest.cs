using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using ProxyKit.Testing.InMemory;

namespace ProxyKit.Conformance;

/// <summary>A proxy with its clients and origins, on one carrier and on a clock that stands still unless the test moves it. In the end clients and
/// origins go away, and then nothing of theirs may be left in the proxy: no connection, no request, no buffer.</summary>
public abstract class ProxyTest : IAsyncDisposable
{
    private readonly LeakCheckingBufferPool _pool = new();
    private readonly List<IAsyncDisposable> _clients = [], _origins = [];
    private readonly HashSet<string> _backends = [];
    private readonly RecordingLoggerProvider _log = new();
    private readonly Carrier _carrier;
    private Proxy? _proxy;

    /// <param name="carrier">What carries the bytes.</param>
    /// <param name="capacity">How many bytes are under way in memory at most before a send waits.</param>
    /// <param name="signalsInline">Whether in memory who waits for bytes goes on inside the send of them.</param>
    protected ProxyTest(Carrier carrier, int capacity = 64 * 1024, bool signalsInline = false)
    {
        _carrier = carrier;
        Time.Advance(TimeSpan.FromSeconds(1)); // since a clock that shows zero looks like one that nobody has read
        Network = new InMemoryTransport
        {
            Capacity = capacity,
            SignalsInline = signalsInline,
            ReceiveSize = carrier == Carrier.Pieces ? ReceiveSizes.Of(1, 2, 3, 5, 8, 300, 1, 13, 1000) : null,
        };
    }

    /// <summary>The clock. It goes on only when nothing else is at work, so that neither sockets nor threads race against it.</summary>
    protected ManualTimeProvider Time { get; } = new() { LetsOthersFinish = true };

    /// <summary>What was logged by all that is over: a line may come a moment after the answer that it tells of.</summary>
    protected RecordingLoggerProvider Log => Still(_log);

    /// <summary>What carries the bytes where that is not sockets.</summary>
    protected InMemoryTransport Network { get; }

    protected bool IsInMemory => _carrier != Carrier.Sockets;

    /// <summary>The proxy, once it has finished what it was told: counters, connections and slots may change a moment after an answer.</summary>
    protected Proxy Proxy => Still(Running);

    /// <summary>Makes the proxy's meter; null for one like any other.</summary>
    protected IMeterFactory? Meters { get; set; }

    /// <summary>How many exceptions of user code the test provokes.</summary>
    protected int ExpectedFaults { get; set; }

    /// <summary>Waits until the proxy holds no buffer.</summary>
    protected Task NoBuffersAsync() => _pool.AssertNothingRentedAsync();

    /// <summary>How many buffers the proxy has borrowed at this moment, and the most it ever had.</summary>
    protected (int Now, int Most) Buffers => (Still(_pool).Rented, _pool.MaxRented);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await DisposeAllAsync(_clients);
        await DisposeAllAsync(_origins);
        if (_proxy is null)
        {
            return;
        }

        using (var patience = new CancellationTokenSource(Patience.Limit))
        {
            await _proxy.StopAsync(patience.Token);
            Assert.False(patience.IsCancellationRequested, "A session did not end though its client and its server are gone.");
        }

        Assert.Equal(0, _proxy.Connections);
        foreach (var server in _backends.SelectMany(ServersOf))
        {
            Assert.True(server.ActiveRequests == 0, $"{server} still counts {server.ActiveRequests} requests");
        }

        await _proxy.DisposeAsync();
        await _pool.AssertNothingRentedAsync();
        Assert.Equal(ExpectedFaults, _log.Entries.Count(static e => e.Exception is not null));
    }

    /// <summary>What a proxy is made of that has one frontend, <c>public</c>, and one backend, <c>web</c>, with servers <c>s1</c>, <c>s2</c> and so on.</summary>
    protected static Action<ProxyBuilder> Compose(
        IEnumerable<WireOrigin> origins, Action<FrontendBuilder>? frontend = null, Action<BackendBuilder>? backend = null) => proxy => proxy
        .AddFrontend("public", f =>
        {
            f.Bind("127.0.0.1:0").DefaultBackend("web");
            frontend?.Invoke(f);
        })
        .AddBackend("web", b =>
        {
            foreach (var (index, origin) in origins.Index())
            {
                b.AddServer($"s{index + 1}", origin.Address);
            }

            backend?.Invoke(b);
        });

    /// <summary>Starts a proxy as <see cref="Compose"/> makes it.</summary>
    protected Task StartAsync(WireOrigin origin, Action<FrontendBuilder>? frontend = null, Action<BackendBuilder>? backend = null) =>
        StartAsync(Compose([origin], frontend, backend));

    protected Task StartAsync(Action<ProxyBuilder> configure)
    {
        _proxy = Create(configure);
        return _proxy.StartAsync(TestContext.Current.CancellationToken);
    }

    protected Proxy Create(Action<ProxyBuilder> configure)
    {
        var builder = new ProxyBuilder();
        configure(builder);
        var options = builder.Build();
        _backends.UnionWith(options.Backends.Select(static b => b.Name));
        var environment = new ProxyEnvironment { LoggerFactory = _log, TimeProvider = Time, Transport = IsInMemory ? Network : null, MeterFactory = Meters };
        return new Proxy(options, environment, _pool);
    }

    protected Task ReloadAsync(Action<ProxyBuilder> configure) => Running.ReloadAsync(configure, TestContext.Current.CancellationToken);

    protected Server Server(int number = 1) => Proxy.GetServers("web")[number - 1];

    /// <summary>An origin whose script runs once a request was read, or, where <paramref name="early"/>, once its head was.</summary>
    protected WireOrigin Origin(Func<WireExchange, Task> answer, bool early = false)
    {
        var origin = IsInMemory ? WireOrigin.Start(Network, AnyPort, answer, early)
            : early ? WireOrigin.StartEarly(answer)
            : WireOrigin.Start(answer);
        _origins.Add(origin);
        return origin;
    }

    /// <summary>An origin that gives the same answer to all.</summary>
    protected WireOrigin OriginAnswering(params string[] lines) => Origin(exchange => exchange.AnswerAsync(lines));

    /// <summary>An origin that gives <c>200</c> and a body of "ok" to all.</summary>
    protected WireOrigin OkOrigin() => Origin(exchange => exchange.AnswerOkAsync());

    /// <summary>An origin that knows no HTTP.</summary>
    protected WireOrigin RawOrigin(Func<Wire, Task> converse)
    {
        var origin = IsInMemory ? WireOrigin.StartRaw(Network, AnyPort, converse) : WireOrigin.StartRaw(converse);
        _origins.Add(origin);
        return origin;
    }

    /// <summary>A client of the proxy's first bind, or another.</summary>
    protected Task<WireClient> ConnectAsync(int bind = 0) =>
        ConnectAsync(Running.EndPoints[bind] ?? throw new InvalidOperationException("The bind has no address."));

    protected async Task<WireClient> ConnectAsync(EndPoint address)
    {
        var client = IsInMemory ? await WireClient.ConnectAsync(Network, address) : await WireClient.ConnectAsync(address);
        _clients.Add(client);
        return client;
    }

    /// <summary>Waits for what nobody tells of.</summary>
    protected static async Task UntilAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        ArgumentNullException.ThrowIfNull(condition);
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < Patience.Limit, $"This did not come about: {what}");
            await Task.Delay(2);
        }
    }

    /// <summary>Has something disposed of before the proxy is looked at.</summary>
    protected T DisposeFirst<T>(T disposable)
        where T : IAsyncDisposable
    {
        _clients.Add(disposable);
        return disposable;
    }

    /// <summary>One GET on a connection of its own.</summary>
    protected async Task<WireMessage> GetAsync(string target = "/")
    {
        await using var client = await ConnectAsync();
        return await GetAsync(client, target);
    }

    protected static async Task<WireMessage> GetAsync(WireClient client, string target = "/")
    {
        ArgumentNullException.ThrowIfNull(client);
        await client.SendAsync($"GET {target} HTTP/1.1", "Host: a", "", "");
        return await client.ReadResponseAsync();
    }

    /// <summary>A line of the access log, also one that is written only later.</summary>
    protected async Task<AccessLine> LoggedAsync(int number = 1)
    {
        var seen = 0;
        var entry = await Log.WaitForAsync(entry => entry.Category == "ProxyKit.Access" && ++seen == number);
        return new AccessLine(entry.Message);
    }

    /// <summary>Moves the clock on, from one timer to the next, until something has happened; in between all that is under way may finish.</summary>
    protected Task AdvanceUntilAsync(Task outcome, [CallerArgumentExpression(nameof(outcome))] string what = "")
    {
        ArgumentNullException.ThrowIfNull(outcome);
        return AdvanceUntilAsync(() => outcome.IsCompleted, outcome, what);
    }

    /// <summary>The same, until something is so.</summary>
    protected Task AdvanceUntilAsync(Func<bool> outcome, [CallerArgumentExpression(nameof(outcome))] string what = "") =>
        AdvanceUntilAsync(outcome, Task.CompletedTask, what);

    protected async Task<T> AdvanceUntilAsync<T>(Task<T> outcome, [CallerArgumentExpression(nameof(outcome))] string what = "")
    {
        await AdvanceUntilAsync((Task)outcome, what);
        return await outcome;
    }

    private async Task AdvanceUntilAsync(Func<bool> isDone, Task outcome, string what)
    {
        var (patience, paused) = (Stopwatch.StartNew(), Time.GetTimestamp());
        Stillness.Wait();
        while (!isDone())
        {
            Assert.True(patience.Elapsed < Patience.Limit, $"The clock went on, but this did not happen: {what}");
            Time.AdvanceToNext(Pause);
            if (Time.GetElapsedTime(paused) >= Pause)
            {
                await Task.Delay(2); // another process may have a part in it
                paused = Time.GetTimestamp();
            }
        }

        await outcome;
    }

    private static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Something to look at, when nothing is at work any more.</summary>
    private static T Still<T>(T seen)
    {
        Stillness.Wait();
        return seen;
    }

    private Proxy Running => _proxy ?? throw new InvalidOperationException("The test has to start a proxy first.");

    private static IPEndPoint AnyPort => new(IPAddress.Loopback, 0);

    private static async Task DisposeAllAsync(List<IAsyncDisposable> all)
    {
        foreach (var one in all)
        {
            await one.DisposeAsync();
        }
    }

    private IEnumerable<Server> ServersOf(string backend)
    {
        try
        {
            return Proxy.GetServers(backend);
        }
        catch (ArgumentException)
        {
            return []; // a reload has taken it out
        }
    }
}
