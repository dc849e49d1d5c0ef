using ProxyKit.Statistics;

namespace ProxyKit.Conformance.Statistics;

/// <summary>What requests leave behind, counter by counter: MX-09 to MX-12 and MX-16.</summary>
public sealed class RequestStatisticsTests : StatisticsTest
{
    private const string Arrived = "Connections 1, Requests 1, Responses, Sessions 1";
    private const string Served = "Connects 1, Requests 1, Responses, Selections 1, Sessions 1";

    [Fact]
    public async Task Request_counts_everywhere_once_and_nothing_else_does()
    {
        await StartAsync(OkOrigin());
        var (f, l, b, s) = (F, L, B, S);

        await AskAsync();

        Assert.Equal(Arrived, Moved(f, F));
        Assert.Equal("Connections 1, Sessions 1", Moved(l, L));
        Assert.Equal(Served, Moved(b, B));
        Assert.Equal(Served, Moved(s, S));
        Assert.Equal(new ResponseCounts(0, 1, 0, 0, 0, 0), F.Responses);
    }

    [Fact]
    public async Task Requests_of_a_second_are_a_rate() // MX-09
    {
        await StartAsync(OkOrigin());
        await using var client = await ConnectAsync();
        for (var i = 1; i <= 100; i++)
        {
            await GetAsync(client);
            Time.Advance(TimeSpan.FromMilliseconds(5));
        }

        await LoggedAsync(100);

        Assert.Equal((100, 100, 100, 100), (F.Requests, B.Requests, S.Requests, P.Requests));
        Assert.InRange(F.MaxRequestRate, 90, 100);
        Assert.InRange(F.RequestRate, 90, 100);
        Assert.Equal((1, 1), (F.MaxConnectionRate, F.MaxSessionRate));
        Assert.InRange(B.MaxSessionRate, 90, 100);
        Assert.InRange(S.MaxSessionRate, 90, 100);
        Assert.Equal((1, 99), (S.Connects, S.Reuses));
        Assert.Equal((1, 99, 100), (B.Connects, B.Reuses, B.Selections));

        Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((0, 0, 0), (F.RequestRate, B.SessionRate, S.SessionRate));
    }

    [Fact]
    public async Task Rules_that_ask_for_a_rate_read_the_same() // MX-20
    {
        await StartAsync(OkOrigin(), "http-request return content-type text/plain lf-string %[fe_req_rate]/%[be_sess_rate(web)]/%[srv_sess_rate(web/s1)] if { path /rates }");
        await AskAsync();
        await AskAsync();

        var rates = (await AskAsync("/rates")).Text;

        Assert.Equal($"{F.RequestRate}/{B.SessionRate}/{S.SessionRate}", rates);
        Assert.Equal("3/2/2", rates);
    }

    [Fact]
    public async Task Responses_count_by_class_where_they_come_by() // MX-10
    {
        var statuses = new Queue<int>([404, 500, 404, 500, 404, 304, 799]);
        await StartAsync(
            Origin(exchange => exchange.AnswerAsync($"HTTP/1.1 {statuses.Dequeue()} X", "Content-Length: 0", "", "")), "http-request deny if { path /no }");
        for (var i = 0; i < 7; i++)
        {
            await AskAsync();
        }

        await AskAsync("/no");

        Assert.Equal(new ResponseCounts(0, 0, 1, 3, 2, 1), S.Responses);
        Assert.Equal(S.Responses, B.Responses);
        Assert.Equal(S.Responses with { ClientErrors = 4 }, F.Responses);
    }

    [Fact]
    public async Task Refused_requests_count_where_the_rule_is() // MX-11
    {
        await StartAsync(OkOrigin(), "http-request deny if { path /front }", "http-request deny if { path /back }");
        for (var i = 0; i < 5; i++)
        {
            await AskAsync("/front");
        }

        Assert.Equal((5, 5, 0, 0), (F.DeniedRequests, L.DeniedRequests, B.DeniedRequests, B.Sessions));
        await AskAsync("/back");
        Assert.Equal((6, 6, 1, 0), (F.DeniedRequests, L.DeniedRequests, B.DeniedRequests, S.Sessions));
        await AskAsync();
        Assert.Equal((6, 1, 0), (F.DeniedRequests, B.DeniedRequests, F.RequestErrors));
    }

