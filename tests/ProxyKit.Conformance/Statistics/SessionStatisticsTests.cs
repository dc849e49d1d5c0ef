namespace ProxyKit.Conformance.Statistics;

/// <summary>Who is there, who waits and for how long: MX-13 to MX-15, MX-18, Q-09 and Q-31.</summary>
public sealed class SessionStatisticsTests : StatisticsTest
{
    [Fact]
    public async Task Open_connections_are_sessions_until_they_close() // MX-15, MX-18
    {
        await StartAsync(OkOrigin(), "maxconn 50");
        var clients = new List<WireClient>();
        for (var i = 0; i < 10; i++)
        {
            clients.Add(await ConnectAsync());
        }

        await UntilAsync(() => F is { CurrentSessions: 10, Sessions: 10 });

        Assert.Equal((10, 10, 50, 10L), (F.CurrentSessions, F.MaxSessions, F.SessionLimit, F.Sessions));
        Assert.Equal((10, 10, null, 10L), (L.CurrentSessions, L.MaxSessions, L.SessionLimit, L.Sessions));
        Assert.Equal((10, 10, 10L), (P.CurrentConnections, P.MaxConnections, P.Connections));
        Assert.Equal((10, 10, 10), (F.SessionRate, F.MaxSessionRate, P.MaxConnectionRate));
        Assert.Equal((0, 0), (P.CurrentTlsConnections, P.TlsConnections));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }

