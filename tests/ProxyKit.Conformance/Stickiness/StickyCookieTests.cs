using ProxyKit.Backends;
using ProxyKit.Statistics;

namespace ProxyKit.Conformance.Stickiness;

/// <summary>Cookies that bring clients back, by the ids of the article's behaviours. What they look like in each mode is compared with HAProxy's
/// in <c>HAProxy/Cases/StickinessCases</c>, and so are ST-05 and ST-08; ST-09's values are in the unit tests.</summary>
public abstract class StickyCookieTests(Carrier carrier) : ProxyTest(carrier)
{
    /// <summary>ST-01, PT-09 and ST-02: told once, then always the same server.</summary>
    [Fact]
    public async Task Newcomer_is_told_its_server_once_and_stays_there()
    {
        var origins = await StartTwoAsync();

        var first = await AskAsync();
        var cookie = Assert.Single(first.Headers, static h => h.Name.Equals("set-cookie", StringComparison.OrdinalIgnoreCase)).Value;
        Assert.Matches("^SERVERID=s[12]; path=/$", cookie);
        Assert.EndsWith("NI", Letters(await LoggedAsync()), StringComparison.Ordinal);
        for (var i = 0; i < 20; i++)
        {
            var response = await AskAsync(cookie.Split(';')[0]);

            Assert.Equal(first.Text, response.Text);
            Assert.Null(response["set-cookie"]);
            Assert.EndsWith("VN", Letters(await LoggedAsync(i + 2)), StringComparison.Ordinal);
        }

        Assert.Equal([0, 21], origins.Select(static o => o.Requests.Count).Order());
    }

    /// <summary>ST-03.</summary>
    [Fact]
    public async Task Server_sees_nothing_of_an_indirect_cookie()
    {
        var origins = await StartTwoAsync();

        await AskAsync("x=1; SERVERID=s1; y=2");

        Assert.Equal("x=1; y=2", Assert.Single(origins[0].Requests)["cookie"]);
    }

    /// <summary>ST-04.</summary>
    [Fact]
    public async Task Response_that_caches_might_keep_is_marked_private_where_it_has_the_cookie()
    {
        var origin = OriginAnswering("HTTP/1.1 200 OK", "ETag: \"1\"", "Content-Length: 0", "", "");
        await StartAsync(Compose([origin], backend: backend => Sticky(backend, "s1")));

        Assert.Equal("private", (await AskAsync())["cache-control"]);
        Assert.Null((await AskAsync("SERVERID=s1"))["cache-control"]);
    }

    /// <summary>ST-06, marked down: another server and another cookie, and back again is not gone to.</summary>
    [Fact]
    public async Task Client_of_a_server_that_went_down_is_bound_to_another()
    {
        await StartTwoAsync();
        Server(1).State.SetAvailability(ServerAvailability.Down);

        var response = await AskAsync("SERVERID=s1");

        Assert.Equal(("s2", "SERVERID=s2; path=/"), (response.Text, response["set-cookie"]));
        Assert.EndsWith("DI", Letters(await LoggedAsync()), StringComparison.Ordinal);
    }

    /// <summary>ST-06, HC-15 and MX-12, found out by connecting: the last of three retries leaves the server, and is counted as the others are.</summary>
    [Fact]
    public async Task Client_of_a_server_that_refuses_is_bound_to_another()
    {
        var origins = await StartTwoAsync();
        origins[0].StopListening();

        var response = await AdvanceUntilAsync(AskAsync("SERVERID=s1"));

        Assert.Equal(("s2", "SERVERID=s2; path=/"), (response.Text, response["set-cookie"]));
        var line = await LoggedAsync();
        Assert.EndsWith("DI", Letters(line), StringComparison.Ordinal);
        Assert.Equal("+3", line.Retries);
        Assert.True(line.Duration >= 2000, line.Text); // two pauses; none where it goes elsewhere
        Assert.Equal((2, 1), RetriesOf(Server(1).State.Traffic));
        Assert.Equal((2, 1), RetriesOf(Server(1).State.Backend.Traffic));
        Assert.Equal((0, 0), RetriesOf(Server(2).State.Traffic));

        static (long, long) RetriesOf(TrafficCounters counters) => (counters[TrafficEvent.Retry], counters[TrafficEvent.Redispatch]);
    }

