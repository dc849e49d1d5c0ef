using System.Diagnostics;
using System.Net;
using ProxyKit.PostgreSql.Tests.Servers;

namespace ProxyKit.PostgreSql.Tests.Leasing;

/// <summary>Gateways of their own, with proxies, that share limits other than quotas.</summary>
[Collection(nameof(SharedServer))]
public sealed class SharedLimitTests(PostgresServer server, ITestOutputHelper output) : IDisposable
{
    private const int Limit = 300;

    private readonly SemaphoreSlim _held = new(0); // what origins hold waits for it

    public void Dispose() => _held.Dispose();

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.02)]
    public async Task Sliding_window_admits_its_limit_and_the_credits_in_any_of_its_length(double credit)
    {
        var (schema, time) = (PostgresServer.NewSchema(), new ShiftedTime());
        await using var first = Gateway(schema, credit, time);
        await using var second = Gateway(schema, credit, time);
        await using var one = await TieredProxy.StartAsync(first, 0, time, configure: static t => t.SlidingLimit(Limit, TimeSpan.FromMinutes(1)));
        await using var other = await TieredProxy.StartAsync(second, 0, time, configure: static t => t.SlidingLimit(Limit, TimeSpan.FromMinutes(1)));
        await TestGateway.UntilAsync(() => Task.FromResult(!first.Leases.IsAway && !second.Leases.IsAway), "the database");
        var admitted = new List<(DateTimeOffset From, DateTimeOffset Until)>();

        // Two minutes in pieces: at some of them a client takes all that there is, at others some.
        for (var piece = 0; piece < 14; piece++)
        {
            var (refused, most) = (0, piece % 3 == 0 ? 20 : int.MaxValue);
            for (var asked = 0; asked < most && refused < 60; asked++)
            {
                var from = time.GetUtcNow();
                if (await (asked % 2 == 0 ? one : other).AskAsync())
                {
                    admitted.Add((from, time.GetUtcNow()));
                }
                else
                {
                    refused++;
                    await Task.Delay(1, TestContext.Current.CancellationToken); // the gateways want to run too
                }
            }

            time.Shift(TimeSpan.FromSeconds(10));
        }

        var window = TimeSpan.FromMinutes(1);
        var largest = admitted.Max(a => admitted.Count(b => b.From >= a.From && b.Until < a.From + window)); // those that were in it for certain
        output.WriteLine($"{admitted.Count} altogether, {largest} in a minute");
        Assert.InRange(largest, Limit / 2, Limit + (2 * (int)Math.Ceiling(credit * Limit)));
        Assert.InRange(admitted.Count, Limit + (Limit / 4), 3 * Limit); // what came back was admitted again
    }

    [Fact]
    public async Task Bucket_admits_what_it_has_and_what_comes_back()
    {
        const int PerSecond = 100, Capacity = 200;
        var schema = PostgresServer.NewSchema();
        await using var first = Gateway(schema, 0.02);
        await using var second = Gateway(schema, 0.02);
        await using var one = await TieredProxy.StartAsync(first, 0, configure: static t => t.TokenBucket(Capacity, PerSecond, TimeSpan.FromSeconds(1)));
        await using var other = await TieredProxy.StartAsync(second, 0, configure: static t => t.TokenBucket(Capacity, PerSecond, TimeSpan.FromSeconds(1)));
        await TestGateway.UntilAsync(() => Task.FromResult(!first.Leases.IsAway && !second.Leases.IsAway), "the database");
        var began = Stopwatch.GetTimestamp();

        await Task.WhenAll(one.HammerAsync(2, IsEnough), other.HammerAsync(2, IsEnough)).InTimeAsync();

        // What both still have of their leases and what the last answer did not know comes to a few; nothing is gone for good.
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        output.WriteLine($"{one.Admitted} and {other.Admitted} in {seconds:0.000} s");
        Assert.InRange(one.Admitted + other.Admitted, Capacity + (PerSecond / 2), Capacity + (PerSecond * seconds) + (2 * 4) + 1);

        bool IsEnough() => one.Admitted + other.Admitted >= Capacity + PerSecond;
    }

    [Fact]
    public async Task Concurrency_is_that_of_all_and_slots_go_where_they_are_wanted()
    {
        var schema = PostgresServer.NewSchema();
        await using var first = Gateway(schema, 0);
        await using var second = Gateway(schema, 0);
        await using var one = await TieredProxy.StartAsync(first, 0, configure: static t => t.Concurrency(8), answer: HoldAsync);
        await using var other = await TieredProxy.StartAsync(second, 0, configure: static t => t.Concurrency(8), answer: HoldAsync);
        var asked = new List<Task>();
        try
        {
            await FillAsync(one.Proxy, one.Origin, 5, asked);
            await FillAsync(other.Proxy, other.Origin, 3, asked);
            await AssertFullAsync(one.Proxy);
            await AssertFullAsync(other.Proxy);
            _held.Release(8); // all of the first and of the other end
            await Task.WhenAll(asked).InTimeAsync();
            await FillAsync(other.Proxy, other.Origin, 3 + 8, asked);

            await AssertFullAsync(one.Proxy);
        }
        finally
        {
            _held.Release(100); // or origins wait for what they hold
        }

        await Task.WhenAll(asked).InTimeAsync();
    }

    [Fact]
    public async Task Gateway_that_stops_leaves_no_lease_of_a_bucket()
    {
        var schema = PostgresServer.NewSchema();
        await using var gateway = Gateway(schema, 0);
        await using var proxy = await TieredProxy.StartAsync(gateway, 0, configure: static t => t.TokenBucket(100, 1, TimeSpan.FromHours(1)));
        await TestGateway.UntilAsync(() => proxy.AskAsync(), "a lease");
        await TestGateway.UntilAsync(() => server.AskAsync<bool>($"SELECT used > 0 AND granted = used FROM {schema}.leases"), "what was not used to be given back");

        await gateway.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await server.AskAsync<long>($"SELECT count(*) FROM {schema}.leases"));
        Assert.Equal(1, await server.AskAsync<long>($"SELECT count(*) FROM {schema}.quotas"));
    }

    [Fact]
    public async Task Slots_of_a_killed_gateway_come_back()
    {
        PostgresPrograms.Need();
        var schema = PostgresServer.NewSchema();
        await using var origin = WireOrigin.Start(HoldAsync);
        await using var originOfChild = WireOrigin.Start(HoldAsync);
        await using var gateway = Gateway(schema, 0);
        await using var proxy = Proxy.Create(GatewayChild.Options(origin.Address, gateway.Leases));
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        gateway.Start(proxy);
        using var child = Start(schema, originOfChild.Address);
        var port = (await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
        var asked = new List<Task>();
        try
        {
            await FillAsync($"127.0.0.1:{port}", originOfChild, 6, asked);
            await FillAsync($"{proxy.EndPoints[0]}", origin, 4, asked);
            await AssertFullAsync(proxy);

            child.Kill();
            await child.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
            await server.AskAsync<string>($"UPDATE {schema}.gateways SET seen_at = seen_at - interval '1 hour' WHERE gateway = '{GatewayChild.Name}' RETURNING gateway"); // an hour goes by
            await FillAsync($"{proxy.EndPoints[0]}", origin, 10, asked);

            await AssertFullAsync(proxy);
        }
        finally
        {
            child.Kill();
            _held.Release(100);
        }

        await Task.WhenAll(asked).InTimeAsync();
    }

    /// <summary>Its slots would be others' else while it uses them.</summary>
    [Fact]
    public async Task Gateway_whose_clock_is_put_back_goes_on_to_show_itself()
    {
        var (schema, time) = (PostgresServer.NewSchema(), new ShiftedTime());
        await using var gateway = TestGateway.Of(server, schema, time: time, configure: static o =>
        {
            GatewayChild.Configure(o);
            o.ExpireAfter = TimeSpan.FromSeconds(1);
        });
        await using var one = await TieredProxy.StartAsync(gateway, 0, time, configure: static t => t.Concurrency(8), answer: HoldAsync);
        var asked = new List<Task>();
        try
        {
            await FillAsync(one.Proxy, one.Origin, 1, asked);

            time.Shift(TimeSpan.FromHours(-1));

            var shift = await SeenAsync();
            await TestGateway.UntilAsync(async () => await SeenAsync() > shift.AddSeconds(1), "the gateway to show itself");
        }
        finally
        {
            _held.Release(100);
        }

        await Task.WhenAll(asked).InTimeAsync();

        Task<DateTime> SeenAsync() => server.AskAsync<DateTime>($"SELECT seen_at FROM {schema}.gateways");
    }

    /// <summary>Timestamps stand still while a machine is suspended; the time of day goes on.</summary>
    [Fact]
    public async Task Gateway_that_was_suspended_shows_itself_at_once()
    {
        var (schema, time) = (PostgresServer.NewSchema(), new ShiftedTime());
        await using var gateway = TestGateway.Of(server, schema, time: time, configure: static o =>
        {
            GatewayChild.Configure(o);
            o.GiveBackAfter = o.ExpireAfter = TimeSpan.FromHours(1);
        });
        await using var one = await TieredProxy.StartAsync(gateway, 0, time, configure: static t => t.Concurrency(8), answer: HoldAsync);
        var asked = new List<Task>();
        try
        {
            await FillAsync(one.Proxy, one.Origin, 1, asked);
            var before = await SeenAsync();

            time.Shift(TimeSpan.FromMinutes(20));

            await TestGateway.UntilAsync(async () => await SeenAsync() > before, "the gateway to show itself");
        }
        finally
        {
            _held.Release(100);
        }

        await Task.WhenAll(asked).InTimeAsync();

        Task<DateTime> SeenAsync() => server.AskAsync<DateTime>($"SELECT seen_at FROM {schema}.gateways");
    }

    private async Task HoldAsync(WireExchange exchange)
    {
        await _held.WaitAsync();
        await exchange.AnswerOkAsync();
        exchange.Close();
    }

    /// <summary>Asks until so many requests have come to an origin altogether, which holds them.</summary>
    private static Task FillAsync(Proxy proxy, WireOrigin origin, int requests, List<Task> asked) => FillAsync($"{proxy.EndPoints[0]}", origin, requests, asked);

    private static async Task FillAsync(string address, WireOrigin origin, int requests, List<Task> asked)
    {
        var (last, before) = (Task.CompletedTask, 0);
        await TestGateway.UntilAsync(
            () =>
            {
                // One at a time: the next one is sent when the last one was refused, or has come to the origin.
                var there = origin.Requests.Count;
                if (there < requests && (last.IsCompleted || there > before))
                {
                    before = there;
                    asked.Add(last = AskAsync(address));
                }

                return Task.FromResult(there >= requests);
            },
            $"{requests} requests at the origin");
    }

    private static async Task AssertFullAsync(Proxy proxy)
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, await AskAsync($"{proxy.EndPoints[0]}").InTimeAsync());
        }
    }

    /// <returns>The status; null where the gateway was gone.</returns>
    private static async Task<HttpStatusCode?> AskAsync(string address)
    {
        try
        {
            using var client = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{address}/");
            request.Headers.Add("X-Client", "acme");
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private Process Start(string schema, string origin)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(SharedLimitTests).Assembly.Location]) { RedirectStandardOutput = true };
        start.Environment[GatewayChild.Variable] = $"{server.ConnectionString}|{schema}|{origin}";
        return Process.Start(start) ?? throw new InvalidOperationException("The child did not start.");
    }

    private PostgreSqlGateway Gateway(string schema, double credit, TimeProvider? time = null) => TestGateway.Of(server, schema, time: time, configure: o =>
    {
        GatewayChild.Configure(o);
        o.Credit = credit;
    });
}
