using ProxyKit.Backends;
using ProxyKit.CircuitBreakers;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with the circuit breakers of a backend.</summary>
internal static class CircuitBreakerOptionsValidator
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.5), Longest = TimeSpan.FromDays(1);

    public static void Validate(BackendOptions backend, FaultPath path)
    {
        foreach (var (options, position) in path.Elements(nameof(backend.CircuitBreakers), backend.CircuitBreakers))
        {
            Validate(options, backend.Mode, path.In("circuit breaker", null, position));
        }

        if (backend.CircuitBreakers.Count(static b => b is { Scope: CircuitScope.Server }) > 1)
        {
            path.Add(nameof(backend.CircuitBreakers), "has two that watch over servers; a server has one");
        }
    }

    public static void ValidateFallbacks(BackendOptions backend, Dictionary<string, BackendOptions> backends, FaultPath path)
    {
        foreach (var (index, options) in backend.CircuitBreakers.Index())
        {
            const string property = nameof(options.FallbackBackend);
            if (options?.FallbackBackend is not { } name)
            {
                continue;
            }

            var place = path.In("circuit breaker", null, index + 1);
            if (!backends.TryGetValue(name, out var fallback))
            {
                var nearest = NearestName.Of(name, backends.Keys.Where(k => k != backend.Name));
                place.Add(property, $"there is no backend {FaultPath.Quote(name)}{(nearest is null ? "" : $"; did you mean {FaultPath.Quote(nearest)}?")}");
            }
            else if (fallback.Mode != backend.Mode || fallback == backend)
            {
                place.Add(property, $"backend {FaultPath.Quote(name)} is {(fallback == backend ? "this one" : "in another mode")}");
            }
        }
    }

    private static void Validate(CircuitBreakerOptions options, ProxyMode mode, FaultPath path)
    {
        path.CheckDefined(nameof(options.Scope), options.Scope);
        path.CheckRange(nameof(options.MaxKeys), options.MaxKeys, 1, 1_000_000);
        path.CheckRange(nameof(options.MinimumThroughput), options.MinimumThroughput, 2, int.MaxValue);
        path.CheckRange(nameof(options.Trials), options.Trials, 1, 1000);
        path.CheckLimit(nameof(options.SlowAfter), options.SlowAfter);
        CheckTime(nameof(options.SamplingDuration), options.SamplingDuration, path);
        CheckTime(nameof(options.BreakDuration), options.BreakDuration, path);
        if (options.FailureRatio is not (> 0 and <= 1))
        {
            path.Add(nameof(options.FailureRatio), $"{options.FailureRatio} is out of range (above 0, up to 1)");
        }

        if (options.Scope == CircuitScope.Backend && mode != ProxyMode.Http)
        {
            path.Add(nameof(options.Scope), "answers requests, of which TCP mode has none; servers can be watched over there");
        }

        if (options.Scope == CircuitScope.Server && options.Key is not null)
        {
            path.Add(nameof(options.Key), $"tells requests apart, which {nameof(CircuitScope)}.{nameof(CircuitScope.Server)} does not");
        }

        if (options.Scope == CircuitScope.Server && options.FallbackBackend is not null)
        {
            path.Add(nameof(options.FallbackBackend), "is for a circuit of the whole backend or of keys; servers have each other, and backups");
        }
    }

    private static void CheckTime(string name, TimeSpan time, FaultPath path)
    {
        if (time < Shortest || time > Longest)
        {
            path.Add(name, $"{time} is out of range ({Shortest} to {Longest})");
        }
    }
}
