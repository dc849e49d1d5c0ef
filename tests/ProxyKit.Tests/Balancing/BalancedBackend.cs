using System.Net;
using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.Rules;
using ProxyKit.Tests.Rules;

namespace ProxyKit.Tests.Balancing;

/// <summary>A backend that chooses among servers that nobody connects to.</summary>
internal sealed class BalancedBackend
{
    private readonly TestExchange _exchange = TestExchange.For("/");

    private BalancedBackend(Balance? balance, IBalancingStrategy? strategy, Action<BackendOptions>? configure, ServerOptions[] servers)
    {
        var state = new BackendState();
        var options = new BackendOptions { Name = "b" };
        configure?.Invoke(options);
        Backend = new Backend(options, Array.ConvertAll(servers, s => Make(s, state)), state);
        var compiler = new RuleCompiler { Backend = Backend, Stages = RuleStages.Balance };
        Backend.Strategy = strategy ?? balance!.Create(compiler); // one of the two
        state.Adopt(Backend);
    }

    public Backend Backend { get; }

    public Server this[int index] => Backend.Servers[index];

    /// <summary>Servers s1, s2 and so on, of these weights.</summary>
    public static BalancedBackend Of(Balance balance, params int[] weights) => new(balance, null, null, Weighted(weights));

    public static BalancedBackend Of(IBalancingStrategy strategy, params int[] weights) => new(null, strategy, null, Weighted(weights));

    public static BalancedBackend Of(Balance balance, ServerOptions[] servers, Action<BackendOptions>? configure = null) => new(balance, null, configure, servers);

    public static ServerOptions[] Weighted(params int[] weights) =>
        [.. weights.Select(static (w, i) => new ServerOptions { Name = $"s{i + 1}", Address = $"127.0.0.1:{i + 1}", Weight = w })];

    /// <summary>The server of a request for a target.</summary>
    public Server? Pick(string target) => Pick(TestExchange.For(target));

    public Server? Pick(TestExchange? exchange = null, Server? avoid = null)
    {
        var candidates = Backend.Candidates;
        return candidates.Servers.Length == 0 ? null : Backend.Pick(candidates, (exchange ?? _exchange).Context, avoid);
    }

    /// <summary>The server of a request, which stays there.</summary>
    public Server Take(string target = "/")
    {
        var server = Pick(target);
        Assert.NotNull(server);
        Assert.True(server.State.TryEnter());
        return server;
    }

    /// <summary>The names of the servers of requests one after the other, as in <c>s1 s2 s1</c>.</summary>
    public string Order(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => Pick()?.Name ?? "-"));

    /// <summary>How many of so many requests each server gets.</summary>
    public int[] Shares(int count)
    {
        var shares = new int[Backend.Servers.Length];
        for (var i = 0; i < count; i++)
        {
            shares[Array.IndexOf(Backend.Servers, Pick())]++;
        }

        return shares;
    }

    /// <summary>The servers of targets that differ.</summary>
    public Server?[] Map(int count) => [.. Enumerable.Range(0, count).Select(i => Pick($"/item/{i}"))];

    private static Server Make(ServerOptions options, BackendState state) => new(
        "b",
        options,
        IPEndPoint.Parse(options.Address),
        source: null,
        tls: null,
        new ServerState("", new IdleConnections(0, TimeSpan.Zero, TimeProvider.System), state)
        {
            Place = options.Resolution is null ? null : new ServerPlace(null, IPEndPoint.Parse(options.Address)),
        });
}
