namespace ProxyKit.Transport;

/// <summary>The limit of time on what somebody does that begins with a connection: a check, a mail, the connecting for an exchange. When it passes, or others
/// give the work up, the token is cancelled and the connection, where one is watched, is broken off.</summary>
internal sealed class WorkLimit(TimerWheel wheel) : Deadline(wheel), IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private Connection? _connection;

    public CancellationToken Token => _cancellation.Token;

    /// <summary>The connection to break off. Whoever takes it out to go on with it looks at the token then: where that is not cancelled, nobody breaks it off any
    /// more.</summary>
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

    /// <summary>Does nothing for a time, or until it is given up.</summary>
    public async ValueTask WaitAsync(TimeSpan time)
    {
        var waited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = Token.UnsafeRegister(static w => ((TaskCompletionSource)w!).TrySetResult(), waited);
        Set(time);
        await waited.Task.ConfigureAwait(false);
    }

    public void Dispose()
    {
        Retire();
        Volatile.Write(ref _connection, null);
        _cancellation.Dispose();
    }

    protected override void OnFired() => Cancel();
}
