using ProxyKit.Backends;
using ProxyKit.Resilience;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>An attempt and those that join it at other servers when it is slow: which of them is the first to answer.</summary>
/// <remarks>
/// The first attempt is the exchange's own flow, which knows nothing of the others but that its attempt may be cut: then another has won. The others run beside it,
/// begun by the timer one after the other. The exchange's flow ends the race behind its attempt and goes on once all others have ended, so that they may use what is the
/// exchange's; they change nothing of it. Until then they own their connections and slots, and the winner's are taken over.
/// </remarks>
internal sealed class HedgeRace(TimerWheel wheel) : Deadline(wheel)
{
    private readonly Lock _lock = new(); // guards all below
    private readonly List<HedgedAttempt> _attempts = [];
    private readonly List<Server> _servers = []; // which have an attempt; the flow that begins another one reads it, and there is one such flow at a time
    private ServedExchange _exchange = null!; // set by Start before anything else runs, as is the next
    private HedgeOptions _options = null!;
    private HedgedAttempt? _winner;
    private TaskCompletionSource? _settled;
    private bool _isOpen, _firstHasAnswered;
    private int _running;

    /// <summary>Whether it was begun and is not ended yet. The exchange's own flow's, as is the next.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Whether it must not be used for another race, since its timer may be late.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Begins, the first attempt having its server.</summary>
    public void Start(ServedExchange exchange, HedgeOptions options, Server first)
    {
        lock (_lock)
        {
            (_exchange, _options, _isOpen) = (exchange, options, true);
            _servers.Add(first);
        }

        IsStarted = true;
        Set(options.After);
    }

    /// <summary>Ends it where no other attempt was begun.</summary>
    public bool TryEndUnused()
    {
        IsSpent |= Clear();
        lock (_lock)
        {
            if (_attempts.Count > 0)
            {
                return false;
            }

            ResetLocked();
            return true;
        }
    }

    /// <summary>The first attempt has begun to answer its client: the others have lost, unless one was quicker.</summary>
    public bool TryWinForFirst()
    {
        lock (_lock)
        {
            _firstHasAnswered = _winner is null;
        }

        if (_firstHasAnswered)
        {
            Cancel();
        }

        return _firstHasAnswered;
    }

    /// <summary>Another attempt has an answer: it wins, unless it comes too late. The first one is cut then.</summary>
    public bool TryWin(HedgedAttempt attempt)
    {
        lock (_lock)
        {
            if (!_isOpen || _firstHasAnswered || _winner is not null)
            {
                return false;
            }

            _winner = attempt;
        }

        _exchange.CutFirstAttempt();
        return true;
    }

    /// <summary>Gives all other attempts up, and begins no more. Any thread.</summary>
    public void Cancel()
    {
        HedgedAttempt[] attempts;
        lock (_lock)
        {
            _isOpen = false;
            attempts = [.. _attempts];
        }

        foreach (var attempt in attempts)
        {
            attempt.Cancel();
        }
    }

    /// <summary>Waits until one of the others has won or all have failed; no more are begun.</summary>
    public Task SettleAsync()
    {
        Clear();
        lock (_lock)
        {
            _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            SettleLocked();
            return _settled.Task;
        }
    }

    /// <summary>Ends it: those that have not won are given up.</summary>
    /// <returns>The winner, whose connection and slot are the caller's now; null where none of the others has won.</returns>
    public async ValueTask<HedgedAttempt?> EndAsync()
    {
        IsSpent = true; // the timer may be about to find out that it comes too late
        Clear();
        HedgedAttempt[] attempts;
        HedgedAttempt? winner;
        lock (_lock)
        {
            _isOpen = false;
            (attempts, winner) = ([.. _attempts], _winner);
        }

        foreach (var attempt in attempts)
        {
            if (attempt != winner)
            {
                attempt.Cancel();
            }

            await attempt.Ended.ConfigureAwait(false);
        }

        lock (_lock)
        {
            ResetLocked();
        }

        return winner;
    }

    /// <summary>An attempt has its server: the next one may follow once this one has had its time.</summary>
    public void OnPicked(Server server)
    {
        lock (_lock)
        {
            _servers.Add(server);
            if (!_isOpen || _settled is not null || _servers.Count >= _options.MaxAttempts)
            {
                return;
            }
        }

        Set(_options.After);
    }

    /// <summary>An attempt is over, however it went.</summary>
    public void OnEnded()
    {
        lock (_lock)
        {
            _running--;
            SettleLocked();
        }
    }

    protected override void OnFired()
    {
        HedgedAttempt attempt;
        lock (_lock)
        {
            if (!_isOpen || _settled is not null || _winner is not null)
            {
                return;
            }

            if (!_exchange.TryDescribeHedge(out var request))
            {
                Set(_options.After); // its body is still on the way to the first server: later, perhaps
                return;
            }

            attempt = new HedgedAttempt(this, request, _servers);
            _attempts.Add(attempt);
            _running++;
        }

        _ = attempt.RunAsync(_options.MaxShare);
    }

    private void SettleLocked()
    {
        if (_running == 0 || _winner is not null)
        {
            _settled?.TrySetResult();
        }
    }

    private void ResetLocked()
    {
        _attempts.Clear();
        _servers.Clear();
        _winner = null;
        _settled = null;
        _isOpen = _firstHasAnswered = IsStarted = false;
        _exchange = null!; // as before a start
    }
}
