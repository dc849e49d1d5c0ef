using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Polly;
using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.CircuitBreakers;
using ProxyKit.Conformance.Relay;

namespace ProxyKit.Conformance.Failures.Chaos;

/// <summary>Servers that are killed, hang, refuse, answer garbage, close in the midst of an answer and come back, at random, under load: as long as one of them is well,
/// no client sees an error that a proxy can hide, and nothing is left behind in the end.</summary>
/// <remarks>Each case takes six seconds, or as many as the environment variable <c>PROXYKIT_CHAOS_SECONDS</c> says: 60 is what is to be held. What happens follows from a seed,
/// which a failure names and <c>PROXYKIT_CHAOS_SEED</c> sets, as far as the threads' own turns let it. Alone, since it takes what the machine has.</remarks>
[Collection(typeof(MeasuredAlone))]
public sealed class ChaosTests(ITestOutputHelper output) : IAsyncDisposable
{
    private const int Servers = 4, Clients = 24;

    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(1); // after which the proxy has had enough of a server; a busy machine stops the one that is well too, for less than that
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(1); // likewise
    private static readonly TimeSpan Grace = CheckLimit + Hang; // until all is over that was asked of a server before it was well
    private static readonly Mood[] Moods = Enum.GetValues<Mood>();

    private readonly List<ChaosServer> _servers = [];
    private readonly LeakCheckingBufferPool _pool = new();
    private readonly RecordingLoggerProvider _log = new() { MinimumLevel = LogLevel.Warning };
    private readonly int _seed = Setting("PROXYKIT_CHAOS_SEED") ?? Random.Shared.Next();
    private Proxy? _proxy;

    private Proxy Proxy => _proxy ?? throw new InvalidOperationException("It is started first.");

