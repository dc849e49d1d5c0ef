namespace ProxyKit.Statistics;

/// <summary>How often a server or a backend went down, for how long in all, and when it last changed. Outlives configurations.</summary>
internal sealed class UpDownHistory(TimeProvider time)
{
    private readonly Lock _lock = new(); // guards all below
    private bool _hasBegun, _isDown;
    private int _state;
    private long _changedAt = time.GetTimestamp(), _downTime, _downs;

    /// <summary>Says what it is now. The first time it is only noted: nothing has gone down.</summary>
    /// <param name="isDown">Whether it serves nobody.</param>
    /// <param name="state">Another number for another state.</param>
    /// <param name="counts">Whether going down by it counts: not where somebody wanted so.</param>
    public void Note(bool isDown, int state = 0, bool counts = true)
    {
        lock (_lock)
        {
            if (_hasBegun && isDown == _isDown && state == _state)
            {
                return;
            }

            var now = time.GetTimestamp();
            if (_hasBegun && isDown != _isDown)
            {
                _downs += isDown && counts ? 1 : 0;
                _downTime += isDown ? 0 : now - _changedAt;
            }
            else if (_isDown)
            {
                _downTime += now - _changedAt; // in another way from here on, but still
            }

            (_hasBegun, _isDown, _state, _changedAt) = (true, isDown, state, now);
        }
    }

    public UpDownReading Read()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var down = _downTime + (_isDown ? now - _changedAt : 0);
            return new(_downs, time.GetElapsedTime(0, down), time.GetElapsedTime(_changedAt, now));
        }
    }
}

/// <summary>What <see cref="UpDownHistory"/> says at one moment.</summary>
/// <param name="Downs">How often it went down.</param>
/// <param name="Downtime">How long it was down in all, until now where it is.</param>
/// <param name="SinceChange">How long ago it last changed, or was made.</param>
internal readonly record struct UpDownReading(long Downs, TimeSpan Downtime, TimeSpan SinceChange);
