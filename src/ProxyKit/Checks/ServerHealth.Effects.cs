using Microsoft.Extensions.Logging;
using ProxyKit.Backends;
using ProxyKit.Mailing;

namespace ProxyKit.Checks;

/// <summary>What follows from a change: balancing, running requests, those who follow, checks, and the log.</summary>
internal sealed partial class ServerHealth
{
    /// <summary>Tells everybody who has to know. No lock is held.</summary>
    private void Tell(HealthView before, HealthView after, HealthCause cause)
    {
        if (before.State == after.State && before.Admin == after.Admin)
        {
            ShowProgress();
            return;
        }

        var server = _state.Current;
        var queued = _state.Queued;

        if (before.State == OperationalState.Stopped && after.State == OperationalState.Running && _environment is { } environment)
        {
            _state.BeginWarmUp(environment.Time); // here servers come up at run time; never at the process's start
        }

        Publish();
        if (after.InMaintenance != before.InMaintenance)
        {
            PauseOrResume();
        }

        var counts = ServerCounts.Of(_state, requeued: Math.Max(0, queued - _state.Queued));
        foreach (var line in HealthText.LinesOf(server, Followed?._state.Current, before, after, cause, counts))
        {
            Log(line.Text, line.IsBad ? LogLevel.Warning : LogLevel.Information);
            _environment?.Try(() => _environment.OnChanged?.Invoke(new ServerChange(server, Status, line.Text)));
            if (line.Mailed is { } level)
            {
                Mail(level, line.Text);
            }
        }

        if (_state.Backend.LosesLastServer(counts.Active + counts.Backup) && before.IsOpen)
        {
            _environment?.Try(() => _environment.Log.NoServerAvailable(server.BackendName));
        }

        CutSessions(before, after, server);
        foreach (var follower in Followers())
        {
            follower.FollowNow();
        }
    }

    /// <summary>Brings what balancing sees up to the latest change.</summary>
    private void Publish()
    {
        while (true)
        {
            long version;
            ServerAvailability availability;
            lock (_lock)
            {
                (version, availability) = (_version, AvailabilityLocked());
            }

            _state.SetAvailability(availability);
            lock (_lock)
            {
                if (version == _version)
                {
                    _shown.Copy(_machine);
                    return;
                }
            }
        }
    }

    /// <summary>Shows how far it is on its way to another state. Where another state is in force already, whoever made it so shows that.</summary>
    private void ShowProgress()
    {
        lock (_lock)
        {
            if (_state.Availability == AvailabilityLocked())
            {
                _shown.Copy(_machine);
            }
        }
    }

    private ServerAvailability AvailabilityLocked() => _machine.InMaintenance ? ServerAvailability.Maintenance
        : _machine.State == OperationalState.Stopped ? ServerAvailability.Down
        : _machine.State == OperationalState.Stopping || _machine.IsDraining ? ServerAvailability.BoundOnly
        : ServerAvailability.Open;

    /// <summary>Has checks rest in maintenance and go on outside it, by the latest change, whichever one is told last. The agent is asked in maintenance
    /// too: it may end that.</summary>
    private void PauseOrResume()
    {
        while (true)
        {
            long version;
            bool pauses;
            lock (_lock)
            {
                (version, pauses) = (_version, _machine.InMaintenance);
            }

            if (pauses)
            {
                Volatile.Read(ref _checks)?.Pause();
            }
            else
            {
                Volatile.Read(ref _checks)?.Resume();
            }

            lock (_lock)
            {
                if (version == _version)
                {
                    return;
                }
            }
        }
    }

    private void CutSessions(HealthView before, HealthView after, Server server)
    {
        if (_settings is { CutsSessionsWhenDown: true } && before.State != OperationalState.Stopped && after.State == OperationalState.Stopped)
        {
            _state.Sessions.CutAll(SessionCut.ServerDown);
        }

        if (_settings is { CutsBackupSessionsWhenUp: true } && !server.IsBackup && _state.EffectiveWeight > 0 && !before.IsOpen && after.IsOpen
            && _state.Backend.Current is { } backend)
        {
            foreach (var other in backend.Servers)
            {
                if (other.IsBackup)
                {
                    other.State.Sessions.CutAll(SessionCut.BackupRelieved);
                }
            }
        }
    }

    private ServerHealth[] Followers()
    {
        lock (_lock)
        {
            return [.. _followers];
        }
    }

    private void FollowNow()
    {
        if (Followed is { } followed)
        {
            var view = followed.View;
            Change(view, static (m, v) => m.Follow(v.State, v.InMaintenance, v.IsDraining), new HealthCause($" via {followed._state.Current}"));
        }
    }

    private void LogCheck(string line)
    {
        Log(line);
        Mail(EmailAlertLevel.Checks, line);
    }

    private void Mail(EmailAlertLevel level, string line)
    {
        if (_settings?.EmailAlert is { } alert)
        {
            _environment?.Try(() => _environment.Mails?.Send(alert, level, line));
        }
    }

    private void Log(string line, LogLevel level = LogLevel.Information) => _environment?.Try(() => _environment.Log.ServerState(level, line));
}
