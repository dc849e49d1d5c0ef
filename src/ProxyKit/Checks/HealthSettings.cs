using ProxyKit.Mailing;

namespace ProxyKit.Checks;

/// <summary>How a server's health is found, and what follows from it, as the running configuration has it: immutable.</summary>
internal sealed class HealthSettings
{
    public required InitialServerState Initial { get; init; }

    /// <summary>How it is checked; null where it is not.</summary>
    public CheckPlan? Check { get; init; }

    /// <summary>How its agent is asked; null where there is none.</summary>
    public CheckPlan? Agent { get; init; }

    /// <summary>The server whose health is its own, as <c>backend/server</c>; null for none.</summary>
    public string? Track { get; init; }

    public ObservationOptions? Observe { get; init; }

    public bool StartsInMaintenance { get; init; }

    /// <summary>HAProxy: <c>option log-health-checks</c>.</summary>
    public bool LogsChecks { get; init; }

    /// <summary>Who is told by mail what becomes of it; null for nobody.</summary>
    public EmailAlert? EmailAlert { get; init; }

    /// <summary>HAProxy: <c>on-marked-down shutdown-sessions</c>.</summary>
    public bool CutsSessionsWhenDown { get; init; }

    /// <summary>HAProxy: <c>on-marked-up shutdown-backup-sessions</c>.</summary>
    public bool CutsBackupSessionsWhenUp { get; init; }

    /// <summary>Whether its running requests may have to be cut, so that they have to be known.</summary>
    public bool KeepsSessions { get; init; }
}
