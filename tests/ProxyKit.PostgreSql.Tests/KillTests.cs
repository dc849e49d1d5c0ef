using ProxyKit.Metering;
using ProxyKit.PostgreSql.Tests.Servers;
using ProxyKit.Tiers;

namespace ProxyKit.PostgreSql.Tests;

/// <summary>A database that is killed under load and comes back, over and over. Alone, since it takes what the machine has.</summary>
[CollectionDefinition(nameof(KillTests), DisableParallelization = true)]
public sealed class KillTestsRunAlone;

[Collection(nameof(KillTests))]
public sealed class KillTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Kills = 4;

    private readonly PostgresServer _server = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-kill-").FullName;

    public ValueTask InitializeAsync()
    {
        PostgresPrograms.Need();
        return _server.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Killed_database_loses_and_doubles_nothing_and_refuses_no_client()
    {
        var (schema, time) = ("killed", new ShiftedTime());
        await using var first = TestGateway.Of(_server, schema, time: time);
        await using var second = TestGateway.Of(_server, schema, time: time);
        await using (var one = await TieredProxy.StartAsync(first, 0, time, Path.Combine(_folder, "one"), Limits))
        await using (var other = await TieredProxy.StartAsync(second, 0, time, Path.Combine(_folder, "other"), Limits))
        {
            using var stop = new CancellationTokenSource();
            var load = Task.WhenAll(one.HammerAsync(2, () => stop.IsCancellationRequested), other.HammerAsync(2, () => stop.IsCancellationRequested));
            for (var kill = 0; kill < Kills; kill++)
            {
                await Task.Delay(Random.Shared.Next(50, 300), TestContext.Current.CancellationToken); // at a random moment is what this is about
                await _server.KillAsync();
                await Task.Delay(Random.Shared.Next(10, 300), TestContext.Current.CancellationToken);
                await _server.StartAsync();
            }

            await stop.CancelAsync();
            await load.InTimeAsync();
            output.WriteLine($"{one.Admitted} and {other.Admitted} requests, {Kills} kills");
            Assert.Equal(0, one.Refused + other.Refused);
            await one.Proxy.StopAsync(TestContext.Current.CancellationToken);
            await other.Proxy.StopAsync(TestContext.Current.CancellationToken);
            await first.StopAsync(TestContext.Current.CancellationToken);
            await second.StopAsync(TestContext.Current.CancellationToken);

            Assert.Equal(one.Admitted + other.Admitted, await first.Usage.SumAsync(UsageMeters.Requests, "acme"));
            Assert.Equal(one.Admitted + other.Admitted, await _server.AskAsync<decimal>($"SELECT sum(used) FROM {schema}.leases WHERE limit_name = 'month'"));
            Assert.Equal(one.Admitted + other.Admitted, await _server.AskAsync<long>($"SELECT taken FROM {schema}.quotas WHERE limit_name = 'month'"));
            Assert.Equal(one.Admitted + other.Admitted, await _server.AskAsync<decimal>($"SELECT ceil(level / 86400000) FROM {schema}.quotas WHERE limit_name = 'burst'"));
            Assert.Equal(0, await _server.AskAsync<decimal>($"SELECT coalesce(sum(granted), 0) FROM {schema}.leases WHERE limit_name = 'concurrency'"));
        }

        static void Limits(TierBuilder tier) => tier.Quota(1_000_000, QuotaPeriod.Month).TokenBucket(1_000_000, 1, TimeSpan.FromDays(1)).Concurrency(1_000)
            .SlidingLimit(1_000_000, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Database_that_is_away_at_the_start_is_caught_up_with()
    {
        var time = new ShiftedTime();
        await _server.KillAsync();
        await using var gateway = TestGateway.Of(_server, "late", time: time);
        await using var proxy = await TieredProxy.StartAsync(gateway, 1_000, time, Path.Combine(_folder, "late"));
        await proxy.HammerAsync(2, () => proxy.Admitted >= 100);

        await _server.StartAsync();

        await TestGateway.UntilAsync(
            async () => !gateway.Leases.IsAway && await gateway.Usage.SumAsync() == proxy.Admitted, "the database to have it all");
        await TestGateway.UntilAsync(
            async () => await _server.AskAsync<long>("SELECT coalesce((SELECT taken FROM late.quotas), 0)") >= proxy.Admitted, "the quota");
    }

    [Fact]
    public async Task Gateways_stay_within_the_limit_while_the_database_is_away_where_each_has_its_part()
    {
        var time = new ShiftedTime();
        const int Limit = 1_000;
        var gateways = Enumerable.Range(0, 2).Select(_ => TestGateway.Of(_server, "parts", time: time, configure: static o =>
        {
            o.CreditWhileAway = 0.5;
            o.Credit = 0.01;
        })).ToArray();
        await using var one = await TieredProxy.StartAsync(gateways[0], Limit, time);
        await using var other = await TieredProxy.StartAsync(gateways[1], Limit, time);
        await TestGateway.UntilAsync(() => Task.FromResult(gateways.All(static g => !g.Leases.IsAway)), "the database");
        await one.HammerAsync(1, () => one.Admitted >= 100);
        await _server.KillAsync();
        await TestGateway.UntilAsync(
            async () =>
            {
                await one.AskAsync();
                await other.AskAsync();
                return gateways.All(static g => g.Leases.IsAway);
            },
            "the database to be away");

        await Task.WhenAll(one.HammerAsync(2, () => one.Refused > 50), other.HammerAsync(2, () => other.Refused > 50));

        // The other one knew nothing of what the first had leased: half of that, and what each admitted before it knew that nobody answers.
        Assert.InRange(one.Admitted + other.Admitted, Limit / 2, Limit + 150);
        await _server.StartAsync();
        await TestGateway.UntilAsync(
            async () => await _server.AskAsync<long>("SELECT taken FROM parts.quotas") >= one.Admitted + other.Admitted, "both to be counted");
        foreach (var gateway in gateways)
        {
            await gateway.DisposeAsync();
        }
    }
}