    /// <summary>ST-07: a server that drains keeps those it has.</summary>
    [Fact]
    public async Task Draining_server_keeps_its_clients_and_gets_no_others()
    {
        await StartTwoAsync();
        Server(1).State.SetAvailability(ServerAvailability.BoundOnly);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("s1", (await AskAsync("SERVERID=s1")).Text);
            Assert.Equal("s2", (await AskAsync()).Text);
        }
    }

    /// <summary>ST-10: a server that has no value takes none on.</summary>
    [Fact]
    public async Task Server_without_a_value_binds_nobody()
    {
        await StartAsync(Compose([NamedOrigin("s1")], backend: backend => backend.StickyCookie("SERVERID", static c => c.Insert())));

        Assert.Equal("SERVERID=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/", (await AskAsync())["set-cookie"]);
    }

    /// <summary>ST-12.</summary>
    [Fact]
    public async Task Newcomers_are_shared_out_evenly_beside_those_who_are_bound()
    {
        var origins = await StartTwoAsync();

        for (var i = 0; i < 100; i++)
        {
            await AskAsync();
            await AskAsync("SERVERID=s1");
        }

        Assert.Equal((150, 50), (origins[0].Requests.Count, origins[1].Requests.Count));
    }

    [Fact]
    public async Task Bound_request_waits_for_its_server_while_others_are_idle()
    {
        var release = new TaskCompletionSource();
        var slow = Origin(async exchange =>
        {
            await release.Task;
            await exchange.AnswerOkAsync("s1");
        });
        await StartAsync(Compose([slow, NamedOrigin("s2")], backend: backend => Sticky(backend, "s1", "s2").Configure(static o => o.Servers[0].MaxConnections = 1)));
        var first = AskAsync("SERVERID=s1");
        await slow.RequestAsync();

        var second = AskAsync("SERVERID=s1");
        Assert.Equal("s2", (await AskAsync("SERVERID=s2")).Text);
        Assert.Single(slow.Requests);
        release.SetResult();

        Assert.Equal(["s1", "s1"], [(await first).Text, (await second).Text]);
    }

    [Fact]
    public async Task Forced_request_is_sent_to_a_server_that_is_down()
    {
        await StartTwoAsync(static backend => backend.ForcePersist(Match.Path("/probe")));
        Server(1).State.SetAvailability(ServerAvailability.Down);

        Assert.Equal("s1", (await AskAsync("SERVERID=s1", "/probe")).Text);
        Assert.Equal("s2", (await AskAsync("SERVERID=s1")).Text);
    }

    [Fact]
    public async Task Persistent_client_leaves_a_server_that_is_down_with_its_first_retry()
    {
        var origins = await StartTwoAsync(static backend => backend.Configure(static o => o.PersistsWhenDown = true));
        Server(1).State.SetAvailability(ServerAvailability.Down);
        Assert.Equal("s1", (await AskAsync("SERVERID=s1")).Text);
        await LoggedAsync();
        origins[0].StopListening();

        Assert.Equal("s2", (await AdvanceUntilAsync(AskAsync("SERVERID=s1"))).Text);
        Assert.Equal("+1", (await LoggedAsync(2)).Retries);
    }

    [Fact]
    public async Task Date_is_renewed_once_it_is_in_the_past()
    {
        await StartTwoAsync(static backend => backend.Configure(static o => o.StickyCookie!.MaxIdle = TimeSpan.FromMinutes(5)));
        var cookie = (await AskAsync())["set-cookie"]!.Split(';')[0];

        Assert.Null((await AskAsync(cookie))["set-cookie"]); // just seen
        Time.Advance(TimeSpan.FromSeconds(10));
        var renewed = (await AskAsync(cookie))["set-cookie"]!.Split(';')[0];
        Assert.NotEqual(cookie, renewed);
        Assert.EndsWith("VU", Letters(await LoggedAsync(3)), StringComparison.Ordinal);
        Time.Advance(TimeSpan.FromMinutes(6));
        Assert.NotNull((await AskAsync(renewed))["set-cookie"]);
        Assert.EndsWith("EI", Letters(await LoggedAsync(4)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_keeps_clients_where_they_are()
    {
        var origins = await StartTwoAsync();
        await ReloadAsync(Compose(origins.Reverse(), backend: backend => Sticky(backend, "s2", "s1")));

        Assert.Equal("s1", (await AskAsync("SERVERID=s1")).Text);
    }

    private static BackendBuilder Sticky(BackendBuilder backend, params string[] values)
    {
        backend.StickyCookie("SERVERID", static cookie => cookie.Insert().Indirect().NoCache());
        return backend.Configure(o =>
        {
            foreach (var (server, value) in o.Servers.Zip(values))
            {
                server.Cookie = value;
            }
        });
    }

    private static string Letters(AccessLine line) => line.Text.Split(' ')[9];

    private async Task<WireOrigin[]> StartTwoAsync(Action<BackendBuilder>? configure = null)
    {
        WireOrigin[] origins = [NamedOrigin("s1"), NamedOrigin("s2")];
        await StartAsync(Compose(origins, backend: backend =>
        {
            Sticky(backend, "s1", "s2");
            configure?.Invoke(backend);
        }));
        return origins;
    }

    private WireOrigin NamedOrigin(string name) => Origin(exchange => exchange.AnswerOkAsync(name));

    private async Task<WireMessage> AskAsync(string? cookie = null, string target = "/")
    {
        await using var client = await ConnectAsync();
        await client.SendAsync([$"GET {target} HTTP/1.1", "Host: a", .. cookie is null ? Array.Empty<string>() : [$"Cookie: {cookie}"], "", ""]);
        return await client.ReadResponseAsync();
    }

    /// <summary>Over sockets.</summary>
    public sealed class OverSockets() : StickyCookieTests(Carrier.Sockets);

    /// <summary>In memory.</summary>
    public sealed class InMemory() : StickyCookieTests(Carrier.Memory);
}
