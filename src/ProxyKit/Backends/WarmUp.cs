namespace ProxyKit.Backends;

/// <summary>The time after a server has come back, in which it gets its work little by little: its weight in sixteenths, its limit in percent.</summary>
/// <param name="server">The server.</param>
/// <param name="time">The clock.</param>
/// <param name="duration">How long it takes; whole seconds count, rounded up.</param>
internal sealed class WarmUp(ServerState server, TimeProvider time, TimeSpan duration) : IDisposable
{
    private readonly Lock _lock = new(); // guards _timer and _isOver
    private readonly long _seconds = Math.Max(1, (long)Math.Ceiling(duration.TotalSeconds));
    private readonly long _startedAt = time.GetTimestamp();
    private ITimer? _timer;
    private bool _isOver;

    /// <summary>Between two steps: a twentieth of the whole, a second at least.</summary>
    private TimeSpan Step => TimeSpan.FromSeconds(Math.Max(1.0, _seconds / 20.0));

    /// <summary>Takes the first step, and has the others follow.</summary>
    public void Start()
    {
        server.SetWarmUp(this, weight: 1, limit: 0);
        lock (_lock)
        {
            if (!_isOver)
            {
                _timer = time.CreateTimer(static warmUp => ((WarmUp)warmUp!).Advance(), this, Step, Step);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _timer?.Dispose();
        }
    }

    private void Advance()
    {
        var elapsed = (long)time.GetElapsedTime(_startedAt).TotalSeconds;
        if (elapsed >= _seconds)
        {
            server.EndWarmUp(this);
        }
        else
        {
            server.SetWarmUp(this, (int)(((ServerState.WeightScale * elapsed) + _seconds) / _seconds), (int)(100 * elapsed / _seconds));
        }
    }
}
