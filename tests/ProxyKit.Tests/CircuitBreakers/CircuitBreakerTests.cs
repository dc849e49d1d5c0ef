using ProxyKit.Backends;
using ProxyKit.CircuitBreakers;
using ProxyKit.Logging;
using ProxyKit.Testing;
using ProxyKit.Tests.Queueing;

namespace ProxyKit.Tests.CircuitBreakers;

public sealed class CircuitBreakerTests
{
    /// <summary>Timers may be early by a tick, and clocks are set: who sends no calls while the circuit is open would wait for ever.</summary>
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
