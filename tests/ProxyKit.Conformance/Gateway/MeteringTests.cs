using System.Text;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;

namespace ProxyKit.Conformance.Gateway;

/// <summary>What clients use is written down, request by request. MON-18, MON-20, MON-26.</summary>
public abstract class MeteringTests(Carrier carrier) : ProxyTest(carrier)
{
    private readonly InMemoryUsageStore _store = new();

    [Fact]
    public async Task MON_26_seven_accepted_and_three_refused_are_told_apart_by_client()
    {
        var origin = OkOrigin();
        await StartMeteredAsync(origin, f => f.OnRequest(rules => rules.Deny(429, when: Match.Path("/over"))));
        var client = await ConnectAsync();
        for (var i = 0; i < 10; i++)
        {
            await AskAsync(client, i < 7 ? "/" : "/over", "acme");
        }

        await AskAsync(client, "/", "zeta");
        var totals = await StoppedTotalsAsync();

        Assert.Equal([("acme", "refused", 3L), ("acme", "requests", 7L), ("zeta", "requests", 1L)], Without(totals, "bytes"));
    }

    /// <summary>By plan too: the tier that judged a request stands in its event, also where that was refused.</summary>
    [Fact]
    public async Task MON_26_accepted_and_refused_are_told_apart_by_plan()
    {
        await StartAsync(Metered(OkOrigin(), _store, static f => f.UseTiers("plans"), static m => m.TierBy(Value.Parse("tier")))
            + (static p => p.AddTiers("plans", static t => t
                .CountBy(Value.Parse("req.hdr(x-client)")).TierBy(Value.Parse("req.hdr(x-client)"))
                .AddTier("acme", static a => a.Limit(7, TimeSpan.FromMinutes(1))).AddTier("zeta", static a => a.Limit(2, TimeSpan.FromMinutes(1))))));
        var client = await ConnectAsync();
        for (var i = 0; i < 10; i++)
        {
            await AskAsync(client, "/", "acme");
        }

        await AskAsync(client, "/", "zeta");
        var totals = (await StoppedTotalsAsync()).Where(static t => t.Meter is UsageMeters.Requests or UsageMeters.Refused);

        Assert.Equal(
            [("acme", "acme", "refused", 3L), ("acme", "acme", "requests", 7L), ("zeta", "zeta", "requests", 1L)],
            totals.Select(static t => (t.Client, t.Tier, t.Meter, t.Quantity)));
    }

    [Fact]
    public async Task MON_20_one_client_on_two_connections_is_one_and_two_on_one_connection_are_two()
    {
        await StartMeteredAsync(OkOrigin());
        var (first, second) = (await ConnectAsync(), await ConnectAsync());
        await AskAsync(first, "/", "acme");
        await AskAsync(second, "/", "acme");
        await AskAsync(second, "/", "zeta");

        Assert.Equal([("acme", "requests", 2L), ("zeta", "requests", 1L)], Without(await StoppedTotalsAsync(), "bytes"));
    }

    [Fact]
    public async Task MON_18_bytes_of_both_directions_are_counted()
    {
        await StartMeteredAsync(Origin(static e => e.AnswerRawAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + new string('a', 1000))));
        var client = await ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1", "Host: a", "X-Client: acme", "Content-Length: 100", "", new string('b', 100));
        await client.ReadResponseAsync();
        await StopAsync();

