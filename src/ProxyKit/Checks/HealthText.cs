using System.Globalization;
using ProxyKit.Backends;
using ProxyKit.Mailing;

namespace ProxyKit.Checks;

/// <summary>The words of HAProxy's logs and statistics about the health of servers.</summary>
internal static class HealthText
{
    /// <summary>The state in a word: <c>UP</c>, <c>UP 1/3</c>, <c>DOWN</c>, <c>NOLB</c>, <c>DRAIN</c>, <c>MAINT</c>, <c>no check</c>.</summary>
    /// <param name="machine">The server's.</param>
    /// <param name="watched">That of the server whose check and agent it goes by: its own, unless it tracks another.</param>
    /// <param name="followed">The server that it tracks; null for none.</param>
    /// <param name="isWeightless">Whether its weight is 0.</param>
    public static string StatusOf(HealthMachine machine, HealthMachine watched, Server? followed, bool isWeightless)
    {
        if (machine.InMaintenance)
        {
            return (machine.Admin & AdminFlags.Unresolved) != 0 ? "MAINT (resolution)"
                : (machine.Admin & AdminFlags.ForcedMaintenance) == 0 && followed is not null ? $"MAINT (via {followed})"
                : "MAINT";
        }

        if (machine.State == OperationalState.Stopped)
        {
            return watched is { HasAgent: true, Agent.IsUp: false } ? "DOWN (agent)" : watched.IsChecked ? WithProgress("DOWN", watched.Check) : "DOWN";
        }

        if (machine.State != OperationalState.Stopping && machine.IsDraining && watched.HasAgent)
        {
            return "DRAIN (agent)";
        }

        var word = machine.State == OperationalState.Stopping ? "NOLB" : machine.IsDraining || isWeightless ? "DRAIN" : "UP";
        return watched.IsChecked ? WithProgress(word, watched.Check) : word == "UP" ? "no check" : word;
    }

    /// <summary>The state in a word as checks alone have it: <c>UP</c>, <c>UP 1/3</c>, <c>DOWN 1/2</c>, <c>NOLB</c>. Whether those who run the server
    /// have taken it out, or its agent, is nothing to that.</summary>
    public static string CheckedStatusOf(HealthMachine machine) => WithProgress(
        machine.State switch
        {
            OperationalState.Stopped => "DOWN",
            OperationalState.Stopping => "NOLB",
            _ => "UP",
        },
        machine.Check);

    /// <summary>What a server is told of its own state.</summary>
    /// <param name="server">The server.</param>
    /// <param name="node">What this proxy is called.</param>
    public static string StateFor(ServerState server, string node)
    {
        var (current, backend) = (server.Current, server.Backend);
        var (host, port) = current.ConnectOptions.EndPoint switch
        {
            System.Net.IPEndPoint ip => (ip.Address.ToString(), ip.Port),
            System.Net.DnsEndPoint dns => (dns.Host, dns.Port),
            var other => (other.ToString(), 0),
        };
        var weight = backend.Current?.Candidates.Weights.Sum(static w => (long)w) ?? 0;
        var throttle = server.WarmUpTimePercent is { } percent ? string.Create(CultureInfo.InvariantCulture, $"; throttle={percent}%") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{server.Health.CheckedStatus}; address={host}; port={port}; name={current}; node={node}; "
            + $"weight={Units(server.EffectiveWeight)}/{Units(weight)}; scur={server.Active}/{backend.Active - backend.QueuedForAny}; qcur={server.Queued}{throttle}");

