using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.Rules;
using ProxyKit.Runtime;

namespace ProxyKit.Tests.Balancing;

/// <summary>What a <see cref="Balance"/> says of itself, and what is refused.</summary>
public sealed class BalanceTests
{
    public static TheoryData<Balance, BalanceKind, string> Built => new()
    {
        { Balance.RoundRobin, BalanceKind.RoundRobin, "roundrobin" },
        { Balance.StaticRoundRobin, BalanceKind.StaticRoundRobin, "static-rr" },
        { Balance.LeastConnections, BalanceKind.LeastConnections, "leastconn" },
        { Balance.First, BalanceKind.First, "first" },
        { Balance.Sticky, BalanceKind.Sticky, "sticky" },
        { Balance.Random(), BalanceKind.Random, "random" },
        { Balance.Random(1), BalanceKind.Random, "random(1)" },
        { Balance.PeakEwma(), BalanceKind.PeakEwma, "peak-ewma" },
        { Balance.Source(), BalanceKind.Source, "source" },
        { Balance.Uri(whole: true, pathOnly: true, length: 9, depth: 2), BalanceKind.Uri, "uri whole path-only len 9 depth 2" },
        { Balance.UrlParameter("id"), BalanceKind.UrlParameter, "url_param id" },
        { Balance.Header("host", domainOnly: true), BalanceKind.Header, "hdr(host) use_domain_only" },
        { Balance.RdpCookie(), BalanceKind.RdpCookie, "rdp-cookie(mstshash)" },
        { Balance.Hash(Value.Parse("path,lower")), BalanceKind.Hash, "hash path,lower" },
    };

    [Theory]
    [MemberData(nameof(Built))]
    public void Balance_says_what_it_is(Balance balance, BalanceKind kind, string name)
    {
        ArgumentNullException.ThrowIfNull(balance);

        Assert.Equal((kind, name), (balance.Description.Kind, balance.Name));
    }

    [Fact]
    public void Balance_by_a_key_is_a_bounded_ring_unless_something_else_is_said()
    {
        Assert.Equal(HashType.Bounded, Balance.Uri().Description.HashType);
        Assert.Equal(HashType.MapBased, Balance.Uri().With(HashType.MapBased).Description.HashType);
        Assert.Null(Balance.First.With(HashType.MapBased).Description.HashType);
    }

    [Fact]
    public void Arguments_out_of_range_are_refused_at_once()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Balance.Random(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Balance.Uri(depth: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Balance.Uri(length: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Balance.PeakEwma(decay: TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => Balance.Header(""));
    }

    [Fact]
    public async Task Key_that_is_not_known_yet_is_refused_with_its_place()
    {
        await Assert.ThrowsAsync<ProxyConfigurationException>(async () => await StartAsync(Balance.Hash(Value.Parse("res.hdr(x)"))));

        var fault = await Assert.ThrowsAsync<ProxyConfigurationException>(async () => await StartAsync(Balance.Hash(Value.Parse("res.hdr(x)")).From("a.cfg:7")));

        Assert.Contains("a.cfg:7: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("res.hdr", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_hash_is_told_at_once()
    {
        var hash = HashType.MapBased with { BalanceFactor = 90, PointsPerWeight = 0, Function = (HashFunction)9, Affinity = HashAffinity.MaxQueue };
        var faults = Faults(b => b.Balance(Balance.Uri(hash: hash)));

        Assert.Equal(
            ["Affinity", "BalanceFactor", "BalanceFactor", "Function", "PointsPerWeight"],
            faults.Select(static f => f.Split(" > ")[^1].Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.All(faults, static f => Assert.StartsWith("backend \"b\" > Balance > HashType > ", f, StringComparison.Ordinal));
    }

    [Fact]
    public void Key_of_the_request_is_refused_in_TCP_mode()
    {
        var faults = Faults(b => b.Mode(ProxyMode.Tcp).Balance(Balance.Header("host")));

        Assert.Equal("backend \"b\" > Balance: \"hdr(host)\" goes by the request, which there is none of in TCP mode.", Assert.Single(faults));
    }

    [Fact]
    public void What_is_wrong_with_servers_is_told_at_once()
    {
        var faults = Faults(b => b
            .AddServer("s1", "127.0.0.1:1", s => s.Configure(o => (o.Id, o.SlowStart) = (3, TimeSpan.Zero)))
            .AddServer("s2", "127.0.0.1:1", s => s.Configure(o => (o.Id, o.Guid) = (3, "a/b")))
            .AddServer("s3", "127.0.0.1:1", s => s.Configure(o => o.Id = 0)));

        Assert.Equal(
            [
                "backend \"b\" > Servers: \"s1\" and \"s2\" have the same Id, 3.",
                "backend \"b\" > server \"s1\" > SlowStart: 00:00:00 is out of range (more than 0, at most 24.8 days; null for no limit).",
                "backend \"b\" > server \"s2\" > Guid: \"a/b\" is not 1 to 127 letters, digits and - _ : . characters.",
                "backend \"b\" > server \"s3\" > Id: 0 is out of range (1 or more).",
            ],
            faults.Order(StringComparer.Ordinal));
    }

    /// <summary>What stands for one server wherever it is named cannot stand for two, not even in backends of their own.</summary>
    [Fact]
    public void Guid_is_that_of_one_server_alone()
    {
        var proxy = new ProxyBuilder().AddFrontend("f", static f => f.Bind("127.0.0.1:0").DefaultBackend("a"));
        foreach (var name in (string[])["a", "b"])
        {
            proxy.AddBackend(name, static b => b.AddServer("s1", "127.0.0.1:1", static s => s.Configure(static o => o.Guid = "one")));
        }

        Assert.Equal("backend \"b\" > server \"s1\" > Guid: \"one\" is that of a/s1 already.", Assert.Single(ProxyOptionsValidator.Validate(proxy.Build())));
    }

    [Fact]
    public void Servers_without_a_number_have_that_of_their_position_or_the_next_free_one()
    {
        var servers = BalancedBackend.Weighted(1, 1, 1, 1);
        (servers[1].Id, servers[2].Id) = (1, 50);

        Assert.Equal([2, 1, 50, 5], BalancedBackend.Of(Balance.First, servers).Backend.Servers.Select(static s => s.Id));
    }

    private static IReadOnlyList<string> Faults(Action<BackendBuilder> backend)
    {
        var builder = new ProxyBuilder();
        builder.AddBackend("b", backend);
        return [.. ProxyOptionsValidator.Validate(builder.Build()).Where(static f => f.StartsWith("backend", StringComparison.Ordinal))]; // no frontend leads there
    }

    private static async Task StartAsync(Balance balance)
    {
        await using var proxy = Proxy.Create(p => p.AddFrontend("f", f => f.Bind("127.0.0.1:0").DefaultBackend("b")).AddBackend("b", b => b.Balance(balance)));
        await proxy.StartAsync(TestContext.Current.CancellationToken);
    }
}
