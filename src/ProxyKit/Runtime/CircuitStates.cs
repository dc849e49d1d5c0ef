using ProxyKit.Backends;
using ProxyKit.CircuitBreakers;
using ProxyKit.Exchanges;

namespace ProxyKit.Runtime;

/// <summary>The circuits of a configuration, and the door through which those of the next one take them over: what a circuit has seen is kept where its
/// options stay as they are.</summary>
internal sealed class CircuitStates(CircuitStates? previous)
{
    private readonly List<Kept> _kept = []; // in the order of the options
    private readonly HashSet<object> _takenOver = new(ReferenceEqualityComparer.Instance);
    private ILookup<CircuitKind, Kept>? _known = previous?._kept.ToLookup(static k => k.Kind); // until it is put to use

    public CircuitBreaker For(string backend, CircuitBreakerOptions options, DataPath path) =>
        Keep(new(CircuitScope.Backend, backend, null), options, null, () => new CircuitBreaker(options, backend, path.Time, path.Log, changed: null));

    public KeyedCircuits ForKeys(string backend, CircuitBreakerOptions options, DataPath path) =>
        Keep(new(CircuitScope.Backend, backend, options.Key?.ToString()), options, null, () => new KeyedCircuits(options, backend, path.Time, path.Log));

    public ServerCircuit For(Server server, CircuitBreakerOptions options, DataPath path) => Keep(
        new(CircuitScope.Server, server.ToString(), null),
        options,
        server.State,
        () => new ServerCircuit(server.State, changed => new CircuitBreaker(options, server.ToString(), path.Time, path.Log, changed)));

    /// <summary>All circuits of a backend and its servers.</summary>
    public IEnumerable<CircuitBreaker> Of(string backend) => _kept
        .Where(k => k.Kind.Name == backend || k.Kind.Name.StartsWith(backend + "/", StringComparison.Ordinal))
        .SelectMany(static k => k.Circuit switch
        {
            KeyedCircuits keyed => keyed.All,
            ServerCircuit server => [server.Breaker],
            var single => [(CircuitBreaker)single],
        });

    /// <summary>Opens by hand what is so in the circuits whose place others take here: somebody has decided that, whatever the options were. Called
    /// right before those here are asked, for it may be decided until then.</summary>
    public void TakeOverIsolation()
    {
        if (_known is null)
        {
            return;
        }

        foreach (var circuits in _kept.Where(k => !_takenOver.Contains(k.Circuit)).GroupBy(static k => k.Kind))
        {
            foreach (var (before, circuit) in _known[circuits.Key].Where(k => !_takenOver.Contains(k.Circuit)).Zip(circuits))
            {
                if ((before.Circuit, circuit.Circuit) is (KeyedCircuits keysBefore, KeyedCircuits keys))
                {
                    keys.BeginIsolated(keysBefore);
                }
                else if (BreakerOf(before.Circuit).State == CircuitState.Isolated)
                {
                    BreakerOf(circuit.Circuit).BeginIsolated();
                }
            }
        }
    }

    /// <summary>Ends the circuits that another configuration did not take over, and lets their servers have work again.</summary>
    public void RetireAllBut(CircuitStates staying)
    {
        var watched = staying._kept.Select(static k => k.Server).ToHashSet(ReferenceEqualityComparer.Instance);
        foreach (var (_, _, _, circuit) in _kept)
        {
            if (circuit is ServerCircuit server && !staying._takenOver.Contains(circuit))
            {
                server.Retire(isSucceeded: watched.Contains(server.Server));
            }
        }

        foreach (var (_, _, _, circuit) in staying._kept)
        {
            (circuit as ServerCircuit)?.Breaker.Publish(); // a server may have heard of another one until now
        }
    }

    /// <summary>Ends the timers of all circuits that it has not taken over, without a word to their servers: it is not put to use.</summary>
    public void Abandon() => End(_kept.Where(k => !_takenOver.Contains(k.Circuit)));

    /// <summary>Ends the timers of all circuits, without a word to their servers: the proxy stops.</summary>
    public void Dispose() => End(_kept);

    public void ForgetPrevious() => _known = null;

    private static void End(IEnumerable<Kept> circuits)
    {
        foreach (var (_, _, _, circuit) in circuits)
        {
            (circuit as ServerCircuit)?.Breaker.Retire();
        }
    }

    private T Keep<T>(CircuitKind kind, CircuitBreakerOptions options, ServerState? server, Func<T> make)
        where T : class
    {
        var shape = CircuitShape.Of(options);
        var known = _known?[kind].FirstOrDefault(k => k.Shape == shape && k.Server == server && !_takenOver.Contains(k.Circuit));
        var circuit = known is null ? make() : (T)known.Circuit; // of one kind, so of one type
        if (known is not null)
        {
            _takenOver.Add(circuit);
        }

        _kept.Add(new(kind, shape, server, circuit));
        return circuit;
    }

    /// <summary>The one circuit of these, which are not those of keys.</summary>
    private static CircuitBreaker BreakerOf(object circuit) => (circuit as ServerCircuit)?.Breaker ?? (CircuitBreaker)circuit;

    /// <summary>What a circuit watches over: one takes the place of another of its kind alone. A backend may have several of a kind, which are told
    /// apart by their options, and those whose options are new by their order.</summary>
    private readonly record struct CircuitKind(CircuitScope Scope, string Name, string? Key);

    private sealed record Kept(CircuitKind Kind, CircuitShape Shape, ServerState? Server, object Circuit);

    /// <summary>What two options must have in common for what a circuit has seen to be of use.</summary>
    private readonly record struct CircuitShape(
        int MaxKeys, double Ratio, int Minimum, TimeSpan Sampling, TimeSpan Break, Delegate? BreakFor, int Trials, TimeSpan? Slow, Delegate? Status,
        Delegate? Failure, Delegate? Told)
    {
        public static CircuitShape Of(CircuitBreakerOptions o) => new(
            o.MaxKeys, o.FailureRatio, o.MinimumThroughput, o.SamplingDuration, o.BreakDuration, o.BreakDurationFor, o.Trials, o.SlowAfter,
            o.FailureStatus, o.IsFailure, o.OnTransition);
    }
}
