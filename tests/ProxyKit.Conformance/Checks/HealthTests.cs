using ProxyKit.Backends;
using ProxyKit.Checks;

namespace ProxyKit.Conformance.Checks;

/// <summary>What the health of servers means for clients.</summary>
public abstract class HealthTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact] // HC-29
    public async Task All_servers_down_are_a_503_at_once()
    {
        await StartAsync(OkOrigin());
        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);

        Assert.Equal(503, (await GetAsync()).Status);

        var line = await LoggedAsync();
        Assert.Equal(("SC", "web/<NOSRV>", -1), (line.End, line.Server, line.Queue)); // it did not wait
    }

    [Theory] // HC-17
    [InlineData(ServerMode.Drain, "DRAIN")]
    [InlineData(ServerMode.Maintenance, "MAINT")]
    public async Task Server_that_was_taken_out_gets_no_new_client(ServerMode mode, string status)
    {
        var (first, second) = (OkOrigin(), OkOrigin());
        await StartAsync(Compose([first, second]));
        Proxy.SetServerMode("web", "s1", mode);
        Assert.Equal(status, Server().Status);

        await GetAsync();
        await GetAsync();
        Assert.Equal((0, 2), (first.Requests.Count, second.Requests.Count));

        Proxy.SetServerMode("web", "s1", ServerMode.Ready);
        await GetAsync();
        await GetAsync();
        Assert.Equal((1, 3), (first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task Server_that_starts_in_maintenance_waits_to_be_let_in()
    {
        await StartAsync(OkOrigin(), backend: static b => b.Configure(static o => o.Servers[0].StartsInMaintenance = true));
        Assert.Equal(503, (await GetAsync()).Status);

        Proxy.SetServerMode("web", "s1", ServerMode.Ready);

        Assert.Equal(200, (await GetAsync()).Status);
    }

    /// <summary>What people have decided is not lost by a configuration that is read again, nor by one in which the server is elsewhere.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Server_that_was_taken_out_stays_out_over_a_reload(bool moves)
    {
        var (here, there) = (OkOrigin(), OkOrigin());
        await StartAsync(here);
        Proxy.SetServerMode("web", "s1", ServerMode.Maintenance);

        await ReloadAsync(Compose([moves ? there : here]));

        Assert.Equal("MAINT", Server().Status);
        Assert.Equal(503, (await GetAsync()).Status);
        Proxy.SetServerMode("web", "s1", ServerMode.Ready);
        Assert.Equal(200, (await GetAsync()).Status);
        Assert.Single((moves ? there : here).Requests);
    }

    /// <summary>As when an address is set at run time: the server is what it was until its checks say otherwise.</summary>
    [Fact]
    public async Task Health_of_a_server_that_moves_is_what_it_was_until_it_is_checked()
    {
        var (here, there) = (OkOrigin(), OkOrigin());
        var check = new SwitchedCheck { Passes = false };
        Action<BackendBuilder> check1 = b => b.Check(check, static c => c.Every(TimeSpan.FromSeconds(1)).Fall(1).Rise(1));
        await StartAsync(here, backend: check1);
        await AdvanceUntilAsync(() => Server().Status == "DOWN");

        await ReloadAsync(Compose([there], backend: check1));
        Assert.Equal(("DOWN", "as told"), (Server().Status, Server().LastCheck?.Info));

        check.Passes = true;
        await AdvanceUntilAsync(() => Server().Status == "UP");
        Assert.Equal(200, (await GetAsync()).Status);
    }

    [Fact]
    public async Task Idle_connections_of_a_server_that_is_taken_out_are_closed()
    {
        using var gate = new Gate();
        var origin = Origin(async exchange =>
        {
            if (exchange.Request.Target == "/held")
            {
                await gate.PassAsync();
            }

            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin);
        var held = GetAsync("/held");
        await origin.RequestAsync();
        await GetAsync();
        await UntilAsync(() => Server().IdleConnections == 1);

        Proxy.SetServerMode("web", "s1", ServerMode.Maintenance);
        Assert.Equal(0, Server().IdleConnections);

        gate.Open(); // nor is one kept that comes back later
        Assert.Equal(200, (await held).Status);
        await UntilAsync(() => Server().ActiveRequests == 0);
        Assert.Equal(0, Server().IdleConnections);
    }

    /// <summary>HC-25, with all that takes part in it.</summary>
    [Fact]
    public async Task Server_that_comes_back_gets_its_work_little_by_little()
    {
        var (other, back) = (OkOrigin(), OkOrigin());
        await StartAsync(Compose([other, back], backend: static b => b.Configure(static o => o.Servers[1].SlowStart = TimeSpan.FromSeconds(20))));
        await GetAllAsync(10);
        Assert.Equal(5, back.Requests.Count); // nobody warms up when the proxy starts

        Proxy.SetServerMode("web", "s2", ServerMode.Maintenance);
        Proxy.SetServerMode("web", "s2", ServerMode.Ready);
        Time.Advance(TimeSpan.FromSeconds(5));
        await GetAllAsync(40);
        var early = back.Requests.Count - 5;
        Time.Advance(TimeSpan.FromSeconds(20));
        await GetAllAsync(40);

        Assert.InRange(early, 1, 9); // well below the half of 20
        Assert.InRange(back.Requests.Count - 5 - early, 19, 21);
    }

    [Fact] // HC-28
    public async Task Download_is_cut_when_its_server_goes_down()
    {
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerAsync("HTTP/1.1 200 OK", "Content-Length: 1000000", "", "begin");
            await exchange.Wire.ReadToEndAsync();
        });
        await StartAsync(origin, backend: static b => b.Configure(static o => o.Servers[0].CutsSessionsWhenDown = true));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 1000000", "", "begin");

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);

        await Assert.ThrowsAnyAsync<IOException>(() => client.ReadResponseAsync());
        Assert.Equal("DD", (await LoggedAsync()).End);
    }

    [Fact] // HC-28
    public async Task Request_without_an_answer_is_cut_when_its_server_goes_down()
    {
        var origin = Origin(static exchange => exchange.Wire.ReadToEndAsync());
        await StartAsync(origin, backend: static b => b.Configure(static o => o.Servers[0].CutsSessionsWhenDown = true));
        var asking = GetAsync();
        await origin.RequestAsync();

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);

        Assert.Equal(502, (await asking).Status);
        Assert.Equal("DH", (await LoggedAsync()).End);
    }

    [Fact] // HC-28
    public async Task Request_whose_server_goes_down_as_it_is_chosen_is_cut()
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: static b => b.Configure(static o => o.Servers[0].CutsSessionsWhenDown = true));
        Server().State.Watch(new LoadWatch(() => Proxy.SetServerHealth("web", "s1", ForcedHealth.Down))); // its slot is taken, and nobody knows of it

        await GetAsync();

        Assert.StartsWith("D", (await LoggedAsync()).End, StringComparison.Ordinal);
        Assert.Empty(origin.Requests);
    }

    [Fact]
    public async Task Backups_are_relieved_when_another_server_comes_up()
    {
        var backup = Origin(static exchange => exchange.Wire.ReadToEndAsync());
        await StartAsync(Compose([OkOrigin(), backup], backend: static b => b.Configure(static o =>
        {
            o.Servers[0].CutsBackupSessionsWhenUp = true;
            o.Servers[1].IsBackup = true;
        })));
        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);
        var asking = GetAsync();
        await backup.RequestAsync();

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Up);

        Assert.Equal(502, (await asking).Status);
        Assert.Equal("UH", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Without_the_option_a_request_outlives_its_servers_health() // CB-03
    {
        using var gate = new Gate();
        var origin = Origin(async exchange =>
        {
            await gate.PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin);
        var asking = GetAsync();
        await origin.RequestAsync();

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);
        gate.Open();

        Assert.Equal(200, (await asking).Status);
    }

    [Fact] // HC-23
    public async Task Monitor_says_whether_the_proxy_works()
    {
        var origin = OkOrigin();
        await StartAsync(origin, static f => f.Monitor("/alive", Match.Parse("{ nbsrv(web) lt 1 }")));
        Assert.Equal(200, (await GetAsync("/alive")).Status);

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);
        Assert.Equal(503, (await GetAsync("/alive")).Status);

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Up);
        await GetAsync("/other");
        Assert.Contains("/other", (await LoggedAsync()).Request, StringComparison.Ordinal); // the first line of all
        Assert.Single(origin.Requests);
    }

    [Fact]
    public async Task Check_takes_no_slot()
    {
        using var gate = new Gate();
        var origin = Origin(async exchange =>
        {
            if (exchange.Request.Target != "/healthz")
            {
                await gate.PassAsync();
            }

            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin, backend: static b => b
            .CheckHttp("GET", "/healthz", static c => c.Every(TimeSpan.FromSeconds(1)))
            .Configure(static o => o.Servers[0].MaxConnections = 1));
        var asking = GetAsync();
        await UntilAsync(() => origin.Requests.Any(static r => r.Target == "/"));

        await AdvanceUntilAsync(() => Server().LastCheck is { Status: CheckStatus.Layer7Passed });

        Assert.Equal(1, Server().ActiveRequests);
        gate.Open();
        Assert.Equal(200, (await asking).Status);
    }

    [Fact]
    public async Task Check_of_ones_own_decides()
    {
        var check = new SwitchedCheck();
        await StartAsync(OkOrigin(), backend: b => b.Check(check, static c => c.Every(TimeSpan.FromSeconds(1)).Fall(1).Rise(1)));
        await AdvanceUntilAsync(() => Server().Status == "UP");
        Assert.Equal(200, (await GetAsync()).Status);

        check.Passes = false;
        await AdvanceUntilAsync(() => Server().Status == "DOWN");

        Assert.Equal(503, (await GetAsync()).Status);
        Assert.Equal("as told", Server().LastCheck?.Info);
    }

    [Fact]
    public async Task Change_of_a_server_is_told()
    {
        await StartAsync(OkOrigin());
        var told = new List<ServerChange>();
        Proxy.ServerChanged += (_, change) => told.Add(change);

        Proxy.SetServerMode("web", "s1", ServerMode.Maintenance);

        var change = Assert.Single(told);
        Assert.Equal("MAINT", change.Status);
        Assert.StartsWith("Server web/s1 is going DOWN for maintenance. 0 active and 0 backup servers left.", change.Message, StringComparison.Ordinal);
    }

    [Fact] // HC-27
    public async Task Tracking_server_goes_where_the_other_one_goes()
    {
        await StartAsync(Compose([OkOrigin(), OkOrigin()], backend: static b => b
            .CheckTcp(static c => c.Every(TimeSpan.FromSeconds(1)))
            .Configure(static o => o.Servers[1].Track = "web/s1")));
        Proxy.SetServerMode("web", "s1", ServerMode.Maintenance);
        Assert.Equal("MAINT (via web/s1)", Server(2).Status);

        Proxy.SetServerMode("web", "s1", ServerMode.Ready);
        Assert.Equal(("UP 1/3", "UP 1/3"), (Server(1).Status, Server(2).Status));
    }

    private async Task GetAllAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(200, (await GetAsync()).Status);
        }
    }

    private sealed class LoadWatch(Action onChange) : ILoadWatch
    {
        public void OnLoadChanged() => onChange();

        public void OnReplaced()
        {
        }
    }

    public sealed class OverSockets() : HealthTests(Carrier.Sockets);

    public sealed class InMemory() : HealthTests(Carrier.Memory);
}
