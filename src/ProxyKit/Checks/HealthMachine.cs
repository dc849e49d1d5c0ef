namespace ProxyKit.Checks;

/// <summary>The state of one server, as its checks, its agent, the server that it tracks and those who run it make it together. Knows no clock, no
/// lock and no network; a circuit breaker has its own word, beside this one.</summary>
/// <remarks>
/// Two things are kept apart. <see cref="State"/> is what is known of the server; <see cref="Admin"/> is what was decided. In maintenance nothing is
/// learnt from checks: their results do not count, and at its end the server starts as its options say. What the agent says is heard all the same, and
/// counts at the end: nobody but the agent undoes what it did. In drain everything goes on as before.
/// A server comes up only when all who watch it agree: its check, its agent, and the server it tracks.
/// </remarks>
internal sealed class HealthMachine
{
    private OperationalState _tracked;
    private bool _hasAgent;

    public HealthMachine() => Agent.Fill(); // until it speaks

    public HealthCounter Check { get; } = new(2, 3);

    public HealthCounter Agent { get; } = new(1, 1);

    public OperationalState State { get; private set; }

    public AdminFlags Admin { get; private set; }

    public bool IsChecked { get; set; }

    public bool HasAgent
    {
        get => _hasAgent;
        set
        {
            _hasAgent = value;
            if (!value)
            {
                Agent.Fill(); // nobody is left who could undo what it did
            }
        }
    }

    public bool IsTracking { get; private set; }

    /// <summary>How it starts, and how it comes back from maintenance.</summary>
    public InitialServerState Initial { get; set; }

    public bool InMaintenance => (Admin & AdminFlags.Maintenance) != 0;

    public bool IsDraining => (Admin & AdminFlags.Drain) != 0;

    /// <summary>Makes it what another one is.</summary>
    public void Copy(HealthMachine other)
    {
        Check.Copy(other.Check);
        Agent.Copy(other.Agent);
        (State, Admin, Initial) = (other.State, other.Admin, other.Initial);
        (IsChecked, _hasAgent, IsTracking, _tracked) = (other.IsChecked, other._hasAgent, other.IsTracking, other._tracked);
    }

    /// <summary>Takes the state that it starts in, for the first time or again.</summary>
    public void Start() => Resume();

    /// <summary>What a check found. Means nothing in maintenance.</summary>
    public void NoteCheck(CheckVerdict verdict)
    {
        if (InMaintenance || !IsChecked)
        {
            return;
        }

        switch (verdict)
        {
            case CheckVerdict.Failed:
                Check.Fail();
                StopUnlessUp(Check);
                break;
            case CheckVerdict.Passed:
                Check.Pass();
                TryRun(OperationalState.Running);
                break;
            case CheckVerdict.Conditional:
                Check.Pass();
                TryRun(OperationalState.Stopping);
                break;
        }
    }

    /// <summary>What the agent says of the server. It cannot take back that the server asks for no new clients.</summary>
    public void NoteAgent(bool isUp)
    {
        if (!HasAgent)
        {
            return;
        }

        if (isUp)
        {
            Agent.Pass();
        }
        else
        {
            Agent.Fail();
        }

        if (InMaintenance)
        {
            return; // it counts at its end
        }

        StopUnlessUp(Agent);
        if (isUp && State != OperationalState.Stopping)
        {
            TryRun(OperationalState.Running);
        }
    }

    /// <summary>As many errors in a row as it takes, of clients' own requests.</summary>
    public void NoteErrors(ErrorReaction reaction)
    {
        switch (reaction)
        {
            case ErrorReaction.FailCheck:
                NoteCheck(CheckVerdict.Failed);
                break;
            case ErrorReaction.SuddenDeath:
                Check.Weaken();
                NoteCheck(CheckVerdict.Failed);
                break;
            case ErrorReaction.MarkDown when Check.IsUp:
                Check.SetBarelyUp();
                NoteCheck(CheckVerdict.Failed);
                break;
        }
    }

    /// <summary>Somebody knows better than the checks, until these say otherwise. Means nothing in maintenance, and of a server that tracks another.</summary>
    public void Force(OperationalState state)
    {
        if (InMaintenance || IsTracking)
        {
            return;
        }

        if (state == OperationalState.Stopped)
        {
            Check.Empty();
        }
        else
        {
            Check.Fill();
        }

        State = state;
    }

    /// <summary>Sets and clears what was decided.</summary>
    public void SetAdmin(AdminFlags set, AdminFlags clear)
    {
        var was = InMaintenance;
        Admin = (Admin & ~clear) | set;
        if (InMaintenance)
        {
            Check.Empty();
            State = OperationalState.Stopped;
        }
        else if (was)
        {
            Resume();
        }
    }

    /// <summary>The server that it tracks has changed, or it tracks one from now on.</summary>
    public void Follow(OperationalState state, bool inMaintenance, bool isDraining)
    {
        IsTracking = true;
        _tracked = state;
        var flags = (inMaintenance ? AdminFlags.InheritedMaintenance : 0) | (isDraining ? AdminFlags.InheritedDrain : 0);
        SetAdmin(flags, AdminFlags.InheritedMaintenance | AdminFlags.InheritedDrain);
        if (!InMaintenance)
        {
            State = IsHeldDown ? OperationalState.Stopped : state;
        }
    }

    /// <summary>It tracks none any more.</summary>
    public void Unfollow()
    {
        IsTracking = false;
        _tracked = OperationalState.Running;
        SetAdmin(AdminFlags.None, AdminFlags.InheritedMaintenance | AdminFlags.InheritedDrain);
        if (!InMaintenance && !IsChecked && !IsHeldDown)
        {
            State = OperationalState.Running;
        }
    }

    /// <summary>What watches it has changed: nobody is down for a watcher who is gone, or turned away from new clients by one.</summary>
    /// <param name="lostCheck">Whether it was checked, and is not any more.</param>
    public void Reconsider(bool lostCheck)
    {
        if (!InMaintenance && (State == OperationalState.Stopped || (lostCheck && State == OperationalState.Stopping)))
        {
            TryRun(OperationalState.Running);
        }
    }

    /// <summary>Whether somebody other than its check says that it is down.</summary>
    private bool IsHeldDown => (HasAgent && !Agent.IsUp) || (IsTracking && _tracked == OperationalState.Stopped);

    private void Resume()
    {
        if (InMaintenance)
        {
            State = OperationalState.Stopped;
            return;
        }

        switch (Initial)
        {
            case InitialServerState.FullyUp:
                Check.Fill();
                break;
            case InitialServerState.Down:
                Check.SetBarelyDown();
                break;
            case InitialServerState.FullyDown:
                Check.Empty();
                break;
            default:
                Check.SetBarelyUp();
                break;
        }

        State = IsHeldDown || (IsChecked && !Check.IsUp) ? OperationalState.Stopped : IsTracking ? _tracked : OperationalState.Running;
    }

    private void StopUnlessUp(HealthCounter counter)
    {
        if (counter.Value == 0)
        {
            State = OperationalState.Stopped;
        }
    }

    private void TryRun(OperationalState state)
    {
        if (!IsHeldDown && (!IsChecked || Check.IsUp))
        {
            State = IsTracking ? _tracked : state;
        }
    }
}
