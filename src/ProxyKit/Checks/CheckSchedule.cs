using ProxyKit.Backends;
using ProxyKit.Transport;

namespace ProxyKit.Checks;

/// <summary>Has a server checked again and again. One entry of the timer wheel, whatever the number of servers, and no two checks of it at once.</summary>
internal sealed class CheckSchedule : Deadline
{
    private readonly Lock _lock = new(); // guards _isRunning, _isPaused, _isStopped, _isBrokenOff, _isHasty, _due and _limit
    private readonly ServerState _server;
    private readonly CheckEnvironment _environment;
    private readonly Func<CheckPlan, TimeSpan> _interval;
    private readonly Action<CheckResult> _note;
    private volatile CheckPlan _plan;
    private WorkLimit? _limit; // of the check under way
    private bool _isRunning, _isPaused, _isStopped, _isHasty;
    private bool _isBrokenOff; // the one under way, by a pause
    private long _due;

    public CheckSchedule(
        ServerState server, CheckPlan plan, CheckEnvironment environment, Func<CheckPlan, TimeSpan> interval, Action<CheckResult> note)
        : base(environment.Wheel)
    {
        _server = server;
        _plan = plan;
        _environment = environment;
        _interval = interval;
        _note = note;
    }

    /// <summary>Whether it waits for the time of the next check, or for the end of a pause.</summary>
    public bool IsPending
    {
        get
        {
            lock (_lock)
            {
                return !_isRunning && (IsSet || _isPaused);
            }
        }
    }

    public void Start(TimeSpan delay)
    {
        lock (_lock)
        {
            PlanLocked(Wheel.Now + (long)delay.TotalMilliseconds);
        }
    }

    /// <summary>Checks by another plan from now on; the time of the next check stays, unless it would come sooner by the new plan.</summary>
    public void Use(CheckPlan plan)
    {
        lock (_lock)
        {
            _plan = plan;
            SoonerLocked(Wheel.Now + (long)_interval(plan).TotalMilliseconds);
        }
    }

    /// <summary>Something is amiss: the next check comes sooner.</summary>
    public void Hasten()
    {
        lock (_lock)
        {
            _isHasty = _isRunning; // the one under way began before
            SoonerLocked(Wheel.Now + (long)_plan.FastInterval.TotalMilliseconds);
        }
    }

    /// <summary>Nothing is checked until <see cref="Resume"/>; what a check under way finds is not told.</summary>
    public void Pause()
    {
        WorkLimit? limit;
        lock (_lock)
        {
            _isPaused = true;
            _isBrokenOff = _isRunning;
            limit = _limit;
            Set(null);
        }

        limit?.Cancel();
    }

    /// <summary>Checks go on, the first one at once.</summary>
    public void Resume()
    {
        lock (_lock)
        {
            if (_isPaused)
            {
                _isPaused = false;
                PlanLocked(Wheel.Now);
            }
        }
    }

    public void Stop()
    {
        WorkLimit? limit;
        lock (_lock)
        {
            _isStopped = true;
            limit = _limit;
        }

        Retire();
        limit?.Cancel();
    }

    protected override void OnFired() => _ = RunAsync();

    private async Task RunAsync()
    {
        WorkLimit limit;
        lock (_lock)
        {
            if (_isRunning || _isPaused || _isStopped)
            {
                return;
            }

            _isRunning = true;
            _limit = limit = new WorkLimit(Wheel);
            _environment.Running.Enter(); // before a stop could find none
        }

        try
        {
            await RunAsync(limit).ConfigureAwait(false);
        }
        finally
        {
            _environment.Running.Leave();
        }
    }

    private async Task RunAsync(WorkLimit limit)
    {
        var result = await CheckAsync(limit).ConfigureAwait(false);
        bool counts;
        lock (_lock)
        {
            _limit = null;
            counts = !_isBrokenOff && !_isStopped; // also where the pause is over by now
        }

        limit.Dispose();
        if (counts)
        {
            _environment.Try(() => _note(result)); // whatever comes of it, checks go on
        }

        lock (_lock)
        {
            _isRunning = false;
            if (!_isPaused && !_isStopped)
            {
                PlanLocked(Math.Max(_isBrokenOff ? _due : NextLocked(), Wheel.Now)); // at once where it took longer than it should, or one was due meanwhile
            }

            _isBrokenOff = _isHasty = false;
        }
    }

    private async Task<CheckResult> CheckAsync(WorkLimit limit)
    {
        var plan = _plan;
        var started = _environment.Time.GetTimestamp();
        CheckResult result;
        try
        {
            limit.Set(plan.LimitOfConnect);
            using var run = new CheckRun(plan, _environment, limit, _server);
            result = await plan.Probe.RunAsync(run).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            result = new CheckResult(CheckStatus.SocketError, 0, CheckText.Of(e.Message)); // a user's check, or a defect: the server's checks go on
        }

        return result with { Duration = _environment.Time.GetElapsedTime(started) };
    }

    /// <summary>When the next one is due behind the one that has just ended.</summary>
    private long NextLocked()
    {
        var plan = _plan;
        var interval = _isHasty ? plan.FastInterval : _interval(plan);
        return _due + (long)Vary(interval, plan.Spread).TotalMilliseconds;
    }

    private void PlanLocked(long due)
    {
        _due = due;
        if (!_isStopped && !_isPaused)
        {
            SetAt(due);
        }
    }

    private void SoonerLocked(long due)
    {
        if (!_isRunning && due < _due)
        {
            PlanLocked(due);
        }
    }

    private static TimeSpan Vary(TimeSpan interval, double spread) =>
        spread == 0 ? interval : interval * (1 + (spread * ((2 * Random.Shared.NextDouble()) - 1)));
}