        await UntilAsync(() => F.CurrentSessions == 0 && L.CurrentSessions == 0 && P.CurrentConnections == 0);
        Assert.Equal((10, 10L, 10, 10), (F.MaxSessions, F.Sessions, L.MaxSessions, P.MaxConnections));
        Assert.Equal((0, null), (B.Sessions, B.SinceLastSession));
    }

    [Fact]
    public async Task Frontend_with_as_many_connections_as_it_may_have_is_full()
    {
        await StartAsync(OkOrigin(), "maxconn 1");
        Assert.Equal("OPEN", F.Status);

        await ConnectAsync();

        await UntilAsync(() => F.Status == "FULL");
    }

    [Fact]
    public async Task Those_who_wait_are_counted_and_so_is_how_long() // MX-14, Q-31
    {
        await StartAsync(HoldingOrigin(), server: "maxconn 1");
        var first = await BeginAsync();
        await UntilAsync(() => S.CurrentSessions == 1);
        var waiting = new List<WireClient>();
        for (var i = 1; i <= 4; i++)
        {
            waiting.Add(await QueueAsync(i));
        }

        Assert.Equal((4, 4, 0, null), (B.Queued, B.MaxQueued, S.Queued, S.QueueLimit));
        Assert.Equal((5, 5, 1, 1), (B.CurrentSessions, B.MaxSessions, S.CurrentSessions, S.MaxSessions));
        Time.Advance(TimeSpan.FromMilliseconds(80));
        Free(5);
        await first.ReadResponseAsync();
        foreach (var client in waiting)
        {
            await client.ReadResponseAsync();
        }

        await LoggedAsync(5);
        Assert.Equal((0, 4, 0, 0), (B.Queued, B.MaxQueued, B.CurrentSessions, S.CurrentSessions));
        Assert.Equal(TimeSpan.FromMilliseconds(80), B.Times.MaxQueue);
        Assert.Equal(TimeSpan.FromMilliseconds(80 * 4 / 5), B.Times.Queue);
        Assert.Equal((B.Times.Queue, B.Times.MaxQueue), (S.Times.Queue, S.Times.MaxQueue));
    }

    [Fact]
    public async Task Request_that_gives_up_waiting_was_the_backend_s_and_never_the_server_s() // MX-14
    {
        await StartAsync(HoldingOrigin(), backend: "option abortonclose", server: "maxconn 1");
        await BeginAsync();
        await UntilAsync(() => S.CurrentSessions == 1);
        var client = await QueueAsync(1);

        client.Reset();
        await LoggedAsync();

        Assert.Equal((2, 1, 0), (B.Sessions, B.ClientAborts, B.ConnectionErrors));
        Assert.Equal((1, 0), (S.Sessions, S.ClientAborts));
    }

    [Fact]
    public async Task Wait_for_one_server_is_that_server_s() // MX-14
    {
        await StartAsync(
            HoldingOrigin(), backend: "balance leastconn", server: "maxconn 1 maxqueue 7");
        await BeginAsync();
        await UntilAsync(() => S.CurrentSessions == 1);
        await BeginAsync();

        await UntilAsync(() => S.Queued == 1);

        Assert.Equal((1, 7, 1, 0, 0), (S.MaxQueued, S.QueueLimit, S.SessionLimit, B.Queued, B.MaxQueued));
    }

    [Fact]
    public async Task Who_is_bound_to_a_busy_server_waits_there_though_another_is_idle()
    {
        await StartWebAsync(
            """
            cookie S
            server s1 {s1} cookie one maxconn 1
            server s2 {s2} cookie two maxconn 1
            """,
            HoldingOrigin("s1"), HoldingOrigin("s2"));
        await BeginAsync("/", "Cookie: S=one");
        await UntilAsync(() => S.CurrentSessions == 1);
        var waiting = await BeginAsync("/", "Cookie: S=one");

        await UntilAsync(() => S.Queued == 1);

        Assert.Equal((0, 0), (B.Queued, Proxy.GetStatistics().Server("web", "s2").Sessions));
        Free(2);
        Assert.Equal("s1", (await waiting.ReadResponseAsync()).Text);
    }

    [Fact]
    public async Task Response_that_takes_a_while_shows_in_the_times() // MX-13
    {
        var origin = HoldingOrigin();
        await StartAsync(origin);
        var client = await BeginAsync();
        await origin.RequestAsync();
        Time.Advance(TimeSpan.FromMilliseconds(100));
        Free();
        await client.ReadResponseAsync();
        await LoggedAsync();
        Free();
        await GetAsync();
        await LoggedAsync(2);

        Assert.Equal(TimeSpan.FromMilliseconds(50), B.Times.Response);
        Assert.Equal(TimeSpan.FromMilliseconds(100), B.Times.MaxResponse);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), (B.Times.Connect, B.Times.Queue, B.Times.MaxQueue)); // nobody had to wait
        Assert.Equal(TimeSpan.FromMilliseconds(100), B.Times.MaxTotal);
        Assert.Equal(B.Times, S.Times);
    }

    [Fact]
    public async Task Bytes_sent_ahead_of_an_upgrade_count_once()
    {
        const string Request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n", Response = "HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync(Response + "hello");
            await wire.ReadExactlyAsync(4);
        });
        await StartAsync(origin);

        await SendAsync(Request + "ping");
        await LoggedAsync();

        Assert.Equal((Request.Length + 4, Response.Length + 5), (F.BytesIn, S.BytesOut));
    }

    [Fact]
    public async Task Tcp_connection_counts_as_a_session_with_its_bytes()
    {
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadExactlyAsync(4);
            await wire.SendAsync("pong!");
        });
        await StartAsync(origin, "mode tcp", "mode tcp");

        await SendAsync("ping");
        await LoggedAsync();

        Assert.Equal((1, 4, 5, 0), (F.Sessions, F.BytesIn, F.BytesOut, F.Requests));
        Assert.Equal((1, 4, 5, 0), (B.Sessions, B.BytesIn, B.BytesOut, B.Requests));
        Assert.Equal((1, 4, 5, 1), (S.Sessions, S.BytesIn, S.BytesOut, S.Connects));
        Assert.Equal((0, 0, 0), (B.ConnectionErrors, B.ResponseErrors, B.DeniedRequests));
    }

    [Fact]
    public async Task Tcp_connection_that_rules_refuse_is_a_refused_request()
    {
        await StartAsync(RawOrigin(static wire => wire.ReadToEndAsync()), "mode tcp\n    tcp-request content reject", "mode tcp");

        await SendAsync("");
        await LoggedAsync();

        Assert.Equal((1, 1, 0), (F.DeniedRequests, L.DeniedRequests, B.Sessions));
    }

    [Fact]
    public async Task Last_session_and_uptime_go_by_the_clock() // MX-18
    {
        await StartAsync(OkOrigin());
        await AskAsync();

        Time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(TimeSpan.FromSeconds(3), P.Uptime);
        Assert.Equal((TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)), (B.SinceLastSession, S.SinceLastSession));
        Assert.False(P.IsStopping);
        Assert.Equal(1, P.Listeners);
        await Proxy.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(P.IsStopping);
    }

    [Fact]
    public async Task Reload_keeps_the_counts_of_what_stays_and_begins_those_of_what_comes()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        await AskAsync();
        var (f, l, b, s, p) = (F, L, B, S, P);

        await ReloadAsync(proxy => proxy.AddHAProxyConfig(Read(
            """
            frontend f
                bind 127.0.0.1:8080 name in
                default_backend web
            backend web
                server s1 {s1} maxconn 7 pool-max-conn 3
                server s2 {s1}
            backend other
            """,
            origin)));

        Assert.Equal(Counts(f), Counts(F));
        Assert.Equal(Counts(l), Counts(L));
        Assert.Equal(Counts(b), Counts(B));
        Assert.Equal(Counts(s), Counts(S));
        Assert.Equal((p.Requests, p.Uptime, 7), (P.Requests, P.Uptime, S.SessionLimit));
        Assert.Equal(0, Proxy.GetStatistics().Server("web", "s2").Sessions);
        await AskAsync();
        Assert.Equal((2, 2, 2), (F.Requests, B.Requests, Proxy.GetStatistics().Servers.Sum(static x => x.Requests)));
    }

    [Fact]
    public async Task Names_that_are_not_there_are_refused()
    {
        await StartAsync(OkOrigin());
        var statistics = Proxy.GetStatistics();

        Assert.Throws<ArgumentException>(() => statistics.Frontend("x"));
        Assert.Throws<ArgumentException>(() => statistics.Backend("x"));
        Assert.Throws<ArgumentException>(() => statistics.Server("web", "x"));
    }
}
