using ProxyKit.Backends;
using ProxyKit.CircuitBreakers;
using ProxyKit.Logging;
using ProxyKit.Runtime;
using ProxyKit.Testing;
using ProxyKit.Tests.Queueing;

namespace ProxyKit.Tests.CircuitBreakers;

public sealed class CircuitBreakerTests
{
    /// <summary>Timers may be early by a tick: who sends no calls while the circuit is open would wait for ever.</summary>
    [Fact]
    public void Circuit_whose_timer_is_early_is_tried_all_the_same()
    {
        using var bench = new QueueBench(0);
        var time = new EarlyTimers(bench.Time);
        var options = new CircuitBreakerOptions { MinimumThroughput = 2, BreakDuration = TimeSpan.FromSeconds(5) };
        var circuit = new CircuitBreaker(options, "b/s1", time, ExchangeLogs.For(null, null, time), changed: static _ => { });
        var failure = new AttemptReport { Server = bench.Servers[0], Outcome = AttemptOutcome.Responded, Status = 500 };
        circuit.Record(failure, 0);
        circuit.Record(failure, 0);
        Assert.Equal(CircuitState.Open, circuit.State);

        bench.Time.Advance(TimeSpan.FromSeconds(5) - EarlyTimers.Early);
        Assert.Equal(CircuitState.Open, circuit.State);
        bench.Time.Advance(2 * EarlyTimers.Early);

        Assert.Equal(CircuitState.HalfOpen, circuit.State);
        circuit.Retire();
    }

    /// <summary>A clock that is set does not make the time longer, or shorter, for which a circuit is open.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Circuit_is_open_for_its_time_though_the_clock_is_set(int hours)
    {
        using var bench = new QueueBench(0);
        var options = new CircuitBreakerOptions { MinimumThroughput = 2, BreakDuration = TimeSpan.FromSeconds(5) };
        var circuit = new CircuitBreaker(options, "b", bench.Time, ExchangeLogs.For(null, null, bench.Time), changed: null);
        var (failure, success) = (Report(500), Report(200));
        circuit.Record(failure, 0);
        circuit.Record(failure, 0);
        Assert.Equal(CircuitState.Open, circuit.State);

        bench.Time.Shift(TimeSpan.FromHours(hours));

        Assert.False(circuit.TryAdmit(out _));
        Assert.Equal(TimeSpan.FromSeconds(5), circuit.RetryAfter);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(circuit.TryAdmit(out var generation));
        circuit.Record(success, generation);
        Assert.Equal(CircuitState.Closed, circuit.State);

        AttemptReport Report(int status) => new() { Server = bench.Servers[0], Outcome = AttemptOutcome.Responded, Status = status };
    }

    [Fact]
    public void Settings_that_cannot_be_are_refused_with_their_place()
    {
        var proxy = new ProxyBuilder()
            .AddBackend("web", static b => b
                .CircuitBreaker(static c => c.FallBackTo("spare"))
                .CircuitBreaker(static c => c.PerBackend().FallBackTo("wep"))
                .CircuitBreaker(static c => c.PerBackend().FallBackTo("web"))
                .CircuitBreaker(static c => c.PerBackend().FallBackTo("spar").Trials(0).BreakFor(TimeSpan.Zero))
                .AddServer("s", "127.0.0.1:1"))
            .AddBackend("spare", static b => b.AddServer("s", "127.0.0.1:1"));

        Assert.Equal(
            [
                "backend \"web\" > circuit breaker 1 > FallbackBackend: is for a circuit of the whole backend or of keys; servers have each other, and backups.",
                "backend \"web\" > circuit breaker 2 > FallbackBackend: there is no backend \"wep\".", // it would not mean itself
                "backend \"web\" > circuit breaker 3 > FallbackBackend: backend \"web\" is this one.",
                "backend \"web\" > circuit breaker 4 > BreakDuration: 00:00:00 is out of range (00:00:00.5000000 to 1.00:00:00).",
                "backend \"web\" > circuit breaker 4 > FallbackBackend: there is no backend \"spar\"; did you mean \"spare\"?",
                "backend \"web\" > circuit breaker 4 > Trials: 0 is out of range (1-1000).",
            ],
            ProxyOptionsValidator.Validate(proxy.Build()).Where(static f => f.StartsWith("backend", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Circuits_of_keys_need_a_key() => Assert.Throws<ArgumentNullException>(static () => new ProxyBuilder().AddBackend("b", static b => b.CircuitBreaker(static c => c.PerKey(null!)))); // as the test says

    /// <summary>A clock whose timers come a little before their time, where that is not short.</summary>
    private sealed class EarlyTimers(ManualTimeProvider inner) : TimeProvider
    {
        public static TimeSpan Early { get; } = TimeSpan.FromMilliseconds(15);

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new EarlyTimer(inner.CreateTimer(callback, state, Before(dueTime), period));

        private static TimeSpan Before(TimeSpan due) => due > 2 * Early ? due - Early : due;

        private sealed class EarlyTimer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Before(dueTime), period);

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
