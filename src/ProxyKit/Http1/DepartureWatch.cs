using ProxyKit.Http;
using ProxyKit.Transport;

namespace ProxyKit.Http1;

/// <summary>Notices that a client leaves while nobody reads from it. What it sends meanwhile is received into the buffer, since only that
/// tells data from the end; once there is some, the client was alive a moment ago and the watch is over.</summary>
internal sealed class DepartureWatch(Connection connection, ReceiveBuffer buffer) : IDataWatcher
{
    // Guarded by a lock on the buffer, as is the buffer itself while there is one. No Lock of its own: each idle client would keep it.
    private IDepartureObserver? _observer;

    /// <summary>Has <paramref name="observer"/> told of the end of the stream or a failure.</summary>
    public void Start(IDepartureObserver observer)
    {
        lock (buffer)
        {
            if (buffer.Length > 0)
            {
                return;
            }

            _observer = observer;
        }

        if (!connection.Watch(this))
        {
            OnDataAvailable(connection);
        }
    }

    /// <summary>Ends the watch; the observer is not told any more once this returns.</summary>
    public void Stop()
    {
        lock (buffer)
        {
            _observer = null;
        }
    }

    /// <summary>Something came from the client: the end, or data ahead of time.</summary>
    public void OnDataAvailable(Connection connection)
    {
        lock (buffer)
        {
            while (_observer is not null && buffer.Length == 0)
            {
                if (buffer.TryReceive(connection, long.MaxValue, expectsMuch: false, out var result))
                {
                    if (result.HasError || result.IsEnd)
                    {
                        // Told under the lock, so that Stop also ends a call under way. The observer only sets flags and
                        // aborts, whose consequences run elsewhere.
                        _observer.OnClientLeft();
                        _observer = null;
                    }
                }
                else if (connection.Watch(this))
                {
                    return; // a false alarm: the socket engine also signals for what was received before the watch began
                }
            }
        }
    }
}
