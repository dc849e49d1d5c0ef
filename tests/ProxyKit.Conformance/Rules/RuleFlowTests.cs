using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;
using ProxyKit.StickTables;

namespace ProxyKit.Conformance.Rules;

/// <summary>Rules on the way of an exchange: waits, refusals, replies of the proxy's own, and code of users.</summary>
public abstract class RuleFlowTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task A_reply_may_quote_the_response_that_it_takes_the_place_of()
    {
        var origin = OriginAnswering("HTTP/1.1 200 OK", "Content-Length: 2", "X-Reason: because", "", "ok");
        await StartAsync(origin, f => f.OnResponse(rules => rules
            .Return(Reply.Format(Value.Format("<%[res.hdr(x-reason)]>"), "text/plain", 503).WithHeader("X-Was", Value.Format("%[res.hdr(x-reason)]")))));
        var client = await ConnectAsync();

        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
            var response = await client.ReadResponseAsync();

            Assert.Equal((503, "<because>", "because"), (response.Status, response.Text, response["X-Was"]));
        }
    }

    [Fact]
    public async Task A_users_code_that_throws_behind_every_response_costs_that_response_alone()
    {
        await StartAsync(OkOrigin(), f => f
            .OnRequest(rules => rules.Deny(when: Match.Path("/denied")))
            .OnAfterResponse(rules => rules.Run("fails", static _ => throw new InvalidOperationException("on purpose"), !Match.Path("/fine"))));
        ExpectedFaults = 3; // the relayed response, its 500 and the denial
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        Assert.Equal(500, (await client.ReadResponseAsync()).Status);
        var other = await ConnectAsync();
        await other.SendAsync("GET /denied HTTP/1.1", "Host: a", "", "");
        Assert.Equal(500, (await other.ReadResponseAsync()).Status);
        var fine = await ConnectAsync();
        await fine.SendAsync("GET /fine HTTP/1.1", "Host: a", "", "");
        Assert.Equal(200, (await fine.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task A_reply_whose_length_a_rule_took_away_ends_with_its_connection()
    {
        await StartAsync(OkOrigin(), f => f.OnRequest(rules => rules.Deny()).OnAfterResponse(rules => rules.DelHeader("content-length")));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        var response = await client.ReadResponseAsync();

        Assert.Equal(403, response.Status);
        Assert.Equal("close", response["Connection"]);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_body_that_rules_waited_for_is_sent_on_whole_with_its_trailers()
    {
        var origin = OkOrigin();
        await StartAsync(origin, f => f.OnRequest(rules => rules
            .WaitForBody(TimeSpan.FromSeconds(5)).SetHeader("X-Body", Value.Format("%[req.body]"))));
        var client = await ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "Trailer: X-End", "", "3", "abc", "2", "de", "0", "X-End: 1", "", "");
        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        var request = await origin.RequestAsync();

        Assert.Equal(("abcde", "abcde", "1"), (request["X-Body"], request.Text, request.Trailers.Single().Value));
    }

    [Fact]
    public async Task A_body_that_does_not_come_in_time_is_a_408()
    {
        await StartAsync(OkOrigin(), f => f.OnRequest(rules => rules.WaitForBody(TimeSpan.FromSeconds(1))));
        var client = await ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 5", "", "ab");

        var response = await AdvanceUntilAsync(client.ReadResponseAsync());

        Assert.Equal(408, response.Status);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\nabcde")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")]
    [InlineData("Connection: close\r\n\r\nabcde")]
    public async Task A_body_of_a_response_that_rules_waited_for_is_sent_on_whole(string rest)
    {
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerRawAsync($"HTTP/1.1 200 OK\r\n{rest}");
            exchange.Close();
        });
        await StartAsync(origin, f => f.OnResponse(rules => rules
            .WaitForBody(TimeSpan.FromSeconds(5)).SetHeader("X-Body", Value.Format("%[res.body]")).SetHeader("X-Length", Value.Format("%[res.body_len]"))));

        var response = await GetAsync();

        Assert.Equal(("abcde", "abcde", "5"), (response["X-Body"], response.Text, response["X-Length"]));
    }

    [Fact]
    public async Task A_long_body_of_a_response_is_shown_as_far_as_it_can_be_held()
    {
        var body = new string('x', 100_000);
        await StartAsync(Origin(exchange => exchange.AnswerOkAsync(body)), f => f.OnResponse(rules => rules
            .WaitForBody(TimeSpan.FromSeconds(5), 1000).SetHeader("X-Enough", Value.Format("%[res.body_len,div(1000),bool]")).SetHeader("X-Size", Value.Format("%[res.body_size]"))));

        var response = await GetAsync();

        Assert.Equal((body, "1", "100000"), (response.Text, response["X-Enough"], response["X-Size"]));
    }

    [Fact]
    public async Task A_body_of_a_response_that_does_not_come_in_time_is_a_504()
    {
        await StartAsync(
            Origin(async exchange =>
            {
                await exchange.AnswerRawAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
                await exchange.Wire.ReadToEndAsync();
            }),
            f => f.OnResponse(rules => rules.WaitForBody(TimeSpan.FromSeconds(1))));

        var response = await AdvanceUntilAsync(GetAsync());

        Assert.Equal((504, "sH"), (response.Status, (await LoggedAsync()).End));
    }

    [Fact]
    public async Task A_body_of_a_response_that_breaks_off_is_passed_on_as_far_as_it_came()
    {
        await StartAsync(
            Origin(async exchange =>
            {
                await exchange.AnswerRawAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
                exchange.Close();
            }),
            f => f.OnResponse(rules => rules.WaitForBody(TimeSpan.FromSeconds(1)).SetHeader("X-Body", Value.Format("%[res.body]"))));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await Assert.ThrowsAnyAsync<IOException>(() => client.ReadResponseAsync());

        Assert.Equal("SD", (await LoggedAsync()).End);
    }

    [Theory] // SEC-09
    [InlineData(null)]
    [InlineData(429)]
    public async Task A_tarpit_keeps_its_client_waiting(int? status)
    {
        var origin = OkOrigin();
        await StartAsync(origin, f => f.Configure(o => o.TarpitTimeout = TimeSpan.FromSeconds(5)).OnRequest(rules => rules.Tarpit(status)));
        var client = await ConnectAsync();
        var asked = Time.GetTimestamp();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        var reading = client.ReadResponseAsync();

        Assert.Equal(status ?? 500, (await AdvanceUntilAsync(reading)).Status);
        Assert.InRange(Time.GetElapsedTime(asked), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5.5));
        Assert.Empty(origin.Requests);
    }

    [Fact]
    public async Task Code_that_waits_is_told_when_its_client_leaves()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await StartAsync(OkOrigin(), f => f.OnRequest(rules => rules.Run("waits", async (_, cancellation) =>
        {
            started.SetResult();
            using var registration = cancellation.Register(() => told.TrySetResult());
            await told.Task;
        })));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await started.Task.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);

        client.Reset();

        await told.Task.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_was_tracked_is_let_go_however_the_exchange_ends()
    {
        await StartAsync(proxy =>
        {
            Compose([OkOrigin()], f => f
                .OnRequest(rules => rules
                    .Add(StickActions.Track(0, Value.Parse("req.hdr(host)"), "t"))
                    .Deny(when: Match.Path("/no"))
                    .Run("fails", static _ => throw new InvalidOperationException("on purpose"), Match.Path("/fail")))
                .OnResponse(rules => rules
                    .SetHeader("X-Seen", Value.Format("%[sc_conn_cur(0)] %[sc_http_req_cnt(0)] %[sc_http_err_cnt(0)]"))))(proxy);
            proxy.AddStickTable(
                "t", StickKeyType.String, 100, null, new StickData(StickDataType.CurrentConnections), new StickData(StickDataType.Requests), new StickData(StickDataType.Errors));
        });
        ExpectedFaults = 1;

        Assert.Equal("1 4 1", await AskAsync("/", "/no", "/fail", "/"));
    }

    private async Task<string?> AskAsync(params string[] targets)
    {
        WireMessage? response = null;
        foreach (var (index, target) in targets.Index())
        {
            var client = await ConnectAsync();
            await client.SendAsync($"GET {target} HTTP/1.1", "Host: a", "", "");
            response = await client.ReadResponseAsync();
            await LoggedAsync(index + 1); // by then it has let go of what it tracked
        }

        return response?["X-Seen"];
    }
}

public sealed class RuleFlowOverSocketsTests() : RuleFlowTests(Carrier.Sockets);

public sealed class RuleFlowInMemoryTests() : RuleFlowTests(Carrier.Memory);

public sealed class RuleFlowInPiecesTests() : RuleFlowTests(Carrier.Pieces);
