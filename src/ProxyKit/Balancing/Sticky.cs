using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>One server for all, until it cannot be used any more; then the first of those that can.</summary>
internal sealed class Sticky : IBalancingStrategy
{
    private ServerState? _server;

    public bool WaitsForServer => true;

    public Server? Pick(in BalancingContext context)
    {
        var kept = Volatile.Read(ref _server);
        Server? other = null;
        foreach (var server in context.Candidates)
        {
            if (server != context.Avoid)
            {
                if (server.State == kept)
                {
                    return server;
                }

                other ??= server;
            }
        }

        other ??= context.Candidates[0]; // there is only the one to avoid
        if (kept is null || !context.Set.Contains(kept))
        {
            Volatile.Write(ref _server, other.State);
        }

        return other;
    }
}
