using ProxyKit.Backends;
using ProxyKit.Rules.Explaining;

namespace ProxyKit.Runtime.Explaining;

/// <summary>Tells which servers of a backend a request could go to.</summary>
internal static class ExplainedServers
{
    /// <param name="explanation">Where to.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="options">What is configured of it.</param>
    /// <param name="bound">The server that the client is bound to; null for none.</param>
    public static void AddTo(Explanation explanation, Backend backend, BackendOptions options, Server? bound)
    {
        var candidates = backend.Candidates.Servers;
        explanation.Servers =
        [
            .. backend.Servers.Select(server =>
            {
                var canBeChosen = bound is null ? candidates.Contains(server) : server == bound;
                return new ExplainedServer(
                    Shown.Text(server.Name),
                    Shown.Text(server.Address),
                    server.Weight,
                    server.IsBackup,
                    canBeChosen,
                    bound is null ? (canBeChosen ? RemarkOf(server) : WhyNot(server, candidates, options))
                        : canBeChosen ? "the client is bound to it"
                        : candidates.Contains(server) ? "the client is bound to another"
                        : WhyNot(server, candidates, options));
            }),
        ];
    }

    private static string? RemarkOf(Server server) => server.IsBackup ? "backup, no other server is left" : null;

    private static string WhyNot(Server server, Server[] candidates, BackendOptions options) =>
        server.State.Availability switch
        {
            ServerAvailability.Maintenance => "is in maintenance",
            ServerAvailability.Down => "is down",
            ServerAvailability.BoundOnly => "takes only clients that are bound to it",
            _ when server.State.IsBlocked => "is held back",
            _ => WhyNotChosen(server, candidates, options),
        };

    private static string WhyNotChosen(Server server, Server[] candidates, BackendOptions options) =>
        server.Weight == 0 ? "its weight is 0"
        : !server.IsBackup ? "takes no part in balancing"
        : Array.Exists(candidates, static c => !c.IsBackup) ? "backup, for when no other server is left"
        : options.UseAllBackups ? "takes no part in balancing" : "backup, behind the first one";
}
