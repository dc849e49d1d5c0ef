using ProxyKit.Backends;

namespace ProxyKit.Checks;

/// <summary>How configurations come and go over a server's health. Called by one at a time.</summary>
internal sealed partial class ServerHealth
{
    /// <summary>Whether no check is under way, and the next one has its time.</summary>
    public bool IsIdle => _checks is not { IsPending: false } && _agent is not { IsPending: false };

    private ServerHealth? _predecessor; // until it is put to use

    /// <summary>Has it start with what another one knows when it is put to use, in whose place it is.</summary>
    public void Succeed(ServerHealth predecessor)
    {
        _predecessor = predecessor;
        Counters = predecessor.Counters;
    }

    /// <summary>Goes by another configuration from now on. What is known of the server stays known.</summary>
    public void Use(HealthSettings settings, CheckEnvironment environment)
    {
        TakeOver();
        var previous = _settings;
        _environment = environment;
        _settings = settings;
        lock (_lock)
        {
            Configure(previous, settings);
            NoteChangeLocked();
        }

        Publish();
        if (_state.IsUsable)
        {
            _state.Backend.NoteUsableServer();
        }

        _state.Sessions.AreCutWhenDown = settings.CutsSessionsWhenDown;
        _state.Sessions.IsKept = settings.KeepsSessions;
    }

    /// <summary>Follows another server's health, or none any more.</summary>
    public void Track(ServerHealth? followed)
    {
        ServerHealth? before;
        lock (_lock)
        {
            before = _followed;
            _followed = followed;
        }

        if (before != followed)
        {
            before?.Leave(this);
            followed?.Join(this);
        }

        if (followed is not null)
        {
            var view = followed.View;
            lock (_lock)
            {
                _machine.Follow(view.State, view.InMaintenance, view.IsDraining);
                NoteChangeLocked();
            }

            Publish();
        }
        else if (before is not null)
        {
            Change(0, static (m, _) => m.Unfollow(), HealthCause.None);
        }
    }

    /// <summary>Starts what has to be done, or lets it go on by other settings.</summary>
    /// <param name="delay">How long the first check waits, where there was none.</param>
    public void Run(TimeSpan delay)
    {
        var (settings, environment) = (_settings!, _environment!); // Use came first
        _checks = Run(_checks, settings.Check, environment, IntervalOf, NoteCheck, delay, rests: true);
        _agent = Run(_agent, settings.Agent, environment, static plan => plan.Interval, NoteAgent, delay, rests: false); // it may say that it is over
        PauseOrResume(); // a configuration may have taken it out, or in again
    }

    /// <summary>The server is gone, or the proxy stops: nothing is learnt any more.</summary>
    public void Stop()
    {
        ServerHealth? followed;
        lock (_lock)
        {
            (followed, _followed) = (_followed, null);
        }

        followed?.Leave(this); // without a word: it is nobody's business any more
        _checks?.Stop();
        _agent?.Stop();
        _checks = _agent = null;
    }

    private CheckSchedule? Run(
        CheckSchedule? running,
        CheckPlan? plan,
        CheckEnvironment environment,
        Func<CheckPlan, TimeSpan> interval,
        Action<CheckResult> note,
        TimeSpan delay,
        bool rests)
    {
        if (plan is null)
        {
            running?.Stop();
            return null;
        }

        if (running is not null)
        {
            running.Use(plan);
            return running;
        }

        var schedule = new CheckSchedule(_state, plan, environment, interval, note);
        if (rests && View.InMaintenance)
        {
            schedule.Pause(); // before its first time can come
        }

        schedule.Start(delay);
        return schedule;
    }

    private void TakeOver()
    {
        if (_predecessor is not { } predecessor)
        {
            return;
        }

        _predecessor = null;
        var machine = new HealthMachine();
        CheckResult? last, lastAgent;
        ServerHealth? followed;
        lock (predecessor._lock)
        {
            machine.Copy(predecessor._machine);
            (last, lastAgent, followed) = (predecessor._last, predecessor._lastAgent, predecessor._followed);
        }

        lock (_lock)
        {
            _machine.Copy(machine);
            (_last, _lastAgent, _followed) = (last, lastAgent, followed);
        }

        followed?.Join(this);
        _settings = predecessor._settings;
    }

    private void Configure(HealthSettings? previous, HealthSettings settings)
    {
        var wasChecked = _machine.IsChecked;
        _machine.Initial = settings.Initial;
        _machine.IsChecked = settings.Check is not null;
        _machine.HasAgent = settings.Agent is not null;
        _machine.Check.SetLimits(settings.Check?.Rise ?? _machine.Check.Rise, settings.Check?.Fall ?? _machine.Check.Fall);
        if (previous is null || (!wasChecked && _machine.IsChecked && !_machine.InMaintenance))
        {
            _machine.Start();
        }
        else
        {
            _machine.Reconsider(wasChecked && !_machine.IsChecked);
        }

        var (set, clear) = _state.Place is { Options: null } ? (AdminFlags.Unresolved, AdminFlags.None) : (AdminFlags.None, AdminFlags.Unresolved);
        _machine.SetAdmin(set, clear);
        if (settings.StartsInMaintenance && previous is not { StartsInMaintenance: true })
        {
            _machine.SetAdmin(AdminFlags.ForcedMaintenance | AdminFlags.ConfiguredMaintenance, AdminFlags.None);
        }
        else if (!settings.StartsInMaintenance && (_machine.Admin & AdminFlags.ConfiguredMaintenance) != 0)
        {
            _machine.SetAdmin(AdminFlags.None, AdminFlags.ForcedMaintenance | AdminFlags.ConfiguredMaintenance);
        }
    }

    private void Join(ServerHealth follower)
    {
        lock (_lock)
        {
            _followers.Add(follower);
        }
    }

    private void Leave(ServerHealth follower)
    {
        lock (_lock)
        {
            _followers.Remove(follower);
        }
    }
}
