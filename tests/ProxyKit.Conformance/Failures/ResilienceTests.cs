using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;
using Polly.Fallback;
using Polly.Hedging;
using Polly.Retry;
using Polly.Simmy;
using Polly.Timeout;
using ProxyKit.Backends;
using ProxyKit.Resilience;
using ProxyKit.Runtime;

namespace ProxyKit.Conformance.Failures;

/// <summary>Strategies of Polly's, and of users' own, around the attempts of a backend.</summary>
public abstract class ResilienceTests(Carrier carrier) : ProxyTest(carrier)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(200);

    private static readonly PredicateBuilder<UpstreamResult> Failures =
        new PredicateBuilder<UpstreamResult>().Handle<TimeoutRejectedException>().HandleResult(static r => r.IsFailure);

    [Fact]
    public async Task Strategies_see_how_each_attempt_went()
    {
        var seen = new ConcurrentQueue<(string?, AttemptOutcome, int, bool, bool)>();
        var (bad, good) = (OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", ""), OkOrigin());
        await StartAsync(Compose([bad, good], backend: b => b.Resilience(p => p.AddRetry(Retry(2)).AddStrategy(_ => new Watcher(r =>
            seen.Enqueue((r.Server?.Name, r.Outcome, r.Status, r.IsFailure, r.MayRepeat)))))));

        Assert.Equal(200, (await GetAsync()).Status);

        Assert.Equal([("s1", AttemptOutcome.Responded, 503, true, true), ("s2", AttemptOutcome.Responded, 200, false, true)], seen);
        Assert.Equal(("web/s2", "+1"), await LoggedAsync() is var line ? (line.Server, line.Retries) : default);
    }

    [Fact]
    public async Task Timeout_cuts_the_attempt_and_is_a_504()
    {
        var hung = HungOrigin();
        await StartAsync(hung, backend: static b => b.Resilience(static p => p.AddTimeout(Limit)));

        Assert.Equal(504, (await AdvanceUntilAsync(GetAsync())).Status);

        Assert.Equal("sH", (await LoggedAsync()).End);
        await hung.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Retry_around_a_timeout_goes_to_another_server()
    {
        var (hung, good) = (HungOrigin(), OkOrigin());
        await StartAsync(Compose([hung, good], backend: static b => b.Resilience(static p => p.AddRetry(Retry(2)).AddTimeout(Limit))));

        Assert.Equal(200, (await AdvanceUntilAsync(GetAsync())).Status);
        Assert.Equal("+1", (await LoggedAsync()).Retries);
    }

    [Fact]
    public async Task Timeout_around_a_retry_ends_the_wait_for_the_next_attempt()
    {
        var bad = OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", "");
        await StartAsync(bad, backend: static b => b.Resilience(static p => p.AddTimeout(Limit).AddRetry(Retry(2, TimeSpan.FromMinutes(1)))));

        Assert.Equal(504, (await AdvanceUntilAsync(GetAsync())).Status);
        Assert.Single(bad.Requests);
    }

    [Fact]
    public async Task Body_is_sent_again_whole()
    {
        var (bad, good) = (OriginAnswering("HTTP/1.1 500 Bad", "Content-Length: 0", "", ""), OkOrigin());
        await StartAsync(Compose([bad, good], backend: static b => b.Resilience(static p => p.AddRetry(Retry(2)))));
        var client = await ConnectAsync();
        var body = new string('x', 40_000);

        await client.SendAsync("POST / HTTP/1.1", "Host: a", $"Content-Length: {body.Length}", "", body);

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal(body, (await good.RequestAsync()).Text);
    }

    [Fact]
    public async Task Request_that_is_too_long_to_be_kept_is_sent_once()
    {
        var bad = OriginAnswering("HTTP/1.1 500 Bad", "Content-Length: 3", "", "bad");
        await StartAsync(Compose([bad, OkOrigin()], backend: static b => b.Resilience(static p => p.AddRetry(Retry(2))).Configure(static o => o.ReplayLimit = 1000)));
        var client = await ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Content-Length: 40000", "", new string('x', 40_000));

        Assert.Equal((500, "bad"), await client.ReadResponseAsync() is var r ? (r.Status, r.Text) : default);
    }

    [Fact]
    public async Task All_retries_of_a_request_share_a_number()
    {
        var bad = OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 4", "", "busy");
        await StartAsync(bad, backend: static b => b.Retries(2).RetryOn(RetryCauses.None, 503).Resilience(static p => p.AddRetry(Retry(10))));

        Assert.Equal((503, "busy"), await GetAsync() is var r ? (r.Status, r.Text) : default);
        Assert.Equal(3, bad.Requests.Count);
    }

    [Fact]
    public async Task Open_breaker_is_a_503_that_says_when_to_come_back()
    {
        var bad = OriginAnswering("HTTP/1.1 500 Bad", "Content-Length: 0", "", "");
        await StartAsync(bad, backend: static b => b.Resilience(static p => p.AddCircuitBreaker(new()
        {
            MinimumThroughput = 2,
            BreakDuration = TimeSpan.FromSeconds(7),
            ShouldHandle = Failures,
        })));
        await GetAsync();
        await GetAsync();
        await LoggedAsync(2); // lines of different clients have no order of their own

        var response = await GetAsync();

        Assert.Equal((503, "7"), (response.Status, response["Retry-After"]));
        Assert.Equal("SC", (await LoggedAsync(3)).End);
        Assert.Equal(2, bad.Requests.Count);
    }

    [Fact]
    public async Task Any_other_rejection_is_a_503_as_of_a_full_queue()
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: static b => b.Resilience(static p => p.AddStrategy(static _ => new Bouncer())));

        Assert.Equal(503, (await GetAsync()).Status);
        Assert.Equal("SQ", (await LoggedAsync()).End);
        Assert.Empty(origin.Requests);
    }

    [Fact]
    public async Task Fallback_answers_in_the_place_of_servers()
    {
        var bad = OriginAnswering("HTTP/1.1 500 Bad", "Content-Length: 3", "", "bad");
        await StartAsync(bad, backend: static b => b.Resilience(static p => p.AddFallback(new()
        {
            ShouldHandle = Failures,
            FallbackAction = static _ => Outcome.FromResultAsValueTask(UpstreamResult.AnswerWith(Reply.Text("sorry", "text/plain", 200))),
        })));

        Assert.Equal((200, "sorry"), await GetAsync() is var r ? (r.Status, r.Text) : default);
        Assert.Equal("LR", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Chaos_can_be_made_on_purpose()
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: static b => b.Resilience(static p => p.AddChaosOutcome(
            1, static () => UpstreamResult.AnswerWith(Reply.Empty(418)))));

        Assert.Equal(418, (await GetAsync()).Status);
        Assert.Empty(origin.Requests);
    }

    [Fact]
    public async Task Users_code_that_throws_ends_its_exchange_with_a_500()
    {
        ExpectedFaults = 1;
        await StartAsync(OkOrigin(), backend: static b => b.Resilience(static p => p.AddStrategy(static _ => new Watcher(static _ => throw new InvalidTimeZoneException("mine")))));

        Assert.Equal(500, (await GetAsync()).Status);
        Assert.Equal("IH", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Result_out_of_nothing_is_a_500_that_is_logged()
    {
        ExpectedFaults = 1;
        await StartAsync(OkOrigin(), backend: static b => b.Resilience(static p => p.AddChaosOutcome(1, static () => default)));

        Assert.Equal(500, (await GetAsync()).Status);
    }

    [Fact]
    public async Task Attempts_side_by_side_are_refused_and_the_first_goes_on()
    {
        using var gate = new Gate();
        var other = OkOrigin();
        var origin = Origin(async exchange =>
        {
            await gate.PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartAsync(Compose([origin, other], backend: static b => b.Resilience(static p => p.AddHedging(new()
        {
            Delay = Limit,
            ShouldHandle = static a => new(a.Outcome.Exception is not null),
        }))));
        var response = GetAsync();
        await origin.RequestAsync();
        Time.Advance(2 * Limit);

        gate.Open();

        Assert.Equal(200, (await response).Status);
        Assert.Equal((1, 0), (origin.Requests.Count, other.Requests.Count));
    }

    [Fact]
    public async Task Attempt_that_a_strategy_leaves_to_itself_is_cut()
    {
        var hung = HungOrigin();
        await StartAsync(hung, backend: b => b.Resilience(p => p.AddStrategy(_ => new Leaver(() => hung.RequestAsync()))));

        Assert.Equal(200, (await GetAsync()).Status);
        await hung.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Client_that_leaves_ends_the_wait_for_the_next_attempt()
    {
        var bad = OriginAnswering("HTTP/1.1 503 Busy", "Content-Length: 0", "", "");
        var waits = new TaskCompletionSource();
        await StartAsync(bad, backend: b => b.Resilience(p => p.AddRetry(Retry(2, TimeSpan.FromMinutes(1), () => waits.TrySetResult()))));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await waits.Task.InTimeAsync();

        await client.DisposeAsync();

        Assert.Equal("CH", (await LoggedAsync()).End);
        Assert.Single(bad.Requests);
    }

    [Fact]
    public async Task Slot_of_a_failed_attempt_is_free_while_a_strategy_waits()
    {
        var waits = new TaskCompletionSource();
        var origin = Origin(static exchange =>
        {
            exchange.Close();
            return Task.CompletedTask;
        });
        await StartAsync(origin, backend: b => b.Resilience(p => p.AddRetry(Retry(1, TimeSpan.FromMinutes(1), () => waits.TrySetResult()))));
        var response = GetAsync();
        await waits.Task.InTimeAsync();

        Assert.Equal(0, Server().ActiveRequests);

        Assert.Equal(502, (await AdvanceUntilAsync(response)).Status);
    }

    [Fact]
    public async Task Strategies_can_go_by_the_request()
    {
        await StartAsync(OkOrigin(), backend: static b => b.Resilience(static p => p.AddChaosOutcome(new()
        {
            EnabledGenerator = static a => new(a.Context.Properties.GetValue(UpstreamResult.ExchangeKey, null!).Request.Path == "/chaos"),
            InjectionRate = 1,
            OutcomeGenerator = static _ => new ValueTask<Outcome<UpstreamResult>?>(Outcome.FromResult(UpstreamResult.AnswerWith(Reply.Empty(418)))),
        })));

        Assert.Equal(418, (await GetAsync("/chaos")).Status);
        Assert.Equal(200, (await GetAsync("/else")).Status);
    }

    [Fact]
    public async Task Hedging_goes_on_within_an_attempt()
    {
        var (slow, quick) = (HungOrigin(), Origin(static e => e.AnswerOkAsync("quick")));
        await StartAsync(Compose([slow, quick], backend: static b => b.Hedge(static h => h.After(Limit)).Resilience(static p => p.AddTimeout(10 * Limit))));

        Assert.Equal("quick", (await AdvanceUntilAsync(GetAsync())).Text);
        await slow.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Timeout_cuts_all_attempts_that_hedging_has_made()
    {
        var (slow, slower) = (HungOrigin(), HungOrigin());
        await StartAsync(Compose([slow, slower], backend: static b => b.Hedge(static h => h.After(Limit)).Resilience(static p => p.AddTimeout(10 * Limit))));

        Assert.Equal(504, (await AdvanceUntilAsync(GetAsync())).Status);
        Assert.Single(slower.Requests);
        await slow.OpenConnectionsAsync(0);
        await slower.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Reload_keeps_what_the_strategies_know_where_the_same_code_composed_them()
    {
        var bad = OriginAnswering("HTTP/1.1 500 Bad", "Content-Length: 0", "", "");
        static void Breaks(ResiliencePipelineBuilder<UpstreamResult> p) => p.AddCircuitBreaker(new() { MinimumThroughput = 2, ShouldHandle = Failures });
        await StartAsync(bad, backend: static b => b.Resilience(Breaks));
        await GetAsync();
        await GetAsync();

        await ReloadAsync(Compose([bad], backend: static b => b.Resilience(Breaks)));
        Assert.Equal(503, (await GetAsync()).Status);

        await ReloadAsync(Compose([bad], backend: static b => b.Resilience(static p => Breaks(p))));
        Assert.Equal(500, (await GetAsync()).Status);
    }

    [Fact]
    public void Strategies_that_cannot_be_composed_are_a_fault_with_its_place()
    {
        var options = new ProxyBuilder();
        Compose([], backend: static b => b.Resilience(static p => p.AddTimeout(TimeSpan.Zero)))(options);

        var fault = Assert.Single(Proxy.Check(options.Build()));

        Assert.StartsWith("backend \"web\" > Resilience: ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    private static RetryStrategyOptions<UpstreamResult> Retry(int attempts, TimeSpan delay = default, Action? told = null) => new()
    {
        MaxRetryAttempts = attempts,
        Delay = delay,
        ShouldHandle = Failures,
        OnRetry = _ =>
        {
            told?.Invoke();
            return default;
        },
    };

    private WireOrigin HungOrigin() => Origin(static async exchange =>
    {
        await exchange.Wire.ReadSomeAsync();
        exchange.Close();
    });

    /// <summary>Sees what attempts come to.</summary>
    private sealed class Watcher(Action<UpstreamResult> seen) : ResilienceStrategy<UpstreamResult>
    {
        protected override async ValueTask<Outcome<UpstreamResult>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<UpstreamResult>>> callback, ResilienceContext context, TState state)
        {
            var outcome = await callback(context, state);
            seen(outcome.Result);
            return outcome;
        }
    }

    /// <summary>Lets nobody in.</summary>
    private sealed class Bouncer : ResilienceStrategy<UpstreamResult>
    {
        protected override ValueTask<Outcome<UpstreamResult>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<UpstreamResult>>> callback, ResilienceContext context, TState state) =>
            Outcome.FromExceptionAsValueTask<UpstreamResult>(new FullHouseException());
    }

    /// <summary>Answers by itself as soon as an attempt has got somewhere, and forgets that one.</summary>
    private sealed class Leaver(Func<Task> somewhere) : ResilienceStrategy<UpstreamResult>
    {
        protected override async ValueTask<Outcome<UpstreamResult>> ExecuteCore<TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<UpstreamResult>>> callback, ResilienceContext context, TState state)
        {
            _ = callback(context, state).AsTask();
            await somewhere();
            return Outcome.FromResult(UpstreamResult.AnswerWith(Reply.Text("left", "text/plain", 200)));
        }
    }

    private sealed class FullHouseException : ExecutionRejectedException;

    public sealed class OnSockets() : ResilienceTests(Carrier.Sockets);

    public sealed class InMemory() : ResilienceTests(Carrier.Memory);
}
