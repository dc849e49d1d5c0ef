using ProxyKit.Backends;
using ProxyKit.CircuitBreakers;
using ProxyKit.Exchanges;

namespace ProxyKit.Runtime;

/// <summary>The circuits of a configuration, and the door through which those of the next one take them over: what a circuit has seen is kept where its
/// options stay as they are.</summary>
internal sealed class CircuitStates(CircuitStates? previous)
{
    private CircuitStates? _previous = previous; // until it is put to use
    private readonly Dictionary<(string Name, int Index), (CircuitShape Shape, ServerState? Server, object Circuit)> _kept = [];

    public CircuitBreaker For(string backend, int index, CircuitBreakerOptions options, DataPath path) =>
        Keep(backend, index, options, null, () => new CircuitBreaker(options, backend, path.Time, path.Log, changed: null));

    public KeyedCircuits ForKeys(string backend, int index, CircuitBreakerOptions options, DataPath path) =>
        Keep(backend, index, options, null, () => new KeyedCircuits(options, backend, path.Time, path.Log));

    public ServerCircuit For(Server server, int index, CircuitBreakerOptions options, DataPath path) => Keep(
        server.ToString(),
        index,
        options,
        server.State,
        () => new ServerCircuit(server.State, changed => new CircuitBreaker(options, server.ToString(), path.Time, path.Log, changed)));

    /// <summary>All circuits of a backend and its servers.</summary>
    public IEnumerable<CircuitBreaker> Of(string backend) => _kept
        .Where(k => k.Key.Name == backend || k.Key.Name.StartsWith(backend + "/", StringComparison.Ordinal))
        .SelectMany(static k => k.Value.Circuit switch
        {
            KeyedCircuits keyed => keyed.All,
            ServerCircuit server => [server.Breaker],
            var single => [(CircuitBreaker)single],
        });

    /// <summary>Ends the circuits that another configuration did not take over, and lets their servers have work again.</summary>
    public void RetireAllBut(CircuitStates staying)
    {
        var kept = staying._kept.Values.Select(static k => k.Circuit).ToHashSet(ReferenceEqualityComparer.Instance);
        var watched = staying._kept.Values.Select(static k => k.Server).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var (_, _, circuit) in _kept.Values)
        {
            if (circuit is ServerCircuit server && !kept.Contains(circuit))
            {
                server.Retire(isSucceeded: watched.Contains(server.Server));
            }
        }

        foreach (var (_, _, circuit) in staying._kept.Values)
        {
            (circuit as ServerCircuit)?.Breaker.Publish(); // a server may have heard of another one until now
        }
    }

    /// <summary>Ends the timers of all circuits that another does not have, without a word to their servers: the proxy stops, or the configuration
    /// is not put to use.</summary>
    public void EndAllBut(CircuitStates? staying)
    {
        foreach (var (key, kept) in _kept)
        {
            if (kept.Circuit is ServerCircuit server && (staying is null || staying._kept.GetValueOrDefault(key).Circuit != kept.Circuit))
            {
                server.Breaker.Retire();
            }
        }
    }

    public void ForgetPrevious() => _previous = null;

    private T Keep<T>(string name, int index, CircuitBreakerOptions options, ServerState? server, Func<T> make)
        where T : class
    {
        var shape = CircuitShape.Of(options);
        var known = _previous?._kept.GetValueOrDefault((name, index));
        if (known is not { Circuit: T circuit } || known.Value.Shape != shape || known.Value.Server != server)
        {
            circuit = make();
            if (BreakerOf(known?.Circuit) is { State: CircuitState.Isolated })
            {
                BreakerOf(circuit)?.BeginIsolated(); // somebody has decided that, whatever it was that it watched
            }
        }

        _kept[(name, index)] = (shape, server, circuit);
        return circuit;
    }

    /// <summary>The one circuit of these; null for those of keys, which come and go.</summary>
    private static CircuitBreaker? BreakerOf(object? circuit) => (circuit as ServerCircuit)?.Breaker ?? circuit as CircuitBreaker;

    /// <summary>What two options must have in common for what a circuit has seen to be of use.</summary>
    private readonly record struct CircuitShape(
        string? Key, int MaxKeys, double Ratio, int Minimum, TimeSpan Sampling, TimeSpan Break, Delegate? BreakFor, int Trials, TimeSpan? Slow, Delegate? Status,
        Delegate? Failure, Delegate? Told)
    {
        public static CircuitShape Of(CircuitBreakerOptions o) => new(
            o.Key?.ToString(), o.MaxKeys, o.FailureRatio, o.MinimumThroughput, o.SamplingDuration, o.BreakDuration, o.BreakDurationFor, o.Trials, o.SlowAfter,
            o.FailureStatus, o.IsFailure, o.OnTransition);
    }
}