    [Fact]
    public async Task Refused_response_counts_everywhere_and_the_server_keeps_its_own_status() // MX-11
    {
        await StartAsync(OkOrigin(), backend: "http-response deny");

        Assert.Equal(502, (await AskAsync()).Status);

        Assert.Equal((1, 1, 1, 1), (F.DeniedResponses, L.DeniedResponses, B.DeniedResponses, S.DeniedResponses));
        Assert.Equal((1, 1), (F.Responses.ServerErrors, S.Responses.Successful));
        Assert.Equal((0, 0), (B.ResponseErrors, S.ResponseErrors));
    }

    [Theory]
    [InlineData("tcp-request connection reject", 1, 0)]
    [InlineData("tcp-request session reject", 0, 1)]
    public async Task Refused_connection_is_no_session(string rule, int connections, int sessions) // MX-11
    {
        await StartAsync(OkOrigin(), rule);

        await using var client = await ConnectAsync();
        await client.Wire.ReadToEndAsync();
        await UntilAsync(() => Proxy.Connections == 0);

        Assert.Equal((connections, sessions, 0, 1), (F.DeniedConnections, F.DeniedSessions, F.Sessions, F.Connections));
        Assert.Equal((connections, sessions, 0, 1), (L.DeniedConnections, L.DeniedSessions, L.Sessions, L.Connections));
        Assert.Equal((0, 0), (F.Requests, F.RequestErrors));
    }

    [Theory]
    [InlineData("http-request return status 200 if { path /x }", 1)]
    [InlineData("http-request redirect location / if { path /x }", 1)]
    [InlineData("http-request deny if { path /x }", 0)]
    [InlineData("", 0)]
    public async Task Reply_in_the_place_of_a_backend_counts_as_one(string rule, int intercepted)
    {
        await StartAsync(OkOrigin(), rule);

        await AskAsync("/x");

        Assert.Equal(intercepted, F.Intercepted);
    }

    [Theory]
    [InlineData("GE T / HTTP/1.1\r\n\r\n", false)]
    [InlineData("GET / HT", true)]
    [InlineData("", true)]
    public async Task Request_that_is_none_is_an_error_of_the_frontend(string text, bool closes)
    {
        await StartAsync(OkOrigin());
        var (f, l, b) = (F, L, B);

        await SendAsync(text, closes);
        await UntilAsync(() => Proxy.Connections == 0);

        Assert.Equal("Connections 1, RequestErrors 1, Requests 1, Responses, Sessions 1", Moved(f, F));
        Assert.Equal("Connections 1, RequestErrors 1, Sessions 1", Moved(l, L));
        Assert.Equal("", Moved(b, B));
        Assert.Equal(1, F.Responses.ClientErrors);
    }

    [Fact]
    public async Task Kept_connection_that_ends_is_no_error()
    {
        await StartAsync(OkOrigin());
        await using (var client = await ConnectAsync())
        {
            await GetAsync(client);
            await GetAsync(client);
        }

        await UntilAsync(() => Proxy.Connections == 0);

        Assert.Equal((0, 2, 1), (F.RequestErrors, F.Requests, F.Sessions));
        Assert.Equal(new ResponseCounts(0, 2, 0, 0, 0, 0), F.Responses);
    }

