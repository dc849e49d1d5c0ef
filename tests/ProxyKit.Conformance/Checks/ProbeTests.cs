using ProxyKit.Checks;
using ProxyKit.Transport;

namespace ProxyKit.Conformance.Checks;

/// <summary>When probes come, where they go, how long they may take, and how many of them it takes: HC-02, HC-03, HC-05, HC-08 and HC-27.</summary>
public sealed class ProbeTests : ProbedTest
{
    [Theory] // HC-02
    [InlineData("", 1)]
    [InlineData("init-state fully-up", 3)]
    public async Task Server_that_is_dead_at_the_start_gets_requests_until_its_checks_say_so(string state, int checks)
    {
        var dead = OkOrigin();
        dead.StopListening();
        await StartAsync($$"""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                retries 0
                server s1 {s1} check fall 3 {{state}}
                server s2 {s2} check
            """, dead, Origin(static e => e.AnswerOkAsync("s2")));
        for (var check = 0; check < checks; check++)
        {
            Assert.Equal(2, await ShareAsync("s2", 4));
            await PassAsync(check == 0 ? Second / 2 : 2 * Second); // the first check comes at once
        }

        Assert.Equal("DOWN", Server().Status);
        Assert.Equal(4, await ShareAsync("s2", 4));
    }

    [Theory] // HC-03
    [InlineData("inter 10s fall 5 rise 5", 10, 5)]
    [InlineData("inter 5s downinter 5s fall 3 rise 3", 5, 3)]
    public async Task Server_leaves_with_its_last_bad_probe_and_comes_back_with_its_last_good_one(string check, int seconds, int count)
    {
        var origin = await StartProbedAsync(check);
        var before = ProbesOf(origin);

        Probe = 500;
        await PassAllButLastAsync(failed => $"UP {count - failed}/{count}");
        Assert.Equal(2, await ShareAsync("s1", 4));
        await PassAsync(seconds * Second);
        Assert.Equal(("DOWN", count), (Server().Status, ProbesOf(origin) - before));
        Assert.Equal(0, await ShareAsync("s1", 4));

        Probe = 200;
        await PassAllButLastAsync(passed => $"DOWN {passed}/{count}");
        Assert.Equal(0, await ShareAsync("s1", 4));
        await PassAsync(seconds * Second);
        Assert.Equal(("UP", 2 * count), (Server().Status, ProbesOf(origin) - before));
        Assert.Equal(2, await ShareAsync("s1", 4));

        async Task PassAllButLastAsync(Func<int, string> expected)
        {
            for (var i = 1; i < count; i++)
            {
                await PassAsync(seconds * Second);
                Assert.Equal(expected(i), Server().Status);
            }
        }
    }

    [Theory] // HC-05
    [InlineData("", false, 1, CheckStatus.Layer7TimedOut)]
    [InlineData("", true, 1, CheckStatus.Layer4TimedOut)]
    [InlineData("timeout check 3s", false, 3, CheckStatus.Layer7TimedOut)]
    public async Task Probe_that_comes_to_no_end_fails_when_its_time_is_up(string line, bool hangsInConnect, int seconds, CheckStatus status)
    {
        if (hangsInConnect)
        {
            Network.Connecting = static async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return TransportError.None;
            };
        }

        await StartAsync($$"""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                option httpchk
                {{line}}
                server s1 {s1} check inter 1s
            """, Origin(static e => e.Wire.ReadToEndAsync()));

        Time.Advance(seconds * Second * 0.95);
        Assert.Null(Server().LastCheck);
        Time.Advance(Second * 0.2);

        await UntilAsync(() => Server().LastCheck is not null);
        Assert.Equal((status, "DOWN"), (Server().LastCheck?.Status, Server().Status));
    }

    [Fact] // HC-08
    public async Task Probes_go_to_their_own_port_and_clients_do_not()
    {
        var (served, probed) = (OkOrigin(), OkOrigin());
        await StartAsync("""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                option httpchk GET /up
                server s1 {s1} check port {p2}
            """, served, probed);
        await PassAsync(Second);
        await AskAsync("/call");
        Assert.Equal("/call", Assert.Single(served.Requests).Target);
        Assert.Equal("/up", Assert.Single(probed.Requests).Target);

        probed.StopListening();
        await PassAsync(6 * Second);

        Assert.Equal((503, "DOWN"), ((await AskAsync()).Status, Server().Status));
    }

    [Fact]
    public async Task Server_that_wants_no_new_clients_keeps_those_it_has()
    {
        await StartAsync("""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                option httpchk GET /up
                http-check disable-on-404
                cookie S insert indirect
                server s1 {s1} cookie one check inter 1s
                server s2 {s2} cookie two
            """, Switched("s1"), Origin(static e => e.AnswerOkAsync("s2")));
        Probe = 404;
        await PassAsync(Second);

        Assert.Equal(("NOLB", CheckStatus.Layer7PassedConditionally), (Server().Status, Server().LastCheck?.Status));
        Assert.Equal(0, await ShareAsync("s1", 4));
        Assert.Equal("s1", (await AskAsync("/", "Cookie: S=one")).Text);

        Probe = 500;
        await PassAsync(3 * Second);
        Assert.Equal(("DOWN", "s2"), (Server().Status, (await AskAsync("/", "Cookie: S=one")).Text));

        Probe = 404;
        await PassAsync(Second);
        Assert.Equal("DOWN 1/2", Server().Status);
        await PassAsync(Second);
        Assert.Equal(("NOLB", "s1"), (Server().Status, (await AskAsync("/", "Cookie: S=one")).Text));
    }

    [Fact] // HC-27
    public async Task Server_that_tracks_one_of_another_backend_goes_with_it_and_is_not_asked()
    {
        var (origin, tracking) = (Switched("s1"), OkOrigin());
        await StartAsync("""
            frontend f
                bind 127.0.0.1:8080
                use_backend other if { path /other }
                default_backend web
            backend web
                option httpchk GET /up
                server s1 {s1} check inter 1s
            backend other
                server t1 {s2} track web/s1
            """, origin, tracking);
        await PassAsync(Second / 2);
        Probe = 500;
        await PassAsync(2 * Second);
        Assert.Equal(("UP 1/3", "UP 1/3"), (Server().Status, Tracking().Status)); // its progress is the other one's
        Assert.Equal(0, tracking.Connections);
        Assert.Equal(200, (await AskAsync("/other")).Status);

        await PassAsync(Second);
        Assert.Equal(("DOWN", "DOWN"), (Server().Status, Tracking().Status));
        Assert.Equal(503, (await AskAsync("/other")).Status);

        Probe = 200;
        await PassAsync(Second);
        Assert.Equal("DOWN 1/2", Tracking().Status);
        await PassAsync(Second);
        Assert.Equal(("UP", 200), (Tracking().Status, (await AskAsync("/other")).Status));
        Assert.Equal(2, tracking.Requests.Count);

        Backends.Server Tracking() => Proxy.GetServers("other")[0];
    }
}
