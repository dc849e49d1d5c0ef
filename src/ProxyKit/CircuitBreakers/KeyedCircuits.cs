using ProxyKit.Logging;

namespace ProxyKit.CircuitBreakers;

/// <summary>The circuits of a backend's keys. There are so many at a time and no more: one that was not used for longest leaves, and with it what
/// it knew.</summary>
internal sealed class KeyedCircuits(CircuitBreakerOptions options, string backend, TimeProvider time, IExchangeLog log)
{
    private readonly Lock _lock = new(); // guards _circuits and _byUse
    private readonly Dictionary<string, LinkedListNode<CircuitBreaker>> _circuits = new(StringComparer.Ordinal);
    private readonly LinkedList<CircuitBreaker> _byUse = new();
    private readonly int _skip = backend.Length + 1; // of a name, before its key

    /// <summary>All there are, for those who look on.</summary>
    public CircuitBreaker[] All
    {
        get
        {
            lock (_lock)
            {
                return [.. _byUse];
            }
        }
    }

    /// <summary>The circuit of a key.</summary>
    public CircuitBreaker For(ReadOnlySpan<char> key)
    {
        lock (_lock)
        {
            if (_circuits.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value;
            }

            if (_circuits.Count >= options.MaxKeys && _byUse.Last is { } oldest)
            {
                _byUse.Remove(oldest);
                _circuits.Remove(oldest.Value.Name[_skip..^1]);
            }

            var circuit = new CircuitBreaker(options, $"{backend}[{key}]", time, log, changed: null);
            _circuits[key.ToString()] = _byUse.AddFirst(circuit);
            return circuit;
        }
    }
}
