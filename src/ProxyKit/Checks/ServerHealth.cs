using ProxyKit.Backends;
using ProxyKit.Statistics;

namespace ProxyKit.Checks;

/// <summary>The health of a server: what its checks, its agent, its clients' requests and those who run it have made of it. Outlives configurations.</summary>
/// <remarks>
/// Whatever happens goes through <see cref="Change"/>: under the lock it changes the machine, and behind it whoever has to know is told. Two changes at
/// once may be told in either order; what balancing sees is always brought up to the last one (<see cref="Publish"/>).
/// </remarks>
internal sealed partial class ServerHealth
{
    private readonly Lock _lock = new(); // guards _machine, _shown, _version, _last, _lastAgent, _followed and _followers
    private readonly HealthMachine _machine = new();
    private readonly HealthMachine _shown = new(); // what balancing goes by already: nobody is told of a state that is not in force yet
    private readonly ServerState _state;
    private readonly List<ServerHealth> _followers = [];
    private ServerHealth? _followed;
    private CheckSchedule? _checks, _agent;
    private CheckEnvironment? _environment;
    private HealthSettings? _settings;
    private CheckResult? _last, _lastAgent;
    private long _version;
    private int _errors;

    public ServerHealth(ServerState state)
    {
        _state = state;
        Counters = new HealthCounters(state.Backend.Time);
    }

    /// <summary>What is counted of it; goes over to whoever takes its place.</summary>
    public HealthCounters Counters { get; private set; }

    /// <summary>The last check; null before the first one.</summary>
    public CheckResult? LastCheck
    {
        get
        {
            lock (_lock)
            {
                return _last;
            }
        }
    }

    /// <summary>What the agent's last answer came to; null before the first one.</summary>
    public CheckResult? LastAgentCheck
    {
        get
        {
            lock (_lock)
            {
                return _lastAgent;
            }
        }
    }

    /// <summary>Whether it works, and nobody has taken it out.</summary>
    public bool IsUp => _state.IsReachable;

    public HealthView View
    {
        get
        {
            lock (_lock)
            {
                return ViewLocked();
            }
        }
    }

    /// <summary>The state in a word, as HAProxy's statistics have it.</summary>
    public string Status
    {
        get
        {
            var watched = Watched(); // ahead of the lock: another server's is taken there
            lock (_lock)
            {
                return HealthText.StatusOf(_shown, watched ?? _shown, _followed?._state.Current, _state.Weight == 0);
            }
        }
    }

    /// <summary>The state in a word, as the server itself is told it.</summary>
    public string CheckedStatus
    {
        get
        {
            lock (_lock)
            {
                return HealthText.CheckedStatusOf(_shown);
            }
        }
    }

    private ServerHealth? Followed
    {
        get
        {
            lock (_lock)
            {
                return _followed;
            }
        }
    }

    private bool IsLoud => _settings is { LogsChecks: true };

    /// <summary>A check has ended.</summary>
    public void NoteCheck(CheckResult result)
    {
        var verdict = CheckStatusText.VerdictOf(result.Status);
        var (before, after, previous) = Learn(result, verdict);
        if (verdict is not CheckVerdict.Failed)
        {
            Volatile.Write(ref _errors, 0);
        }

        if (IsLoud && !before.InMaintenance && (previous?.Status != result.Status || before.Check != after.Check))
        {
            LogCheck(HealthText.LineOfCheck("Health", _state.Current, verdict, result, Progress(agent: false), after));
        }

        Tell(before, after, new HealthCause(IsLoud ? "" : result.Describe()));
    }

