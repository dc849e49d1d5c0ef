using ProxyKit.Logging;

namespace ProxyKit.CircuitBreakers;

/// <summary>The circuits of a backend's keys. There are so many at a time and no more: one that was not used for longest leaves, and with it what
/// it knew. Those opened by hand stay, even where that makes them more; a key that comes looks past few of them, and others leave with the keys behind it.</summary>
internal sealed class KeyedCircuits(CircuitBreakerOptions options, string backend, TimeProvider time, IExchangeLog log)
{
    private const int MostAsked = 16;

    private readonly Lock _lock = new(); // guards _circuits and _byUse
    private readonly Dictionary<string, LinkedListNode<(string Key, CircuitBreaker Circuit)>> _circuits = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, CircuitBreaker Circuit)> _byUse = new();

    /// <summary>All there are, for those who look on.</summary>
    public CircuitBreaker[] All
    {
        get
        {
            lock (_lock)
            {
                return [.. _byUse.Select(static c => c.Circuit)];
            }
        }
    }

    /// <summary>The circuit of a key.</summary>
    public CircuitBreaker For(ReadOnlySpan<char> key)
    {
        lock (_lock)
        {
            if (FindLocked(key) is { } known)
            {
                return known;
            }
        }

        // Made outside of the lock, behind which all keys of the backend wait: Polly composes a pipeline for it.
        var circuit = new CircuitBreaker(options, $"{backend}[{Shown(key)}]", time, log, changed: null);
        var text = key.ToString();
        lock (_lock)
        {
            if (FindLocked(key) is { } known)
            {
                return known; // another request with the key was quicker; the one made here has seen nothing and holds nothing
            }

            MakeRoomLocked();
            _circuits[text] = _byUse.AddFirst((text, circuit));
            return circuit;
        }
    }

    /// <summary>Opens by hand what was so in the circuits whose place these take; nobody asks these yet.</summary>
    public void BeginIsolated(KeyedCircuits previous)
    {
        (string Key, CircuitBreaker Circuit)[] known;
        lock (previous._lock)
        {
            known = [.. previous._byUse];
        }

        foreach (var (key, circuit) in known.Reverse()) // the one used last comes last here too
        {
            if (circuit.State == CircuitState.Isolated)
            {
                For(key).BeginIsolated();
            }
        }
    }

    /// <summary>Lets go of what was unused for longest, until there is room for one more or so many were asked about: all keys wait meanwhile. What stays is
    /// asked about last again, so that the next key comes to others.</summary>
    private void MakeRoomLocked()
    {
        for (var unasked = Math.Min(_byUse.Count, MostAsked); unasked > 0 && _circuits.Count >= options.MaxKeys; unasked--)
        {
            var oldest = _byUse.Last!; // as many as are unasked
            _byUse.Remove(oldest);
            if (oldest.Value.Circuit.State == CircuitState.Isolated)
            {
                _byUse.AddFirst(oldest); // or whoever sends enough keys could undo what was decided by hand
            }
            else
            {
                _circuits.Remove(oldest.Value.Key);
            }
        }
    }

    /// <summary>The circuit of a key that has one, which is the one used last from now on.</summary>
    private CircuitBreaker? FindLocked(ReadOnlySpan<char> key)
    {
        if (!_circuits.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var node))
        {
            return null;
        }

        _byUse.Remove(node);
        _byUse.AddFirst(node);
        return node.Value.Circuit;
    }

    /// <summary>A client's key, for names and log lines: of one line, whatever it has in it.</summary>
    private static string Shown(ReadOnlySpan<char> key) =>
        string.Create(key.Length, key, static (text, key) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = char.IsControl(key[i]) ? '?' : key[i];
            }
        });
}