    public async ValueTask DisposeAsync()
    {
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Servers that are marked down by their checks and by what clients' requests meet there.</summary>
    [Fact]
    public Task No_client_sees_an_error_where_servers_are_observed() => SurviveAsync(
        static backend => backend.CheckHttp("GET", "/0/1", Often),
        static server => server.Observe(ObservedLayer.Responses, errorLimit: 5, ErrorReaction.MarkDown));

    /// <summary>Servers whose circuits open, without a check.</summary>
    [Fact]
    public Task No_client_sees_an_error_where_circuits_open() => SurviveAsync(static backend => backend
        .CircuitBreaker(static c => c.MinimumThroughput(5).SampleOver(TimeSpan.FromSeconds(1)).BreakFor(TimeSpan.FromSeconds(0.5)).Trials(2)));

    /// <summary>Servers that others are asked beside, with strategies around each attempt.</summary>
    [Fact]
    public Task No_client_sees_an_error_where_slow_servers_are_hedged() => SurviveAsync(static backend => backend
        .CheckHttp("GET", "/0/1", Often)
        .Hedge(static hedge => hedge.After(TimeSpan.FromMilliseconds(50)).MaxAttempts(3).MaxShare(1))
        .Resilience(static pipeline => pipeline.AddTimeout(TimeSpan.FromSeconds(5))));

    private static void Often(CheckBuilder check) => check.Every(TimeSpan.FromMilliseconds(100)).Fall(3).Rise(2).Timeout(CheckLimit);

    private async Task SurviveAsync(Action<BackendBuilder> configure, Action<ServerBuilder>? configureServer = null)
    {
        output.WriteLine($"PROXYKIT_CHAOS_SEED={_seed}");
        await StartAsync(configure, configureServer);
        var clients = new ChaosClients(Proxy.EndPoints[0]!, _servers, _seed); // one bind, which listens
        clients.Start(Clients);
        await UntilAsync(() => _servers.TrueForAll(static s => s.Answered > 50), "all servers to be warm");
        await RageAsync(TimeSpan.FromSeconds(Setting("PROXYKIT_CHAOS_SECONDS") ?? 6), clients);
        await ComeBackAsync();
        await clients.StopAsync();

        output.WriteLine($"{clients.Requests} requests, {clients.Cut} answers cut by their servers, {clients.Errors.Count} errors; answered by {string.Join(", ", _servers.Select(static s => s.Answered))}");
        foreach (var entry in clients.Errors.Count == 0 ? [] : _log.Entries.TakeLast(40))
        {
            output.WriteLine(entry.Message);
        }

        Assert.True(clients.Errors.Count == 0, $"Seed {_seed}: of {clients.Requests} requests {clients.Errors.Count} failed:\n{string.Join('\n', clients.Errors.Take(20))}");
        await AssertNothingLeftAsync();
    }

    private async Task StartAsync(Action<BackendBuilder> configure, Action<ServerBuilder>? configureServer)
    {
        var builder = new ProxyBuilder();
        builder.AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web").Configure(static o => o.AccessLog = false));
        builder.AddBackend("web", backend =>
        {
            backend
                .Retries(8)
                .RetryOn(RetryCauses.ConnectFailure | RetryCauses.EmptyResponse | RetryCauses.JunkResponse | RetryCauses.ResponseTimeout, 500, 502, 503, 504)
                .ConnectTimeout(Hang)
                .QueueTimeout(TimeSpan.FromSeconds(10))
                .ServerTimeout(Hang);
            configure(backend);
            for (var i = 1; i <= Servers; i++)
            {
                var server = new ChaosServer(i, _seed + (1000 * i));
                _servers.Add(server);
                backend.AddServer(server.Name, server.EndPoint.ToString(), s =>
                {
                    s.MaxConnections(Clients / 3);
                    configureServer?.Invoke(s);
                });
            }
        });
        _proxy = new Proxy(builder.Build(), new ProxyEnvironment { LoggerFactory = _log }, _pool);
        await _proxy.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Changes moods at random. One server is well all the while, and which one changes too: the next takes over once the proxy knows it for well, and
    /// what was asked of it before it was so is over.</summary>
    private async Task RageAsync(TimeSpan time, ChaosClients clients)
    {
        var random = new Random(_seed);
        var clock = Stopwatch.StartNew();
        for (var well = 0; clock.Elapsed < time && clients.Errors.Count < 20;)
        {
            for (var change = random.Next(4, 9); change > 0; change--)
            {
                var next = random.Next(Servers);
                if (next != well)
                {
                    _servers[next].Become(Moods[random.Next(Moods.Length)]);
                }

                await Task.Delay(random.Next(30, 120));
            }

            var heir = (well + 1 + random.Next(Servers - 1)) % Servers;
            _servers[heir].Become(Mood.Well);
            await Task.Delay(Grace);
            await UntilAsync(() => IsTrusted(heir), $"{_servers[heir].Name} to be trusted again");
            well = heir;
        }
    }

    private async Task ComeBackAsync()
    {
        _servers.ForEach(static s => s.Become(Mood.Well));
        await UntilAsync(() => Enumerable.Range(0, Servers).All(IsTrusted), "all servers to be trusted again");
        var before = _servers.ConvertAll(static s => s.Answered);
        await UntilAsync(() => _servers.Zip(before).All(static s => s.First.Answered > s.Second), "all servers to have work again");
    }

    private bool IsTrusted(int server) => Proxy.GetServers("web")[server].IsUp
        && Proxy.GetCircuitBreakers("web").All(c => c.Name != $"web/{_servers[server].Name}" || c.State == CircuitState.Closed);

    private async Task AssertNothingLeftAsync()
    {
        var servers = Proxy.GetServers("web");
        var state = servers[0].State.Backend;
        await UntilAsync(() => Proxy.Connections == 0, "the clients' connections to be gone");
        await UntilAsync(
            () => servers.All(static s => s is { ActiveRequests: 0, QueuedRequests: 0 }) && state is { Active: 0, Retrying: 0, QueuedForAny: 0 },
            "all that was counted to be counted out");
        await Proxy.StopAsync(TestContext.Current.CancellationToken);
        await _pool.AssertNothingRentedAsync();
        await UntilAsync(() => _servers.All(static s => s.OpenConnections == 0), "the servers' connections to be closed");
        Assert.DoesNotContain(_log.Entries, static e => e.Exception is not null);
    }

    private async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var patience = Stopwatch.StartNew(); !condition();)
        {
            Assert.True(patience.Elapsed < Patience.Limit, $"Seed {_seed}: {Patience.Limit.TotalSeconds} s passed while waiting for {what}.");
            await Task.Delay(10);
        }
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;
}