    [Fact]
    public async Task Server_that_cannot_be_reached_is_asked_again_and_is_one_error() // MX-12
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: "retries 3");
        origin.StopListening();

        Assert.Equal(503, (await AdvanceUntilAsync(AskAsync())).Status);

        Assert.Equal((1, 3, 0, 4, 4, 1), (S.ConnectionErrors, S.Retries, S.Redispatches, S.Connects, S.Sessions, S.Selections));
        Assert.Equal((1, 3, 0, 4, 1, 1), (B.ConnectionErrors, B.Retries, B.Redispatches, B.Connects, B.Sessions, B.Selections));
        Assert.Equal((0, 1, 0), (S.Requests, B.Requests, B.ResponseErrors));
        Assert.Equal((default, 1), (S.Responses, B.Responses.ServerErrors));
    }

    [Fact]
    public async Task Request_that_goes_elsewhere_is_a_redispatch() // MX-12
    {
        var (dead, good) = (OkOrigin(), OkOrigin());
        await StartAsync(
            """
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                retries 1
                option redispatch 1
                server s1 {s1}
                server s2 {s2}
            """,
            dead,
            good);
        dead.StopListening();

        await AdvanceUntilAsync(AskAsync());

        var s2 = Proxy.GetStatistics().Server("web", "s2");
        Assert.Equal((0, 1, 1, 0), (S.Retries, S.Redispatches, S.Selections, S.ConnectionErrors));
        Assert.Equal((0, 1, 2, 0), (B.Retries, B.Redispatches, B.Selections, B.ConnectionErrors));
        Assert.Equal((0, 0, 1, 1), (s2.Retries, s2.Redispatches, s2.Selections, s2.Requests));
    }

    [Fact]
    public async Task Backend_without_a_server_is_a_connection_error() // MX-12
    {
        await StartAsync("""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
            """);

        Assert.Equal(503, (await AskAsync()).Status);

        Assert.Equal((1, 0, 1), (B.ConnectionErrors, B.ResponseErrors, B.Requests));
    }

    [Theory]
    [InlineData("", 0, 502)]
    [InlineData("nonsense\r\n\r\n", 0, 502)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", 1, 200)]
    public async Task Server_that_closes_is_a_response_error_and_in_its_midst_an_abort_too(string response, int aborts, int status) // MX-12
    {
        await StartAsync(Origin(async exchange =>
        {
            await exchange.AnswerRawAsync(response);
            exchange.Close();
        }));
        var f = F;

        await BeginAsync();
        await LoggedAsync();

        Assert.Equal((1, aborts), (B.ResponseErrors, B.ServerAborts));
        Assert.Equal((1, aborts), (S.ResponseErrors, S.ServerAborts));
        Assert.Equal(Arrived, Moved(f, F));
        Assert.Equal(status == 200 ? 1 : 0, S.Requests);
        Assert.Equal((status == 200 ? 1 : 0, status == 502 ? 1 : 0), (F.Responses.Successful, F.Responses.ServerErrors));
        Assert.Equal((0, 0), (B.ConnectionErrors, B.ClientAborts));
    }

    [Fact]
    public async Task Client_that_leaves_while_it_waits_is_an_abort_and_nothing_else()
    {
        await StartAsync(HoldingOrigin(), backend: "option abortonclose");
        var client = await BeginAsync();
        await UntilAsync(() => S.CurrentSessions == 1);

        client.Reset();
        await LoggedAsync();

        Assert.Equal((1, 0, 0, 0), (B.ClientAborts, B.ServerAborts, B.ConnectionErrors, B.ResponseErrors));
        Assert.Equal((1, 0, 0), (S.ClientAborts, S.ResponseErrors, S.Requests));
        Assert.Equal(0, F.RequestErrors);
    }

    [Fact]
    public async Task Bytes_are_those_of_the_messages() // MX-16
    {
        const int Length = 1 << 20;
        await StartAsync(Origin(exchange => exchange.AnswerOkAsync(new string('x', Length))));

        await AskAsync();

        Assert.All([F.BytesOut, L.BytesOut, B.BytesOut, S.BytesOut], bytes => Assert.InRange(bytes, Length, Length + 1024));
        Assert.All([F.BytesIn, L.BytesIn, B.BytesIn, S.BytesIn], bytes => Assert.Equal("GET / HTTP/1.1\r\nHost: a\r\n\r\n".Length, bytes));
    }

    [Fact]
    public async Task Bytes_of_requests_that_came_together_count_once() // MX-16
    {
        const string Sent = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
            + "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            + "POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde"
            + "GET /d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
        await StartAsync(OkOrigin());

        await SendAsync(Sent);
        await LoggedAsync(4);

        Assert.Equal(4, F.Requests);
        Assert.All([F.BytesIn, L.BytesIn, B.BytesIn, S.BytesIn], static bytes => Assert.Equal(Sent.Length, bytes));
    }

    [Fact]
    public async Task Bytes_of_a_reply_of_the_proxy_s_own_are_sent_too() // MX-16
    {
        await StartAsync(OkOrigin(), "http-request deny");

        await AskAsync();

        Assert.InRange(F.BytesOut, 100, 400);
        Assert.Equal((0, 0), (B.BytesOut, S.BytesOut));
    }

    [Fact]
    public async Task Change_that_a_rule_cannot_make_counts_where_the_rule_is()
    {
        await StartAsync(OkOrigin(), backend: "http-request set-method %[req.hdr(x)]");
        await AskAsync("/", "X: no such");
        await AskAsync("/", "X: PUT");

        Assert.Equal((1, 1, 0), (F.FailedRewrites, B.FailedRewrites, S.FailedRewrites));
    }
}