    /// <summary>The agent has answered, or has not.</summary>
    public void NoteAgent(CheckResult result)
    {
        if (result.Status != CheckStatus.Layer7Passed || result.Info is not { } line)
        {
            NoteSilence(result);
            return;
        }

        var words = AgentWords.Parse(line);
        if (words.Admin is { } admin)
        {
            Administer(admin, null);
        }

        var warning = words.ApplyWork(_state);
        var reason = new CheckResult(
            words switch
            {
                { IsUp: false } => CheckStatus.Layer7WrongStatus,
                { Fault: not null } => CheckStatus.Layer7Invalid,
                { IsUp: true } => CheckStatus.Layer7Passed,
                _ => CheckStatus.Checked,
            },
            0,
            warning ?? words.Fault ?? words.Info) { Duration = result.Duration };
        Progressing before, after;
        lock (_lock)
        {
            before = new(ViewLocked(), _lastAgent);
            if (words.IsUp is { } isUp)
            {
                _machine.NoteAgent(isUp);
            }

            _lastAgent = reason;
            after = new(ViewLocked(), reason);
            NoteChangeLocked();
        }

        var verdict = CheckStatusText.VerdictOf(reason.Status);
        if (IsLoud && !before.View.InMaintenance && verdict != CheckVerdict.Neutral
            && (before.Result?.Status != reason.Status || before.View.Agent != after.View.Agent))
        {
            LogCheck(HealthText.LineOfCheck("Agent", _state.Current, verdict, reason, Progress(agent: true), after.View));
        }

        Tell(before.View, after.View, new HealthCause(IsLoud ? "" : reason.Describe()));
    }

    /// <summary>An agent that says nothing changes nothing; nor does one that cannot be reached.</summary>
    private void NoteSilence(CheckResult result)
    {
        CheckResult? previous;
        HealthView view;
        lock (_lock)
        {
            (previous, _lastAgent, view) = (_lastAgent, result, ViewLocked());
        }

        if (IsLoud && !view.InMaintenance && previous?.Status != result.Status)
        {
            LogCheck(HealthText.LineOfCheck("Agent", _state.Current, CheckVerdict.Failed, result, Progress(agent: true), view));
        }
    }

    /// <summary>An attempt of a client's own has gone one way or another.</summary>
    public void NoteAttempt(bool isGood, string error)
    {
        if (isGood)
        {
            if (Volatile.Read(ref _errors) != 0)
            {
                Volatile.Write(ref _errors, 0);
            }

            return;
        }

        if (_settings?.Observe is not { } observe)
        {
            return;
        }

        var errors = Interlocked.Increment(ref _errors);
        if (errors < observe.ErrorLimit || Interlocked.CompareExchange(ref _errors, 0, errors) != errors)
        {
            return; // of several at once the last one reacts
        }

        Counters.CountReaction();
        var result = new CheckResult(CheckStatus.ErrorsObserved, 0, $"Detected {observe.ErrorLimit} consecutive errors, last one was: {error}")
        {
            Duration = TimeSpan.FromTicks(-1), // there was no check
        };
        HealthView before, after;
        lock (_lock)
        {
            before = ViewLocked();
            if (observe.Reaction != ErrorReaction.CheckSooner)
            {
                CountFailureLocked();
            }

            _machine.NoteErrors(observe.Reaction);
            after = ViewLocked();
            NoteChangeLocked();
            if (observe.Reaction != ErrorReaction.CheckSooner)
            {
                _last = result;
            }
        }

        if (IsLoud && before.Check != after.Check)
        {
            LogCheck(HealthText.LineOfCheck("Health", _state.Current, CheckVerdict.Failed, result, Progress(agent: false), after));
        }

        Tell(before, after, new HealthCause(IsLoud ? "" : result.Describe()));
        Volatile.Read(ref _checks)?.Hasten();
    }

    /// <summary>People or programs decide.</summary>
    /// <param name="mode">What.</param>
    /// <param name="who">Who, for the log.</param>
    public void Administer(ServerMode mode, string? who)
    {
        var (set, clear) = mode switch
        {
            ServerMode.Maintenance => (AdminFlags.ForcedMaintenance, AdminFlags.None),
            ServerMode.Drain => (AdminFlags.ForcedDrain, AdminFlags.ForcedMaintenance | AdminFlags.ConfiguredMaintenance),
            _ => (AdminFlags.None, AdminFlags.ForcedMaintenance | AdminFlags.ConfiguredMaintenance | AdminFlags.ForcedDrain),
        };
        Change((set, clear), static (m, flags) => m.SetAdmin(flags.set, flags.clear), new HealthCause("", who));
    }

