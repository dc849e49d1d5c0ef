using ProxyKit.CircuitBreakers;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>Says what a circuit breaker does. Each verb sets what <see cref="CircuitBreakerOptions"/> documents under the same name.</summary>
public sealed class CircuitBreakerBuilder
{
    private readonly CircuitBreakerOptions _options;

    internal CircuitBreakerBuilder(CircuitBreakerOptions options) => _options = options;

    /// <summary>Watches over each server by itself.</summary>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder PerServer() => Set(o => o.Scope = CircuitScope.Server);

    /// <summary>Watches over the backend as a whole.</summary>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder PerBackend() => Set(o => o.Scope = CircuitScope.Backend);

    /// <summary>Watches over each value that requests have, such as host and path.</summary>
    /// <param name="key">The value.</param>
    /// <param name="maxKeys">How many there are at a time.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder PerKey(Expression key, int maxKeys = 1000)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Set(o => (o.Scope, o.Key, o.MaxKeys) = (CircuitScope.Backend, key, maxKeys));
    }

    /// <summary>Sets the part of failures at which it opens.</summary>
    /// <param name="ratio">Above 0, up to 1.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder FailureRatio(double ratio) => Set(o => o.FailureRatio = ratio);

    /// <summary>Sets how many calls there must have been.</summary>
    /// <param name="count">2 or more.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder MinimumThroughput(int count) => Set(o => o.MinimumThroughput = count);

    /// <summary>Sets the time whose calls are judged.</summary>
    /// <param name="time">Half a second to a day.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder SampleOver(TimeSpan time) => Set(o => o.SamplingDuration = time);

    /// <summary>Sets how long it stays open.</summary>
    /// <param name="time">Half a second to a day.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder BreakFor(TimeSpan time) => Set(o => o.BreakDuration = time);

    /// <summary>Sets how long it stays open after so many openings in a row.</summary>
    /// <param name="time">The time for the first opening in a row, the second, and so on.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder BreakFor(Func<int, TimeSpan> time) => Set(o => o.BreakDurationFor = time);

    /// <summary>Sets how many calls decide once the time is over.</summary>
    /// <param name="count">1 to 1,000.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder Trials(int count) => Set(o => o.Trials = count);

    /// <summary>Counts slow calls as failures.</summary>
    /// <param name="time">How long a call may take until its response begins.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder SlowAfter(TimeSpan time) => Set(o => o.SlowAfter = time);

    /// <summary>Says which statuses are failures.</summary>
    /// <param name="isFailure">Whether one is.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder FailOn(Func<int, bool> isFailure) => Set(o => o.FailureStatus = isFailure);

    /// <summary>Says which calls are failures.</summary>
    /// <param name="isFailure">Whether one is.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder FailOn(FailureTest isFailure) => Set(o => o.IsFailure = isFailure);

    /// <summary>Answers requests while the circuit is open.</summary>
    /// <param name="action">An action that ends a request.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder WhenOpen(RuleAction action) => Set(o => o.WhenOpen = action);

    /// <summary>Has another backend serve requests while the circuit is open.</summary>
    /// <param name="backend">Its name.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder FallBackTo(string backend)
    {
        ArgumentException.ThrowIfNullOrEmpty(backend);
        return Set(o => o.FallbackBackend = backend);
    }

    /// <summary>Is told of each change.</summary>
    /// <param name="told">What is told.</param>
    /// <returns>This builder.</returns>
    public CircuitBreakerBuilder OnTransition(Action<CircuitTransition> told) => Set(o => o.OnTransition = told);

    private CircuitBreakerBuilder Set(Action<CircuitBreakerOptions> change)
    {
        change(_options);
        return this;
    }
}
