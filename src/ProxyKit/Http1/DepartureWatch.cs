using ProxyKit.Http;
using ProxyKit.Transport;

namespace ProxyKit.Http1;

/// <summary>Notices that a client leaves while nobody reads from it. What it sends meanwhile is received into the buffer, since only that
/// tells data from the end; once there is some, the client was alive a moment ago and the watch is over.</summary>
/// <remarks>One watch may serve one client after the other. A signal of an earlier one may still be on its way then, which is why it is
/// compared with the connection that is watched now.</remarks>
internal sealed class DepartureWatch : IDataWatcher
{
    private readonly Lock _lock = new(); // guards all below, and the buffer while there is an observer
    private Connection? _connection;
    private ReceiveBuffer? _buffer;
    private IDepartureObserver? _observer;

    /// <summary>A watch that is lent: <see cref="Attach"/> says whose.</summary>
    public DepartureWatch()
    {
    }

    /// <summary>A watch of one connection.</summary>
    public DepartureWatch(Connection connection, ReceiveBuffer buffer) => Attach(connection, buffer);

    /// <summary>Has it watch a connection, and receive into a buffer.</summary>
    public void Attach(Connection connection, ReceiveBuffer buffer) =>
        (_connection, _buffer) = (connection, buffer); // which nobody looks at before there is an observer

    /// <summary>Ends the watch, and forgets whom it watched.</summary>
    public void Detach()
    {
        lock (_lock)
        {
            (_connection, _buffer, _observer) = (null, null, null);
        }
    }

    /// <summary>Has <paramref name="observer"/> told of the end of the stream or a failure.</summary>
    public void Start(IDepartureObserver observer)
    {
        Connection connection;
        lock (_lock)
        {
            if (_connection is null || _buffer is not { Length: 0 })
            {
                return;
            }

            connection = _connection;
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
        lock (_lock)
        {
            _observer = null;
        }
    }

    /// <summary>Something came from the client: the end, or data ahead of time.</summary>
    public void OnDataAvailable(Connection connection)
    {
        lock (_lock)
        {
            while (_observer is not null && connection == _connection && _buffer is { Length: 0 } buffer)
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
