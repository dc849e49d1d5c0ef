using ProxyKit.Backends;
using ProxyKit.CircuitBreakers;
using ProxyKit.Exchanges;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Runtime;

/// <summary>Makes the circuit breakers of backends, or takes over those they have had.</summary>
internal sealed class CircuitBuilder(RuleSetBuilder rules, CircuitStates states, DataPath path)
{
    private static readonly RuleAction Answer = RuleActions.Return(
        Reply.Text("{\"message\":\"The service is failing and is left alone for a moment.\"}\n", "application/json", 503)
            .WithHeader("Retry-After", Value.Parse("circuit_retry_after")));

    /// <summary>Those that stand before the backend, and those of its servers. Called after the backend's rules.</summary>
    public (BackendCircuit[] Circuits, BackendCircuit? OfServers) Build(BackendOptions options, Backend backend)
    {
        var circuits = new List<BackendCircuit>();
        BackendCircuit? ofServers = null;
        foreach (var (index, breaker) in options.CircuitBreakers.Index())
        {
            var whenOpen = rules.BuildOpenAnswer(breaker.WhenOpen, Answer, options.Name, index);
            if (breaker.Scope == CircuitScope.Server)
            {
                ofServers = new BackendCircuit { Servers = OfServers(backend, breaker), WhenOpen = whenOpen };
            }
            else if (breaker.Key is { } key)
            {
                circuits.Add(new BackendCircuit
                {
                    Keyed = states.ForKeys(backend.Name, breaker, path),
                    Key = rules.BuildKey(key, options.Name, index),
                    WhenOpen = whenOpen,
                });
            }
            else
            {
                circuits.Add(new BackendCircuit { Single = states.For(backend.Name, breaker, path), WhenOpen = whenOpen });
            }
        }

        return ([.. circuits], ofServers);
    }

    /// <summary>Joins the circuits to the backends that they fall back to, once all of those are there.</summary>
    public static void Join(IList<BackendOptions> options, Dictionary<string, BackendPolicy> backends)
    {
        foreach (var backend in options)
        {
            var before = backend.CircuitBreakers.Where(static b => b.Scope == CircuitScope.Backend);
            foreach (var (breaker, circuit) in before.Zip(backends[backend.Name].Circuits))
            {
                circuit.Fallback = breaker.FallbackBackend is { } name ? backends[name] : null;
            }
        }
    }

    private CircuitBreaker[] OfServers(Backend backend, CircuitBreakerOptions options) => Array.ConvertAll(backend.Servers, server =>
    {
        var circuit = states.For(server, options, path);
        server.Observers = [.. server.Observers, circuit];
        return circuit.Breaker;
    });
}
