using ProxyKit.Backends;
using ProxyKit.CircuitBreakers;
using ProxyKit.Logging;
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
        var time = new SetClock(bench.Time);
        var options = new CircuitBreakerOptions { MinimumThroughput = 2, BreakDuration = TimeSpan.FromSeconds(5) };
        var circuit = new CircuitBreaker(options, "b", time, ExchangeLogs.For(null, null, time), changed: null);
        var (failure, success) = (Report(500), Report(200));
        circuit.Record(failure, 0);
        circuit.Record(failure, 0);
        Assert.Equal(CircuitState.Open, circuit.State);

        time.Ahead = TimeSpan.FromHours(hours);

        Assert.False(circuit.TryAdmit(out _));
        Assert.Equal(TimeSpan.FromSeconds(5), circuit.RetryAfter);
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(circuit.TryAdmit(out var generation));
        circuit.Record(success, generation);
        Assert.Equal(CircuitState.Closed, circuit.State);

        AttemptReport Report(int status) => new() { Server = bench.Servers[0], Outcome = AttemptOutcome.Responded, Status = status };
    }

    /// <summary>A clock that people set while it runs; its timestamps go on as before.</summary>
    private sealed class SetClock(ManualTimeProvider inner) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Ahead;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            inner.CreateTimer(callback, state, dueTime, period);
    }

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
