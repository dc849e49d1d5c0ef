namespace ProxyKit.Transport;

/// <summary>The limit of time on work of the proxy's own, such as a check: on what it does at the moment. When it passes, or the work is given up, the
/// connection is broken off.</summary>
internal sealed class WorkLimit(TimerWheel wheel) : Deadline(wheel), IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private Connection? _connection;

    public CancellationToken Token => _cancellation.Token;

    /// <summary>The connection to break off.</summary>
    public void Watch(Connection? connection)
    {
        Interlocked.Exchange(ref _connection, connection); // before the flag is read
        if (_cancellation.IsCancellationRequested)
        {
            connection?.Abort();
        }
    }

    /// <summary>Gives up. Any thread, also after the end.</summary>
    public void Cancel()
    {
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            return; // it ended a moment ago
        }

        Volatile.Read(ref _connection)?.Abort();
    }

    public void Dispose()
    {
        Retire();
        Volatile.Write(ref _connection, null);
        _cancellation.Dispose();
    }

    protected override void OnFired() => Cancel();
}