        var usage = Assert.Single(_store.Events);
        Assert.Equal(1000 + "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".Length, usage.BytesOut);
        Assert.Equal(100 + "POST / HTTP/1.1\r\nHost: a\r\nX-Client: acme\r\nContent-Length: 100\r\n\r\n".Length, usage.BytesIn);
        Assert.Equal(("public", "web", 200, UsageOutcome.Served), (usage.Frontend, usage.Backend, usage.Status, usage.Outcome));
    }

    [Fact]
    public async Task Meters_count_by_request_response_and_code_and_only_where_a_server_answered()
    {
        await StartMeteredAsync(
            OriginAnswering("HTTP/1.1 200 OK", "X-Tokens: 12", "Content-Length: 2", "", "ok"),
            f => f.Meter("length", Value.Parse("req.hdr(x-size)")).Meter("path", static e => e.Request.Path.Length)
                .OnRequest(rules => rules.Deny(when: Match.Path("/denied"))),
            m => m.Meter("tokens", Value.Parse("res.hdr(x-tokens)")));
        var client = await ConnectAsync();
        await client.SendAsync("GET /abc HTTP/1.1", "Host: a", "X-Client: acme", "X-Size: 5", "", "");
        await client.ReadResponseAsync();
        await client.SendAsync("GET /denied HTTP/1.1", "Host: a", "X-Client: acme", "X-Size: 5", "", "");
        await client.ReadResponseAsync();
        await StopAsync();

        var events = _store.Events.ToDictionary(static e => e.Status); // each processor has a list of its own, and those have no order
        Assert.Equal([new MeterValue("tokens", 12), new MeterValue("length", 5), new MeterValue("path", 4)], events[200].Meters);
        Assert.Empty(events[403].Meters);
    }

    [Fact]
    public async Task What_a_client_asks_to_be_counted_for_has_a_bound()
    {
        await StartMeteredAsync(
            OkOrigin(), static f => f.Meter("units", Value.Parse("req.hdr(x-units)")).Meter("own", static _ => long.MaxValue).Meter("back", static _ => -1));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "X-Client: acme", "X-Units: 9223372036854775807", "", "");
        await client.ReadResponseAsync();
        await StopAsync();

        Assert.Equal([new MeterValue("units", 1_000_000_000_000), new MeterValue("own", 1_000_000_000_000)], Assert.Single(_store.Events).Meters);
    }

    [Fact]
    public async Task Units_of_a_tier_are_metered_as_they_are_charged()
    {
        var origin = OriginAnswering("HTTP/1.1 200 OK", "X-Cost: 7", "Content-Length: 2", "", "ok");
        await StartAsync(Metered(origin, _store, static f => f.UseTiers("plans").Meter("units", Value.Parse("tier_units")), null)
            + (static p => p.AddTiers("plans", static t => t
                .CountBy(Value.Parse("req.hdr(x-client)")).Cost(50).ChargeBy(Value.Parse("res.hdr(x-cost)"))
                .AddTier("all", static a => a.Limit(100, TimeSpan.FromMinutes(1))).DefaultTier("all"))));
        var client = await ConnectAsync();
        await AskAsync(client, "/", "acme");
        await StopAsync();

        Assert.Equal([new MeterValue("units", 7)], Assert.Single(_store.Events).Meters);
    }

    /// <summary>Looking at what one has used is no use, also where nothing is left: neither an event nor a refusal.</summary>
    [Theory]
    [InlineData(Durability.Batched)]
    [InlineData(Durability.BeforeResponse)]
    public async Task Client_that_asks_what_it_has_used_uses_nothing(Durability durability)
    {
        await StartAsync(Metered(OkOrigin(), _store, static f => f.UseTiers("plans").UsageEndpoint("/usage"), m => m.Durability(durability))
            + (static p => p.AddTiers("plans", static t => t
                .CountBy(Value.Parse("req.hdr(x-client)")).AddTier("all", static a => a.Limit(1, TimeSpan.FromMinutes(1))).DefaultTier("all"))));
        var client = await ConnectAsync();
        var statuses = new List<int>();
        foreach (var target in (string[])["/usage", "/", "/usage", "/", "/usage"])
        {
            statuses.Add((await AskAsync(client, target, "acme")).Status);
        }

        var totals = await StoppedTotalsAsync();

        Assert.Equal([200, 200, 200, 429, 200], statuses);
        Assert.Equal([("acme", "refused", 1L), ("acme", "requests", 1L)], Without(totals, "bytes"));
    }

    [Fact]
    public async Task Meter_that_throws_gives_the_response_not_away()
    {
        ExpectedFaults = 1;
        await StartMeteredAsync(OkOrigin(), f => f.Meter("broken", static _ => throw new InvalidOperationException("on purpose")));

        Assert.Equal(500, (await GetAsync()).Status);

        await StopAsync();
        Assert.Equal((UsageOutcome.Failed, 500), (_store.Events[0].Outcome, _store.Events[0].Status));
    }

    [Theory]
    [InlineData("/ok", UsageOutcome.Served)]
    [InlineData("/missing", UsageOutcome.Served)]
    [InlineData("/broken", UsageOutcome.Failed)]
    [InlineData("/gone", UsageOutcome.Failed)]
    [InlineData("/reply", UsageOutcome.Served)]
    [InlineData("/slow-down", UsageOutcome.Refused)]
    public async Task Outcome_tells_who_was_served(string path, UsageOutcome outcome)
    {
        await StartMeteredAsync(
            Origin(static e =>
            {
                if (e.Request.Target == "/gone")
                {
                    e.Abort();
                    return Task.CompletedTask;
                }

                return e.AnswerAsync(e.Request.Target == "/ok" ? "HTTP/1.1 200 OK" : e.Request.Target == "/missing" ? "HTTP/1.1 404 No" : "HTTP/1.1 500 No", "Content-Length: 0", "", "");
            }),
            f => f.OnRequest(rules => rules
                .Return(Reply.Text("hello", "text/plain"), Match.Path("/reply"))
                .Return(Reply.Text("no", "text/plain", 429), Match.Path("/slow-down"))));
        await GetAsync(path);
        await StopAsync();

        Assert.Equal(outcome, Assert.Single(_store.Events).Outcome);
    }

    [Fact]
    public async Task Request_that_cannot_be_read_is_refused_and_counts_for_nobody()
    {
        await StartMeteredAsync(OkOrigin());
        var client = await ConnectAsync();
        await client.SendAsync("nonsense", "", "");
        await client.ReadResponseAsync();
        await client.DisposeAsync(); // whom the proxy waits for, that the answer is not lost
        await StopAsync();

        Assert.Equal(("", UsageOutcome.Refused, 400), (_store.Events[0].Client, _store.Events[0].Outcome, _store.Events[0].Status));
    }

    [Fact]
    public async Task Frontend_that_is_not_metered_writes_nothing()
    {
        await StartMeteredAsync(OkOrigin(), static f => f.Metered(false));
        await GetAsync();
        await StopAsync();

        Assert.Empty(_store.Events);
    }

    [Fact]
    public async Task Tunnel_is_one_event_at_its_end_with_the_bytes_of_both_sides()
    {
        await StartMeteredAsync(Origin(static async e =>
        {
            await e.AnswerAsync("HTTP/1.1 101 Switching Protocols", "Upgrade: x", "Connection: upgrade", "", "");
            await e.Wire.SendAsync("from the server");
            e.Close();
        }));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "X-Client: acme", "Upgrade: x", "Connection: upgrade", "", "");
        await client.ReadResponseAsync();
        await client.DisposeAsync();
        await StopAsync();

        var usage = Assert.Single(_store.Events);
        Assert.Equal(("acme", 101), (usage.Client, usage.Status));
        Assert.True(usage.BytesOut >= 15, $"{usage.BytesOut} bytes");
    }

    [Fact]
    public async Task Answer_waits_for_its_event_before_response()
    {
        using var store = new HeldStore();
        await StartAsync(Metered(OkOrigin(), store, null, static m => m.Durability(Durability.BeforeResponse)));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "X-Client: acme", "", "");
        var response = client.ReadResponseAsync();
        await store.Entered.PassAsync();
        Assert.False(response.IsCompleted);

        store.Exits.Open();

        Assert.Equal(200, (await response.InTimeAsync()).Status);
        Assert.Equal("acme", Assert.Single(store.Events).Client);
        store.Exits.Open(100);
    }

    [Fact]
    public async Task Last_piece_of_a_long_answer_waits_and_the_pieces_before_it_do_not()
    {
        using var store = new HeldStore();
        using var gate = new Gate();
        await StartAsync(Metered(
            Origin(async e =>
            {
                await e.AnswerRawAsync("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfirst");
                await gate.PassAsync();
                await e.AnswerRawAsync("last");
            }),
            store,
            null,
            static m => m.Durability(Durability.BeforeResponse)));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "X-Client: acme", "", "");
        await client.Wire.ReadHeadAsync().InTimeAsync();
        Assert.Equal("first", Encoding.ASCII.GetString(await client.Wire.ReadExactlyAsync(5).InTimeAsync()));
        gate.Open();
        await store.Entered.PassAsync();

        store.Exits.Open(100);

        Assert.Equal("last", Encoding.ASCII.GetString(await client.Wire.ReadExactlyAsync(4).InTimeAsync()));
        Assert.Single(store.Events);
    }

    [Fact]
    public async Task Answer_that_could_not_be_written_down_is_a_503_before_response()
    {
        using var store = new HeldStore { Failure = new IOException("no space") };
        store.Exits.Open(1000);
        ExpectedFaults = 1; // told once
        await StartAsync(Metered(OkOrigin(), store, null, static m => m.Durability(Durability.BeforeResponse)));

        Assert.Equal(503, (await GetAsync()).Status);

        store.Failure = null;
        await AdvanceUntilAsync(store.Written.PassAsync());
    }

    [Fact]
    public async Task Reload_keeps_the_journal_open_and_a_stop_writes_what_is_left()
    {
        var folder = Directory.CreateTempSubdirectory("proxykit-usage-").FullName;
        try
        {
            var origin = OkOrigin();
            Action<ProxyBuilder> compose = p =>
            {
                Compose([origin])(p);
                p.AddMetering(m => m.Journal(folder).CountBy(Value.Parse("req.hdr(x-client)")));
            };
            await StartAsync(compose);
            var client = await ConnectAsync();
            await AskAsync(client, "/", "acme");
            var journal = Proxy.Usage;
            await ReloadAsync(compose);
            await AskAsync(client, "/", "acme");

            Assert.Same(journal, Proxy.Usage);
            await StopAsync();
            Assert.Equal(2, UsageJournal.ReadTotals(folder, new UsageQuery { Resolution = UsageResolution.All }).Single(static t => t.Meter == "requests").Quantity);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Journal_that_cannot_be_opened_refuses_the_configuration_and_says_where()
    {
        var file = Path.GetTempFileName();
        await StartAsync(OkOrigin());

        var refused = await Assert.ThrowsAnyAsync<IOException>(() => ReloadAsync(p =>
        {
            Compose([OkOrigin()])(p);
            p.AddMetering(m => m.Journal(file).CountBy(Value.Parse("src")));
        }));

        Assert.StartsWith("metering > JournalPath: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal(200, (await GetAsync()).Status);
        File.Delete(file);
    }

    private static IEnumerable<(string Client, string Meter, long Quantity)> Without(IEnumerable<UsageTotal> totals, string meter) => totals
        .Where(t => !t.Meter.StartsWith(meter, StringComparison.Ordinal)).Select(static t => (t.Client, t.Meter, t.Quantity));

    private static async Task<WireMessage> AskAsync(WireClient client, string target, string name)
    {
        await client.SendAsync($"GET {target} HTTP/1.1", "Host: a", $"X-Client: {name}", "", "");
        return await client.ReadResponseAsync();
    }

    private static Action<ProxyBuilder> Metered(WireOrigin origin, IUsageStore store, Action<FrontendBuilder>? frontend, Action<MeteringBuilder>? metering) => p =>
    {
        Compose([origin], frontend)(p);
        p.AddMetering(m =>
        {
            m.Store(store).CountBy(Value.Parse("req.hdr(x-client)"));
            metering?.Invoke(m);
        });
    };

    private Task StartMeteredAsync(WireOrigin origin, Action<FrontendBuilder>? frontend = null, Action<MeteringBuilder>? metering = null) =>
        StartAsync(Metered(origin, _store, frontend, metering));

    private Task StopAsync() => Proxy.StopAsync(TestContext.Current.CancellationToken).InTimeAsync();

    private async Task<IReadOnlyList<UsageTotal>> StoppedTotalsAsync()
    {
        await StopAsync();
        return await _store.ReadAsync(new UsageQuery { Resolution = UsageResolution.All }, TestContext.Current.CancellationToken);
    }

    /// <summary>A store whose writes end when the test lets them.</summary>
    private sealed class HeldStore : IUsageStore, IDisposable
    {
        private readonly InMemoryUsageStore _events = new();

        public Gate Entered { get; } = new();

        public Gate Exits { get; } = new();

        public Gate Written { get; } = new();

        public Exception? Failure { get; set; }

        public IReadOnlyList<UsageEvent> Events => _events.Events;

        public async ValueTask WriteAsync(IReadOnlyList<UsageEvent> events, CancellationToken cancellationToken = default)
        {
            Entered.Open();
            await Exits.PassAsync();
            if (Failure is { } failure)
            {
                throw failure;
            }

            await _events.WriteAsync(events, cancellationToken);
            Written.Open();
        }

        public ValueTask<IReadOnlyList<UsageTotal>> ReadAsync(UsageQuery query, CancellationToken cancellationToken = default) => _events.ReadAsync(query, cancellationToken);

        public void Dispose()
        {
            Entered.Dispose();
            Exits.Dispose();
            Written.Dispose();
        }
    }
}

public sealed class MeteringOverSocketsTests() : MeteringTests(Carrier.Sockets);

public sealed class MeteringInMemoryTests() : MeteringTests(Carrier.Memory);

public sealed class MeteringInPiecesTests() : MeteringTests(Carrier.Pieces);