    /// <summary>Its name leads somewhere: it comes back where it was out for that.</summary>
    /// <param name="host">The name.</param>
    public void NoteAddress(string host)
    {
        if ((View.Admin & AdminFlags.Unresolved) != 0)
        {
            Change(AdminFlags.Unresolved, static (m, flag) => m.SetAdmin(AdminFlags.None, flag), new HealthCause("") { ResolvedName = host });
            Note($"Server {_state.Current} administratively READY thanks to valid DNS answer.");
        }
    }

    /// <summary>Its name leads nowhere: it is out until it does.</summary>
    /// <param name="why">Why, for the log.</param>
    public void NoteNoAddress(string why)
    {
        if ((View.Admin & AdminFlags.Unresolved) == 0)
        {
            Change(AdminFlags.Unresolved, static (m, flag) => m.SetAdmin(flag, AdminFlags.None), new HealthCause("", why));
        }
    }

    /// <summary>Writes a line about the server into the log.</summary>
    public void Note(string line) => Log(line);

    /// <summary>Somebody knows better than the checks.</summary>
    public void Force(OperationalState state) => Change(state, static (m, s) => m.Force(s), new HealthCause(", changed from CLI"));

    /// <summary>Somebody knows better than the agent.</summary>
    public void ForceAgent(bool isUp) => Change(isUp, static (m, up) => m.NoteAgent(up), new HealthCause(", changed from CLI"));

    /// <summary>How often it is to be checked at this moment.</summary>
    public TimeSpan IntervalOf(CheckPlan plan)
    {
        lock (_lock)
        {
            return _machine.Check.IsFull ? plan.Interval
                : _machine.State == OperationalState.Stopped && _machine.Check.Value == 0 ? plan.DownInterval
                : plan.FastInterval;
        }
    }

    private (HealthView Before, HealthView After, CheckResult? Previous) Learn(CheckResult result, CheckVerdict verdict)
    {
        lock (_lock)
        {
            var (before, previous) = (ViewLocked(), _last);
            if (!before.InMaintenance) // what was found of a server that was taken out meanwhile says nothing
            {
                if (verdict == CheckVerdict.Failed)
                {
                    CountFailureLocked();
                }

                _machine.NoteCheck(verdict);
                _last = result;
            }

            NoteChangeLocked();
            return (before, ViewLocked(), previous);
        }
    }

    /// <summary>What the server shows at the end of those that it tracks: that is whose check and agent it goes by. Null where it tracks none.</summary>
    private HealthMachine? Watched()
    {
        var end = this;
        while (end.Followed is { } next)
        {
            end = next; // there are no loops: the validator has looked
        }

        if (end == this)
        {
            return null;
        }

        var machine = new HealthMachine();
        lock (end._lock)
        {
            machine.Copy(end._shown);
        }

        return machine;
    }

    private void Change<T>(T argument, Action<HealthMachine, T> change, HealthCause cause)
    {
        HealthView before, after;
        lock (_lock)
        {
            before = ViewLocked();
            change(_machine, argument);
            after = ViewLocked();
            NoteChangeLocked();
        }

        Tell(before, after, cause);
    }

    private (int Current, int Most) Progress(bool agent)
    {
        lock (_lock)
        {
            return (agent ? _machine.Agent : _machine.Check).Progress;
        }
    }

    /// <summary>Something is different, perhaps. Going down is counted where it has failed: not where it was taken out.</summary>
    private void NoteChangeLocked()
    {
        _version++;
        Counters.History.Note(
            _machine.State == OperationalState.Stopped, ((int)_machine.Admin << 8) | (int)_machine.State, counts: !_machine.InMaintenance);
    }

    private void CountFailureLocked()
    {
        if (_machine.Check.IsUp && !_machine.InMaintenance)
        {
            Counters.CountFailedCheck();
        }
    }

    private HealthView ViewLocked() => new(_machine.State, _machine.Admin, _machine.Check.Value, _machine.Agent.Value);

    private readonly record struct Progressing(HealthView View, CheckResult? Result);
}
