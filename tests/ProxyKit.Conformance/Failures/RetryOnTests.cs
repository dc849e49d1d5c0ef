using ProxyKit.Backends;

namespace ProxyKit.Conformance.Failures;

/// <summary>Requests that are sent again. HAProxy: <c>retry-on</c>.</summary>
public abstract class RetryOnTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Status_that_is_retried_on_is_not_seen_while_another_server_answers()
    {
        var (bad, good) = (OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 4", "", "busy"), OkOrigin());
        await StartAsync(Compose([bad, good], backend: b => b.RetryOn(RetryCauses.None, 503)));

        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(200, (await GetAsync()).Status);
        }

        Assert.Equal("+1", (await LoggedAsync()).Retries);
        Assert.Equal(4, good.Requests.Count);
    }

    [Fact]
    public async Task Last_response_goes_to_the_client_once_the_retries_are_used_up()
    {
        var origin = OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 4", "X-Own: 1", "", "busy");
        await StartAsync(origin, backend: b => b.Retries(2).RetryOn(RetryCauses.None, 503));

        var response = await GetAsync();

        Assert.Equal((503, "busy"), (response.Status, response.Text));
        Assert.Equal(3, origin.Requests.Count);
        Assert.Equal("2", (await LoggedAsync()).Retries);
    }

    [Theory]
    [InlineData(RetryCauses.EmptyResponse, "")]
    [InlineData(RetryCauses.JunkResponse, "SSH-2.0-x\r\n\r\n")]
    public async Task Server_that_says_nothing_useful_is_tried_elsewhere(RetryCauses cause, string said)
    {
        var bad = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync(said);
        });
        var good = OkOrigin();
        await StartAsync(Compose([bad, good], backend: b => b.RetryOn(cause)));

        Assert.Equal(200, (await GetAsync()).Status);
        Assert.Equal("+1", (await LoggedAsync()).Retries);
    }

    [Fact]
    public async Task Server_that_does_not_respond_in_time_is_tried_elsewhere()
    {
        var hung = Origin(static exchange => exchange.Wire.ReadToEndAsync());
        var good = OkOrigin();
        await StartAsync(Compose([hung, good], backend: b => b.RetryOn(RetryCauses.ResponseTimeout).ServerTimeout(TimeSpan.FromSeconds(2))));

        Assert.Equal(200, (await AdvanceUntilAsync(GetAsync())).Status);
    }

    [Fact]
    public async Task Failure_that_is_not_named_is_the_clients()
    {
        var bad = RawOrigin(static wire => wire.ReadHeadAsync());
        await StartAsync(Compose([bad, OkOrigin()], backend: b => b.RetryOn(RetryCauses.ConnectFailure)));

        Assert.Equal(502, (await GetAsync()).Status);
    }

    [Theory]
    [InlineData(10, 64 * 1024, 200)]
    [InlineData(60_000, 64 * 1024, 200)]
    [InlineData(60_000, 50_000, 503)]
    public async Task Body_is_sent_again_whole_where_it_fits(int length, int limit, int expected)
    {
        var (bad, good) = (OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", ""), OkOrigin());
        await StartAsync(Compose([bad, good], backend: b => b.RetryOn(RetryCauses.None, 503).Configure(o => o.ReplayLimit = limit)));
        var body = new string('x', length);
        var client = await ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1", "Host: a", $"Content-Length: {length}", "", body);

        Assert.Equal(expected, (await client.ReadResponseAsync()).Status);
        if (expected == 200)
        {
            Assert.Equal(body, (await good.RequestAsync()).Text);
        }
    }

    [Fact]
    public async Task Chunked_body_keeps_its_trailers_when_it_is_sent_again()
    {
        var (bad, good) = (OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", ""), OkOrigin());
        await StartAsync(Compose([bad, good], backend: b => b.RetryOn(RetryCauses.None, 503)));
        var client = await ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "", "3", "abc", "2", "de", "0", "X-T: 1", "", "");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal("abcde", (await good.RequestAsync()).Text);
    }

    [Fact]
    public async Task Rule_can_forbid_to_send_a_request_again()
    {
        var bad = OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", "");
        await StartAsync(Compose(
            [bad, OkOrigin()],
            backend: b => b.RetryOn(RetryCauses.None, 503).OnRequest(rules => rules.Add(RuleActions.DisableReplay, Match.Method("POST")))));
        var client = await ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 0", "", "");

        Assert.Equal(503, (await client.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Budget_leaves_the_failure_to_the_client_once_it_is_spent()
    {
        var bad = OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", "");
        await StartAsync(Compose([bad, OkOrigin()], backend: b => b.RetryOn(RetryCauses.None, 503).RetryBudget(0.2, floor: 0)));

        Assert.Equal(503, (await GetAsync()).Status);
    }

    [Theory]
    [InlineData(RetryCauses.ConnectFailure | RetryCauses.EmptyResponse, 2)]
    [InlineData(RetryCauses.ConnectFailure | RetryCauses.EmptyResponse | RetryCauses.ResponseTimeout, 1)]
    public async Task First_request_of_a_client_uses_an_idle_connection_where_what_is_lost_is_repeated(RetryCauses causes, int connections)
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: b => b.RetryOn(causes));

        await GetAsync();
        await LoggedAsync(); // by then its connection is back
        await GetAsync();

        Assert.Equal(connections, origin.Connections);
    }

    public sealed class OnSockets() : RetryOnTests(Carrier.Sockets);

    public sealed class InMemory() : RetryOnTests(Carrier.Memory);

    public sealed class InPieces() : RetryOnTests(Carrier.Pieces);
}
