using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ProxyKit.Checks;
using ProxyKit.CircuitBreakers;

namespace ProxyKit.Conformance.Failures;

/// <summary>Circuit breakers, through the proxy: CB-21 to CB-24, and CB-18 and CB-19 by them.</summary>
public abstract class CircuitBreakerTests(Carrier carrier) : ProxyTest(carrier)
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<CircuitTransition> _told = [];

    [Fact]
    public async Task Server_whose_calls_fail_is_left_alone_and_comes_back()
    {
        var status = 500;
        var failing = Origin(exchange => exchange.AnswerAsync($"HTTP/1.1 {status} X", "Content-Length: 0", "", ""));
        await StartAsync(Compose([failing, OkOrigin()], backend: b => b.CircuitBreaker(c => Told(c).MinimumThroughput(4))));

        await GetAllAsync(8); // four of them each
        await GetAllAsync(10);

        Assert.Equal(4, failing.Requests.Count);
        Assert.Equal(CircuitState.Open, CircuitOf("web/s1").State);
        Assert.Equal(CircuitState.Closed, CircuitOf("web/s2").State);

        status = 200;
        Time.Advance(Break);
        await GetAllAsync(4);

        Assert.True(failing.Requests.Count >= 5);
        Assert.Equal([CircuitState.Open, CircuitState.HalfOpen, CircuitState.Closed], _told.Select(static t => t.To));
    }

    [Fact] // CB-22
    public async Task Server_that_fails_its_trial_is_left_alone_again()
    {
        var failing = OriginAnswering("HTTP/1.1 500 X", "Content-Length: 0", "", "");
        await StartAsync(Compose([failing, OkOrigin()], backend: b => b.CircuitBreaker(c => Told(c).MinimumThroughput(2))));
        await GetAllAsync(4);
        Time.Advance(Break);

        await GetAllAsync(10);

        Assert.Equal(3, failing.Requests.Count); // two, and one trial
        Assert.Equal([CircuitState.Open, CircuitState.HalfOpen, CircuitState.Open], _told.Select(static t => t.To));
    }

    [Fact] // CB-23
    public async Task Circuits_that_are_open_on_all_servers_are_a_503_that_says_when_to_come_back()
    {
        var origin = OriginAnswering("HTTP/1.1 500 X", "Content-Length: 0", "", "");
        await StartAsync(origin, backend: b => b.CircuitBreaker(c => Told(c).MinimumThroughput(2)));
        await GetAllAsync(2);

        var response = await GetAsync();

        Assert.Equal((503, "application/json", "5"), (response.Status, response["Content-Type"], response["Retry-After"]));
        Assert.Equal(2, origin.Requests.Count);
    }

    [Theory] // CB-21
    [InlineData(0, 10, false)]
    [InlineData(0, 19, false)]
    [InlineData(0, 20, true)]
    [InlineData(9, 11, true)]
    [InlineData(11, 9, false)]
    public async Task Backend_is_judged_once_there_were_enough_calls(int good, int bad, bool opens)
    {
        var origin = Origin(static exchange => exchange.AnswerAsync(exchange.Request.Target == "/good" ? "HTTP/1.1 200 OK" : "HTTP/1.1 500 X", "Content-Length: 0", "", ""));
        await StartAsync(origin, backend: b => b.CircuitBreaker(c => Told(c).PerBackend().MinimumThroughput(20)));

        await GetAllAsync(good, "/good");
        await GetAllAsync(bad);

        Assert.Equal(opens ? CircuitState.Open : CircuitState.Closed, CircuitOf("web").State);
        Assert.Equal(opens ? 503 : 500, (await GetAsync()).Status);
    }

    [Fact] // CB-22
    public async Task Half_open_lets_exactly_as_many_pass_as_it_tries()
    {
        using var gate = new Gate();
        var fails = true;
        var origin = Origin(async exchange =>
        {
            if (fails)
            {
                await exchange.AnswerAsync("HTTP/1.1 500 X", "Content-Length: 0", "", "");
                return;
            }

            await gate.PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin, backend: b => b.CircuitBreaker(c => Told(c).PerBackend().MinimumThroughput(2).Trials(3)));
        await GetAllAsync(2);
        fails = false;
        Time.Advance(Break);

        var trials = new[] { GetAsync(), GetAsync(), GetAsync() };
        await origin.RequestAsync(5);
        Assert.Equal(503, (await GetAsync()).Status);
        gate.Open(3);

        Assert.All(await Task.WhenAll(trials), static r => Assert.Equal(200, r.Status));
        Assert.Equal(CircuitState.Closed, CircuitOf("web").State);
        Assert.Equal(5, origin.Requests.Count);
    }

    [Fact] // CB-22
    public async Task Half_open_is_over_at_the_first_trial_that_fails()
    {
        var status = 500;
        var origin = Origin(exchange => exchange.AnswerAsync($"HTTP/1.1 {status} X", "Content-Length: 0", "", ""));
        await StartAsync(origin, backend: b => b.CircuitBreaker(c => Told(c).PerBackend().MinimumThroughput(2).Trials(3)));
        await GetAllAsync(2);
        Time.Advance(Break);

        status = 200;
        await GetAllAsync(1);
        Assert.Equal(CircuitState.HalfOpen, CircuitOf("web").State);
        status = 500;
        await GetAllAsync(1); // the second of three

        Assert.Equal(CircuitState.Open, CircuitOf("web").State);
        Assert.Equal(503, (await GetAsync()).Status);
        Assert.Equal(4, origin.Requests.Count);
    }

    [Theory] // CB-21
    [InlineData("/404", false)]
    [InlineData("/501", false)]
    [InlineData("/503", true)]
    [InlineData("/silent", true)]
    [InlineData("/closed", true)]
    public async Task Failures_are_statuses_and_servers_that_give_no_response(string target, bool opens)
    {
        await StartAsync(FailingOrigin(), backend: b => b.ServerTimeout(TimeSpan.FromSeconds(1)).CircuitBreaker(c => Told(c).MinimumThroughput(2)));

        for (var i = 0; i < 2; i++)
        {
            await AdvanceUntilAsync(GetAsync(target));
        }

        Assert.Equal(opens, _told.Any(static t => t.To == CircuitState.Open));
    }

    [Fact] // CB-21
    public async Task Servers_that_cannot_be_connected_to_are_failures()
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: b => b.Retries(0).CircuitBreaker(c => Told(c).MinimumThroughput(2)));
        origin.StopListening();

        await GetAllAsync(2);

        Assert.Equal(CircuitState.Open, CircuitOf("web/s1").State);
    }

    [Theory] // CB-21
    [InlineData("/404", true)]
    [InlineData("/503", false)]
    [InlineData("/closed", true)]
    public async Task Statuses_of_failures_can_be_said(string target, bool opens)
    {
        await StartAsync(FailingOrigin(), backend: b => b.CircuitBreaker(c => Told(c).MinimumThroughput(2).FailOn(static status => status == 404)));

        await GetAllAsync(2, target);

        Assert.Equal(opens ? CircuitState.Open : CircuitState.Closed, CircuitOf("web/s1").State);
    }

    [Theory] // CB-21
    [InlineData("/404", false)]
    [InlineData("/503", false)]
    [InlineData("/closed", true)]
    public async Task What_a_failure_is_can_be_said(string target, bool opens)
    {
        await StartAsync(FailingOrigin(), backend: b => b.CircuitBreaker(c => Told(c).MinimumThroughput(2)
            .FailOn(static (in Backends.AttemptReport report) => report.Outcome == Backends.AttemptOutcome.Closed)));

        await GetAllAsync(2, target);

        Assert.Equal(opens ? CircuitState.Open : CircuitState.Closed, CircuitOf("web/s1").State);
    }

    [Fact] // CB-23: a line in the log and an event for each change, and a state that follows
    public async Task Each_change_of_a_circuit_is_told()
    {
        var status = 500;
        var origin = Origin(exchange => exchange.AnswerAsync($"HTTP/1.1 {status} X", "Content-Length: 0", "", ""));
        await StartAsync(origin, backend: b => b.CircuitBreaker(c => Told(c).MinimumThroughput(2)));
        var states = new List<CircuitState> { CircuitOf("web/s1").State };

        await GetAllAsync(2);
        states.Add(CircuitOf("web/s1").State);
        status = 200;
        Time.Advance(Break);
        states.Add(CircuitOf("web/s1").State);
        await GetAsync();
        await LoggedAsync(3);
        states.Add(CircuitOf("web/s1").State);

        Assert.Equal([CircuitState.Closed, CircuitState.Open, CircuitState.HalfOpen, CircuitState.Closed], states);
        Assert.Equal(states.Skip(1), _told.Select(static t => t.To));
        Assert.Equal(
            [LogLevel.Warning, LogLevel.Information, LogLevel.Information],
            Log.Entries.Where(static e => e.Message.Contains("circuit breaker of web/s1 ", StringComparison.Ordinal)).Select(static e => e.Level));
    }

    [Fact]
    public async Task Keys_have_circuits_of_their_own()
    {
        var origin = Origin(static exchange => exchange.Request.Target == "/bad"
            ? exchange.AnswerAsync("HTTP/1.1 500 X", "Content-Length: 0", "", "")
            : exchange.AnswerOkAsync());
        await StartAsync(origin, backend: b => b.CircuitBreaker(c => Told(c).PerKey(Value.Parse("base")).MinimumThroughput(2)));
        await GetAllAsync(2, "/bad");

        Assert.Equal(503, (await GetAsync("/bad")).Status);
        Assert.Equal(200, (await GetAsync("/good")).Status);
        Assert.Equal("web[a/bad]", _told.Single().Circuit);
    }

    [Fact]
    public async Task Another_backend_can_serve_while_the_circuit_is_open()
    {
        var (failing, spare) = (OriginAnswering("HTTP/1.1 500 X", "Content-Length: 0", "", ""), OkOrigin());
        await StartAsync(proxy => Compose([failing], backend: b => b.CircuitBreaker(c => Told(c).PerBackend().MinimumThroughput(2).FallBackTo("spare")))(
            proxy.AddBackend("spare", b => b.AddServer("s", spare.Address))));
        await GetAllAsync(2);

        Assert.Equal(200, (await GetAsync()).Status);
        await Log.WaitForAsync(static entry => entry.Message.Contains(" spare/s ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Any_action_can_answer_while_the_circuit_is_open()
    {
        var origin = OriginAnswering("HTTP/1.1 500 X", "Content-Length: 0", "", "");
        await StartAsync(origin, backend: b => b.CircuitBreaker(c => Told(c).PerBackend().MinimumThroughput(2)
            .WhenOpen(RuleActions.Return(Reply.Text("later", "text/plain", 429)))));
        await GetAllAsync(2);

        Assert.Equal((429, "later"), await GetAsync() is var r ? (r.Status, r.Text) : default);
    }

    [Fact] // CB-24
    public async Task Retried_request_counts_once_as_what_the_client_saw()
    {
        var (bad, good) = (OriginAnswering("HTTP/1.1 503 X", "Content-Length: 0", "", ""), OkOrigin());
        await StartAsync(Compose(
            [bad, good], backend: b => b.RetryOn(Backends.RetryCauses.None, 503).CircuitBreaker(c => Told(c).PerBackend().MinimumThroughput(2).FailureRatio(0.1))));

        await GetAllAsync(10);

        Assert.Equal(CircuitState.Closed, CircuitOf("web").State);
    }

    [Fact] // CB-24
    public async Task Request_whose_attempts_all_fail_counts_once()
    {
        WireOrigin[] bad = [OriginAnswering("HTTP/1.1 503 X", "Content-Length: 0", "", ""), OriginAnswering("HTTP/1.1 503 X", "Content-Length: 0", "", "")];
        await StartAsync(Compose(
            bad, backend: b => b.Retries(1).RetryOn(Backends.RetryCauses.None, 503).CircuitBreaker(c => Told(c).PerBackend().MinimumThroughput(2))));

        await GetAllAsync(1);
        Assert.Equal((2, CircuitState.Closed), (bad.Sum(static o => o.Requests.Count), CircuitOf("web").State));

        await GetAllAsync(1);
        Assert.Equal((4, CircuitState.Open), (bad.Sum(static o => o.Requests.Count), CircuitOf("web").State));
    }

    [Fact] // CB-21
    public async Task Slow_calls_can_count_as_failures()
    {
        var origin = Origin(async exchange =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin, backend: b => b.CircuitBreaker(c => Told(c).MinimumThroughput(2).SlowAfter(TimeSpan.FromMilliseconds(500))));

        await GetAllAsync(2);

        Assert.Equal(CircuitState.Open, CircuitOf("web/s1").State);
    }

    /// <summary>How long a client takes to send its body is no fault of the server's.</summary>
    [Fact]
    public async Task Slow_upload_is_no_slow_call()
    {
        await StartAsync(OkOrigin(), backend: b => b.CircuitBreaker(c => Told(c).MinimumThroughput(2).SlowAfter(TimeSpan.FromMilliseconds(500))));
        for (var i = 0; i < 2; i++)
        {
            var client = await ConnectAsync();
            await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 6", "", "abc");
            await UntilAsync(() => Server().ActiveRequests == 1);

            Time.Advance(TimeSpan.FromSeconds(10));
            await client.SendRawAsync("def");
            Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        }

        Assert.Equal(CircuitState.Closed, CircuitOf("web/s1").State);
    }

    [Fact]
    public async Task Circuit_can_be_opened_and_closed_by_hand()
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: b => b.CircuitBreaker(c => Told(c)));

        CircuitOf("web/s1").Isolate();
        Assert.Equal(503, (await GetAsync()).Status);
        CircuitOf("web/s1").Close();
        Assert.Equal(200, (await GetAsync()).Status);
    }

    /// <summary>Each speaks for itself, and what one has said outlasts what the others say meanwhile.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Server_has_work_only_while_its_health_people_and_its_circuit_agree(int seed)
    {
        var random = new Random(seed);
        await StartAsync(OkOrigin(), backend: b => b.CircuitBreaker(c => Told(c)));
        var (isUp, mode, isClosed) = (true, ServerMode.Ready, true);
        for (var step = 0; step < 40; step++)
        {
            switch (random.Next(3))
            {
                case 0 when mode != ServerMode.Maintenance: // in which it means nothing
                    isUp = random.Next(2) == 0;
                    Proxy.SetServerHealth("web", "s1", isUp ? ForcedHealth.Up : ForcedHealth.Down);
                    break;
                case 1:
                    var before = mode;
                    mode = (ServerMode)random.Next(3);
                    Proxy.SetServerMode("web", "s1", mode);
                    isUp |= before == ServerMode.Maintenance && mode != ServerMode.Maintenance; // it comes back as it began
                    break;
                default:
                    isClosed = random.Next(2) == 0;
                    var circuit = CircuitOf("web/s1");
                    if (isClosed)
                    {
                        circuit.Close();
                    }
                    else
                    {
                        circuit.Isolate();
                    }

                    break;
            }

            var expected = isUp && mode == ServerMode.Ready && isClosed ? 200 : 503;
            Assert.True((await GetAsync()).Status == expected, $"Step {step}: {(isUp, mode, isClosed)} is not {expected}.");
        }
    }

    [Fact]
    public async Task Reload_keeps_what_a_circuit_knows_where_its_options_stay()
    {
        var origin = OriginAnswering("HTTP/1.1 500 X", "Content-Length: 0", "", "");
        var configure = Compose([origin], backend: b => b.CircuitBreaker(static c => c.MinimumThroughput(2)));
        await StartAsync(configure);
        await GetAllAsync(2);

        await ReloadAsync(configure);
        Assert.Equal(503, (await GetAsync()).Status);

        await ReloadAsync(Compose([origin]));
        Assert.Equal(500, (await GetAsync()).Status); // no circuit, no answer of its own
    }

    [Fact]
    public async Task Reload_that_changes_the_options_lets_the_server_have_work_and_watches_it_anew()
    {
        var origin = OriginAnswering("HTTP/1.1 500 X", "Content-Length: 0", "", "");
        await StartAsync(origin, backend: b => b.CircuitBreaker(c => Told(c).MinimumThroughput(2)));
        await GetAllAsync(2);
        Assert.Equal(503, (await GetAsync()).Status);

        await ReloadAsync(Compose([origin], backend: b => b.CircuitBreaker(c => Told(c).MinimumThroughput(3))));

        Assert.Equal(500, (await GetAsync()).Status);
        await GetAllAsync(2);
        Assert.Equal(CircuitState.Open, CircuitOf("web/s1").State);
        Assert.Equal(503, (await GetAsync()).Status);
    }

    [Fact]
    public async Task Server_that_still_works_on_what_it_had_is_tried_all_the_same()
    {
        using var gate = new Gate();
        var fails = true;
        var origin = Origin(async exchange =>
        {
            if (exchange.Request.Target == "/long")
            {
                await gate.PassAsync();
            }

            await exchange.AnswerAsync(fails && exchange.Request.Target != "/long" ? "HTTP/1.1 500 X" : "HTTP/1.1 200 OK", "Content-Length: 0", "", "");
        });
        await StartAsync(origin, backend: b => b.CircuitBreaker(c => Told(c).MinimumThroughput(2)));
        var old = GetAsync("/long");
        await origin.RequestAsync();
        await GetAllAsync(2);
        Assert.Equal(CircuitState.Open, CircuitOf("web/s1").State);
        fails = false;
        Time.Advance(Break);

        Assert.Equal(200, (await GetAsync()).Status);

        gate.Open();
        Assert.Equal(200, (await old).Status);
    }

    /// <summary>An origin that fails as the target says.</summary>
    private WireOrigin FailingOrigin() => Origin(async exchange =>
    {
        switch (exchange.Request.Target)
        {
            case "/silent":
                await exchange.Wire.ReadToEndAsync();
                break;
            case "/closed":
                exchange.Close();
                break;
            case var target:
                await exchange.AnswerAsync($"HTTP/1.1 {target[1..]} X", "Content-Length: 0", "", "");
                break;
        }
    });

    private CircuitBreakerBuilder Told(CircuitBreakerBuilder circuit) => circuit.BreakFor(Break).OnTransition(_told.Enqueue);

    private CircuitBreaker CircuitOf(string name) => Proxy.GetCircuitBreakers("web").Single(c => c.Name == name);

    private async Task GetAllAsync(int count, string target = "/")
    {
        for (var i = 0; i < count; i++)
        {
            await GetAsync(target);
        }
    }

    public sealed class OnSockets() : CircuitBreakerTests(Carrier.Sockets);

    public sealed class InMemory() : CircuitBreakerTests(Carrier.Memory);
}
