using ProxyKit.Backends;

namespace ProxyKit.Checks;

/// <summary>The health of all servers of a proxy, over its configurations. One caller at a time.</summary>
internal sealed class HealthChecks(CheckEnvironment environment)
{
    /// <summary>How long a stop waits at most for the checks that it breaks off. Those end at once; a user's own check that does not heed its token may not
    /// keep the proxy. By the proxy's clock, as the draining ahead of it: where that stands still, the stop's token ends the waiting.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private HashSet<ServerHealth> _known = [];

    /// <summary>Goes by another configuration from now on. What is known of servers that stay is kept, and so are the times of their checks.</summary>
    /// <param name="servers">The servers, in their order.</param>
    /// <param name="longestSpread">Over how long the first checks are spread at most; null for no limit.</param>
    public void Use(IReadOnlyList<(Server Server, HealthSettings Settings)> servers, TimeSpan? longestSpread)
    {
        var known = new HashSet<ServerHealth>();
        var byName = new Dictionary<string, ServerHealth>(StringComparer.Ordinal);
        foreach (var (server, settings) in servers)
        {
            var health = server.State.Health;
            known.Add(health);
            byName[server.ToString()] = health;
            health.Use(settings, environment);
            if (settings.Observe is { } observe)
            {
                server.Observers = [.. server.Observers, new PassiveObserver(health, observe.Layer)];
            }
        }

        var tracked = servers.ToDictionary(static s => s.Server.ToString(), static s => s.Settings.Track, StringComparer.Ordinal);
        foreach (var (server, settings) in servers.OrderBy(s => StepsFrom(s.Settings.Track, tracked))) // who is tracked knows how it is by then
        {
            server.State.Health.Track(settings.Track is { } track ? byName[track] : null); // it is there: the validator has looked
        }

        foreach (var gone in _known.Except(known))
        {
            gone.Stop();
        }

        _known = known;
        Run(servers, longestSpread);
    }

    /// <summary>Nothing is checked any more, and nobody is told; checks under way are broken off.</summary>
    /// <param name="cancellationToken">Ends the waiting early.</param>
    /// <returns>When those have ended, or <see cref="LongestStop"/> is over, and the last mail is handed over or given up.</returns>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var health in _known)
        {
            health.Stop();
        }

        _known = [];
        var mails = environment.Mails?.StopAsync(cancellationToken) ?? Task.CompletedTask;
        try
        {
            await environment.Running.WhenNoneAsync().WaitAsync(LongestStop, environment.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // What it finds nobody hears.
        }

        await mails.ConfigureAwait(false);
    }

    /// <summary>How many servers track each other from here on. There are no loops: the validator has looked.</summary>
    private static int StepsFrom(string? server, Dictionary<string, string?> tracked) => server is null ? 0 : 1 + StepsFrom(tracked[server], tracked);

    /// <summary>The first checks follow each other at even distances, so that they do not meet, then or later.</summary>
    private static void Run(IReadOnlyList<(Server Server, HealthSettings Settings)> servers, TimeSpan? longestSpread)
    {
        var checkedOnes = servers.Where(static s => (s.Settings.Check ?? s.Settings.Agent) is not null).ToArray();
        var spread = checkedOnes.Length == 0 ? TimeSpan.Zero
            : checkedOnes.Min(static s => (s.Settings.Check ?? s.Settings.Agent)!.ShortestInterval); // one of the two, as chosen
        spread = longestSpread < spread ? longestSpread.Value : spread;
        foreach (var (index, (server, _)) in checkedOnes.Index())
        {
            server.State.Health.Run(spread * index / checkedOnes.Length);
        }

        foreach (var (server, _) in servers.Where(static s => (s.Settings.Check ?? s.Settings.Agent) is null))
        {
            server.State.Health.Run(TimeSpan.Zero); // lets go of checks that it had
        }
    }
}
