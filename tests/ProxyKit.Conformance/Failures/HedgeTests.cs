using ProxyKit.Backends;

namespace ProxyKit.Conformance.Failures;

/// <summary>Requests that go to another server too when the first is slow.</summary>
public abstract class HedgeTests(Carrier carrier) : ProxyTest(carrier)
{
    private static readonly TimeSpan After = TimeSpan.FromMilliseconds(100);

    private readonly Gate _gate = new();

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _gate.Open(100);
        await base.DisposeAsync();
        _gate.Dispose();
    }

    [Fact]
    public async Task Slow_server_is_overtaken_by_another()
    {
        var (slow, quick) = (HungOrigin(), NamedOrigin("quick"));
        await StartAsync(Hedged([slow, quick]));

        var response = await AdvanceUntilAsync(GetAsync());

        Assert.Equal((200, "quick"), (response.Status, response.Text));
        var line = await LoggedAsync();
        Assert.Equal(("web/s2", "+1", "--"), (line.Server, line.Retries, line.End));
        await slow.OpenConnectionsAsync(0);
        Assert.Equal((0, 0, 1L, 1L), (Server(1).ActiveRequests, Server(2).ActiveRequests, Server(1).TotalRequests, Server(2).TotalRequests));
    }

    [Fact]
    public async Task Server_that_is_quick_enough_stays_alone()
    {
        var (first, second) = (OkOrigin(), OkOrigin());
        await StartAsync(Hedged([first, second]));

        Assert.Equal(200, (await GetAsync()).Status);
        Time.Advance(10 * After);

        Assert.Equal((1, 0), (first.Requests.Count, second.Requests.Count));
        Assert.Equal("0", (await LoggedAsync()).Retries);
    }

    [Fact]
    public async Task First_server_may_still_win()
    {
        var (first, second) = (GatedOrigin("first"), HungOrigin());
        await StartAsync(Hedged([first, second]));
        var response = GetAsync();
        await AdvanceUntilAsync(second.RequestAsync());

        _gate.Open();

        Assert.Equal("first", (await response).Text);
        Assert.Equal(("web/s1", "0"), await LoggedAsync() is var line ? (line.Server, line.Retries) : default);
        await second.OpenConnectionsAsync(0);
        Assert.Equal(0, Server(2).ActiveRequests);
    }

    [Fact]
    public async Task Request_that_may_not_be_sent_twice_stays_with_its_server()
    {
        var (first, second) = (GatedOrigin("first"), OkOrigin());
        await StartAsync(Hedged([first, second]));
        var client = await ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 2", "", "ab");
        await first.RequestAsync();

        await AssertAnsweredByFirstAloneAsync(client.ReadResponseAsync(), second);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(40_000)]
    public async Task Body_goes_to_the_other_server_whole(int length)
    {
        var (slow, quick) = (HungOrigin(), NamedOrigin("quick"));
        await StartAsync(Hedged([slow, quick]));
        var client = await ConnectAsync();
        var body = new string('x', length);
        await client.SendAsync("PUT / HTTP/1.1", "Host: a", $"Content-Length: {length}", "", body);
        await slow.RequestAsync();

        Assert.Equal("quick", (await AdvanceUntilAsync(client.ReadResponseAsync())).Text);

        Assert.Equal(body, (await quick.RequestAsync()).Text);
        await client.SendAsync("GET /again HTTP/1.1", "Host: a", "", "");
        Assert.Equal(200, (await AdvanceUntilAsync(client.ReadResponseAsync())).Status);
    }

    [Fact]
    public async Task Rule_that_has_requests_sent_once_is_heeded()
    {
        var (first, second) = (GatedOrigin("first"), OkOrigin());
        await StartAsync(Hedged([first, second], b => b.OnRequest(static rules => rules.Add(RuleActions.DisableReplay))));
        var response = GetAsync();
        await first.RequestAsync();

        await AssertAnsweredByFirstAloneAsync(response, second);
    }

    [Fact]
    public async Task Client_that_is_bound_to_a_server_is_not_answered_by_another()
    {
        var (first, second) = (GatedOrigin("first"), OkOrigin());
        await StartAsync(Hedged([first, second], static b => b.StickyCookie("S", static c => c.Insert()).Configure(Named)));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "Cookie: S=s1", "", "");
        await first.RequestAsync();

        await AssertAnsweredByFirstAloneAsync(client.ReadResponseAsync(), second);
    }

    [Fact]
    public async Task Client_that_is_bound_to_none_is_bound_to_the_server_that_answered()
    {
        var (slow, quick) = (HungOrigin(), NamedOrigin("quick"));
        await StartAsync(Hedged([slow, quick], static b => b.StickyCookie("S", static c => c.Insert()).Configure(Named)));

        Assert.StartsWith("S=s2;", (await AdvanceUntilAsync(GetAsync()))["Set-Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Share_that_is_spent_leaves_requests_with_their_server()
    {
        var (first, second) = (GatedOrigin("first"), OkOrigin());
        await StartAsync(Hedged([first, second], static b => b.Configure(static o => o.RetryBudgetFloor = 0)));
        var response = GetAsync();
        await first.RequestAsync();

        await AssertAnsweredByFirstAloneAsync(response, second);
    }

    [Fact]
    public async Task Server_without_a_slot_is_not_asked_too()
    {
        var (first, second) = (GatedOrigin("first"), HungOrigin());
        await StartAsync(Compose([first], backend: b => Hedge(b).AddServer("s2", second.Address, static s => s.MaxConnections(1))));
        var client = await ConnectAsync();
        var response = GetAsync();
        await first.RequestAsync();
        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 0", "", ""); // takes the slot, and is not hedged
        await second.RequestAsync();

        Time.Advance(10 * After);
        _gate.Open();

        Assert.Equal("first", (await response).Text);
        Assert.Single(second.Requests);
    }

    [Fact]
    public async Task Other_server_answers_where_the_first_fails_meanwhile()
    {
        var failing = Origin(async exchange =>
        {
            await _gate.PassAsync();
            exchange.Close();
        });
        using var second = new Gate();
        var other = Origin(async exchange =>
        {
            await second.PassAsync();
            await exchange.AnswerOkAsync("other");
        });
        await StartAsync(Hedged([failing, other]));
        var response = GetAsync();
        await AdvanceUntilAsync(other.RequestAsync());

        _gate.Open();
        await failing.OpenConnectionsAsync(0);
        second.Open();

        Assert.Equal((200, "other"), await response is var r ? (r.Status, r.Text) : default);
    }

    [Fact]
    public async Task Both_that_fail_are_a_failure()
    {
        var failing = Origin(async exchange =>
        {
            await _gate.PassAsync();
            exchange.Close();
        });
        var worse = RawOrigin(static async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("SSH-2.0-x\r\n\r\n");
        });
        await StartAsync(Hedged([failing, worse]));
        var response = GetAsync();
        await failing.RequestAsync();
        Time.Advance(2 * After);
        await worse.OpenConnectionsAsync(0);

        _gate.Open();

        Assert.Equal(502, (await response).Status);
        Assert.Equal(("SH", "web/s1"), await LoggedAsync() is var line ? (line.End, line.Server) : default);
    }

    [Fact]
    public async Task Answer_that_is_retried_on_does_not_win()
    {
        var (first, busy) = (GatedOrigin("first"), OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", ""));
        await StartAsync(Hedged([first, busy], static b => b.RetryOn(RetryCauses.None, 503)));
        var response = GetAsync();
        await AdvanceUntilAsync(busy.RequestAsync());

        _gate.Open();

        Assert.Equal("first", (await response).Text);
    }

    [Fact]
    public async Task Third_server_joins_after_the_same_time_again()
    {
        var (slow, slower, quick) = (HungOrigin(), HungOrigin(), NamedOrigin("quick"));
        await StartAsync(Hedged([slow, slower, quick], static b => b.Hedge(static h => h.After(After).MaxAttempts(3))));

        Assert.Equal("quick", (await AdvanceUntilAsync(GetAsync())).Text);

        Assert.Equal((1, 1), (slow.Requests.Count, slower.Requests.Count));
        await slow.OpenConnectionsAsync(0);
        await slower.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Client_that_leaves_ends_all_attempts()
    {
        var (slow, slower) = (HungOrigin(), HungOrigin());
        await StartAsync(Hedged([slow, slower]));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await AdvanceUntilAsync(slower.RequestAsync());

        await client.DisposeAsync();

        await slow.OpenConnectionsAsync(0);
        await slower.OpenConnectionsAsync(0);
        Assert.Equal("CH", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Answer_of_the_other_server_is_relayed_whole_and_its_connection_kept()
    {
        var body = new string('y', 200_000);
        var quick = Origin(exchange => exchange.AnswerOkAsync(exchange.RequestNumber == 1 ? body : "again"));
        await StartAsync(Hedged([HungOrigin(), quick]));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Equal(body, (await AdvanceUntilAsync(client.ReadResponseAsync())).Text);

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        Assert.Equal("again", (await AdvanceUntilAsync(client.ReadResponseAsync())).Text);
        Assert.Equal(1, quick.Connections);
    }

    [Fact]
    public async Task Early_hint_of_the_first_server_settles_it()
    {
        var first = Origin(async exchange =>
        {
            await exchange.AnswerAsync("HTTP/1.1 103 Early Hints", "Link: </a>", "", "");
            await _gate.PassAsync();
            await exchange.AnswerOkAsync("first");
        });
        var second = NamedOrigin("second");
        await StartAsync(Hedged([first, second]));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        Assert.Equal(103, (await client.ReadResponseAsync()).Status);

        Time.Advance(10 * After);
        _gate.Open();

        Assert.Equal("first", (await client.ReadResponseAsync()).Text);
        Assert.Empty(second.Requests);
    }

    /// <summary>By the option <c>accept-unsafe-violations-in-http-response</c>, on new connections and on kept ones.</summary>
    [Fact]
    public async Task Odd_answer_that_is_let_pass_wins_like_any_other()
    {
        var odd = OddOrigin();
        await StartAsync(Hedged([HungOrigin(), odd], static b => b.Balance(Balance.First).Configure(static o => o.AcceptsUnsafeResponses = true)));
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
            var response = await AdvanceUntilAsync(client.ReadResponseAsync());
            Assert.Equal((200, "odd", "1"), (response.Status, response.Text, response["X-Even"]));
        }

        Assert.Equal((2, 1), (odd.Requests.Count, odd.Connections));
    }

    [Fact]
    public async Task Odd_answer_of_the_first_server_is_let_pass_while_another_is_asked()
    {
        var (first, second) = (OddOrigin(_gate), HungOrigin());
        await StartAsync(Hedged([first, second], static b => b.Configure(static o => o.AcceptsUnsafeResponses = true)));
        var response = GetAsync();
        await AdvanceUntilAsync(second.RequestAsync());

        _gate.Open();

        Assert.Equal((200, "odd"), await response is var r ? (r.Status, r.Text) : default);
    }

    [Fact]
    public async Task Odd_answer_that_is_not_let_pass_does_not_win()
    {
        var (first, odd) = (GatedOrigin("first"), OddOrigin());
        await StartAsync(Hedged([first, odd]));
        var response = GetAsync();
        await AdvanceUntilAsync(odd.RequestAsync());

        _gate.Open();

        Assert.Equal((200, "first"), await response is var r ? (r.Status, r.Text) : default);
    }

    /// <summary>However long the first server takes: nobody else is asked.</summary>
    private async Task AssertAnsweredByFirstAloneAsync(Task<WireMessage> response, WireOrigin second)
    {
        Time.Advance(10 * After);
        _gate.Open();

        Assert.Equal("first", (await response).Text);
        Assert.Empty(second.Requests);
    }

    private static BackendBuilder Hedge(BackendBuilder backend) => backend.Hedge(static h => h.After(After));

    private static void Named(BackendOptions options)
    {
        foreach (var server in options.Servers)
        {
            server.Cookie = server.Name;
        }
    }

    private static Action<ProxyBuilder> Hedged(WireOrigin[] origins, Action<BackendBuilder>? backend = null) => Compose(origins, backend: b =>
    {
        Hedge(b);
        backend?.Invoke(b);
    });

    private WireOrigin NamedOrigin(string name) => Origin(exchange => exchange.AnswerOkAsync(name));

    private WireOrigin HungOrigin() => Origin(static async exchange =>
    {
        await exchange.Wire.ReadSomeAsync();
        exchange.Close();
    });

    /// <summary>An origin whose answers have a field that has no name.</summary>
    private WireOrigin OddOrigin(Gate? gate = null) => Origin(async exchange =>
    {
        await (gate?.PassAsync() ?? Task.CompletedTask);
        await exchange.AnswerAsync("HTTP/1.1 200 OK", "X(odd): 1", "X-Even: 1", "Content-Length: 3", "", "odd");
    });

    private WireOrigin GatedOrigin(string name) => Origin(async exchange =>
    {
        await _gate.PassAsync();
        await exchange.AnswerOkAsync(name);
    });

    public sealed class OnSockets() : HedgeTests(Carrier.Sockets);

    public sealed class InMemory() : HedgeTests(Carrier.Memory);

    public sealed class InPieces() : HedgeTests(Carrier.Pieces);
}