        static long Units(long weight) => (weight + ServerState.WeightScale - 1) / ServerState.WeightScale;
    }

    /// <summary>The line about one check.</summary>
    public static string LineOfCheck(
        string kind, Server server, CheckVerdict verdict, CheckResult result, (int Current, int Most) progress, HealthView view)
    {
        var outcome = verdict switch
        {
            CheckVerdict.Passed => "succeeded",
            CheckVerdict.Conditional => "conditionally succeeded",
            _ => "failed",
        };
        var state = view.State == OperationalState.Stopped ? "DOWN" : view.IsDraining || server.Weight == 0 ? "DRAIN" : "UP";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{kind} check for {(server.IsBackup ? "backup " : "")}server {server} {outcome}{result.Describe()}, "
            + $"status: {progress.Current}/{progress.Most} {state}.");
    }

    /// <summary>The lines about a change.</summary>
    /// <param name="server">The server.</param>
    /// <param name="followed">The server that it tracks; null for none.</param>
    /// <param name="before">What it was.</param>
    /// <param name="after">What it is.</param>
    /// <param name="cause">What changed it.</param>
    /// <param name="counts">What is left besides.</param>
    public static IEnumerable<HealthLine> LinesOf(
        Server server, Server? followed, HealthView before, HealthView after, HealthCause cause, ServerCounts counts)
    {
        var via = followed is null ? "" : $" via {followed}";
        var name = $"{(server.IsBackup ? "Backup " : "")}Server {server}";
        var who = cause.Who is { } text ? $" ({text})" : cause.Text.StartsWith(" via ", StringComparison.Ordinal) ? cause.Text : "";
        if (!before.InMaintenance && after.InMaintenance)
        {
            yield return before.State == OperationalState.Stopped
                ? new($"{name} was DOWN and now enters maintenance{who}.")
                : new($"{name} is going DOWN for maintenance{who}. {Left(counts)}") { IsBad = before.IsOpen };
        }
        else if (before.InMaintenance && !after.InMaintenance)
        {
            var state = after.State == OperationalState.Stopped ? "DOWN" : "UP";
            var forced = (before.Admin & AdminFlags.ForcedMaintenance) != 0 ? "forced " : "";
            yield return cause.ResolvedName is { } host
                ? new($"{name} ('{host}') is {state}/{(after.IsDraining ? "DRAIN" : "READY")} (resolves again).")
                : new($"{name} is {state}/{(after.IsDraining ? "DRAIN" : "READY")} (leaving {forced}maintenance).");
        }
        else if (after.InMaintenance)
        {
            if (LineOfRest(name, via, before, after, cause) is { } rest)
            {
                yield return rest;
            }
        }
        else
        {
            if (before.State != after.State)
            {
                yield return LineOfState(name, before, after, cause, counts);
            }

            if (!before.IsDraining && after.IsDraining)
            {
                yield return new($"{name} enters drain state{who}. {(after.State == OperationalState.Stopped ? Left(counts) : Online(counts))}")
                {
                    Mailed = EmailAlertLevel.Changes,
                };
                yield break;
            }

            if (before.IsDraining && !after.IsDraining)
            {
                yield return new($"{name} is {(after.State == OperationalState.Stopped ? "DOWN" : "UP")} (leaving forced drain).");
            }
        }

        if (after is { IsDraining: true, InMaintenance: false })
        {
            // Whatever else was told: it takes no new clients.
            yield return (after.Admin & AdminFlags.ForcedDrain) != 0 ? new($"{name} remains in forced drain mode.")
                : (before.Admin & AdminFlags.ForcedDrain) != 0 ? new($"{name} is leaving forced drain but remains in drain mode{via}.")
                : new($"{name} remains in drain mode{via}.");
        }
    }

    private static HealthLine LineOfState(string name, HealthView before, HealthView after, HealthCause cause, ServerCounts counts) => after.State switch
    {
        OperationalState.Stopped => new($"{name} is DOWN{cause.Text}. {Left(counts)}")
        {
            IsBad = before.IsOpen,
            Mailed = before.IsOpen ? EmailAlertLevel.Failures : EmailAlertLevel.Changes,
        },
        OperationalState.Stopping => new($"{name} is stopping{cause.Text}. {Online(counts)}") { Mailed = EmailAlertLevel.Changes },
        _ => new($"{name} is UP{cause.Text}. {Online(counts)}") { Mailed = EmailAlertLevel.Changes },
    };

    /// <summary>The line about a maintenance that has one reason less; null where it has one more, which is not told.</summary>
    private static HealthLine? LineOfRest(string name, string via, HealthView before, HealthView after, HealthCause cause)
    {
        var gone = before.Admin & ~after.Admin;
        return (gone & AdminFlags.ForcedMaintenance) != 0 ? new($"{name} is leaving forced maintenance but remains in maintenance{via}.")
            : (gone & AdminFlags.Unresolved) != 0 && cause.ResolvedName is { } host ? new($"{name} ('{host}') resolves again but remains in maintenance{via}.")
            : (gone & AdminFlags.InheritedMaintenance) != 0 && (after.Admin & AdminFlags.ForcedMaintenance) != 0 ? new($"{name} remains in forced maintenance.")
            : null;
    }

    private static string WithProgress(string word, HealthCounter counter)
    {
        var (current, most) = counter.Progress;
        return counter.IsFull || counter.Value == 0 ? word : string.Create(CultureInfo.InvariantCulture, $"{word} {current}/{most}");
    }

    private static string Left(ServerCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{counts.Active} active and {counts.Backup} backup servers left.{OnBackup(counts)} {counts.Sessions} sessions active, "
        + $"{counts.Requeued} requeued, {counts.Queued} remaining in queue.");

    private static string Online(ServerCounts counts) => string.Create(
        CultureInfo.InvariantCulture,
        $"{counts.Active} active and {counts.Backup} backup servers online.{OnBackup(counts)} {counts.Requeued} sessions requeued, {counts.Queued} total in queue.");

    private static string OnBackup(ServerCounts counts) => counts is { Active: 0, Backup: > 0 } ? " Running on backup." : "";
}
