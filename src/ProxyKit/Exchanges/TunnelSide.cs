using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>One end of a tunnel, with the limit on its silence.</summary>
internal sealed class TunnelSide(
    TimerWheel wheel, TunnelEnd end, TimeSpan? limit, TimeSpan? finLimit, TerminationCause abortCause, TerminationCause timeoutCause, bool resets)
{
    private readonly WaitLimit _waitLimit = new(wheel, end.Connection);
    private readonly SendLimit _sendLimit = new(wheel, end.Connection);
    private TimeSpan? _limit = limit;
    private long _lastActivity = wheel.Now;
    private volatile bool _isGivenUp;
    private ReadOnlyMemory<byte> _early = end.Early;

    public Connection Connection { get; } = end.Connection;

    /// <summary>Whether it is silent as long as it sends nothing itself, whatever it is being sent.</summary>
    public bool IsIndependent { get; init; }

    private long LastActivity => IsIndependent ? Volatile.Read(ref _lastActivity) : Math.Max(Volatile.Read(ref _lastActivity), _sendLimit.LastProgress);

    /// <summary>What was received before the tunnel began; the tunnel does not hold on to it.</summary>
    public ReadOnlyMemory<byte> TakeEarly()
    {
        var early = _early;
        _early = default;
        return early;
    }

    /// <summary>Adds what has come meanwhile.</summary>
    public void AddEarly(ReadOnlyMemory<byte> bytes) => _early = bytes;

    /// <summary>Something came from this side, or its limit starts over.</summary>
    public void Touch(long now) => Volatile.Write(ref _lastActivity, now);

    /// <summary>Something went to this side, or the tunnel as a whole is active.</summary>
    public void TouchSent(long now)
    {
        if (!IsIndependent)
        {
            Touch(now);
        }
    }

    /// <summary>One direction has closed: the limit for that state takes over.</summary>
    public void BeginFin()
    {
        if (finLimit is not null)
        {
            _limit = finLimit;
            Touch(wheel.Now);
            Connection.CancelWait(); // who waits under the old limit starts over under the new one
        }
    }

    /// <summary>Waits for something to receive; the termination when silence lasted too long.</summary>
    public async ValueTask<Termination?> WaitAsync()
    {
        while (!_isGivenUp)
        {
            var wait = Connection.WaitForDataAsync();
            if (wait.IsCompleted)
            {
                _ = wait.Result; // there is something, or a new limit to wait under: the caller looks
                return null;
            }

            if (_isGivenUp)
            {
                Connection.CancelWait(); // the wish came before the wait; see it now
            }

            if (_limit is { } limit)
            {
                _waitLimit.SetAt(LastActivity + Math.Max(1, (long)limit.TotalMilliseconds));
            }

            var arrived = await wait.ConfigureAwait(false);
            var fired = _waitLimit.Clear();
            if (arrived)
            {
                return null;
            }

            // What went the other way meanwhile is activity too. The clock is read first, so that activity in between counts for it.
            var now = wheel.Now;
            if (fired && _limit is { } passed && LastActivity + (long)passed.TotalMilliseconds <= now)
            {
                return new Termination(timeoutCause, ExchangePhase.Data);
            }
        }

        return null;
    }

    /// <summary>Ends the wait that is under way, and every later one. Any thread.</summary>
    public void GiveUp()
    {
        _isGivenUp = true; // before the wait is looked for
        Connection.CancelWait();
    }

    /// <summary>Ends its connection, and what is under way on it; what was sent still arrives, unless it is to be reset.</summary>
    public void End()
    {
        if (resets)
        {
            Connection.Abort();
        }
        else
        {
            Connection.End();
        }
    }

    /// <summary>Whether it has been silent for longer than it may.</summary>
    public bool IsOverdue => _limit is { } limit && LastActivity + (long)limit.TotalMilliseconds <= wheel.Now;

    /// <summary>Sends all; the termination when that fails.</summary>
    public ValueTask<Termination?> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        var sending = _sendLimit.SendAsync(bytes, _limit);
        return sending.IsCompleted ? new(FailureOf(sending.Result.Error)) : FinishSendAsync(sending);
    }

    public Termination? FailureOf(TransportError error) => error switch
    {
        TransportError.None => null,
        TransportError.TimedOut => new Termination(timeoutCause, ExchangePhase.Data),
        _ => new Termination(abortCause, ExchangePhase.Data),
    };

    /// <summary>Says that nothing more will be sent this way; breaks off where the peer does not take it within the limit.</summary>
    public async ValueTask ShutdownSendAsync()
    {
        _sendLimit.Set(_limit);
        await Connection.ShutdownSendAsync().ConfigureAwait(false);
        _sendLimit.Clear();
    }

    public void Retire()
    {
        _waitLimit.Retire();
        _sendLimit.Retire();
    }

    private async ValueTask<Termination?> FinishSendAsync(ValueTask<IoResult> sending) =>
        FailureOf((await sending.ConfigureAwait(false)).Error);
}
