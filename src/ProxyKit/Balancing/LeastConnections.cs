using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>The server with the fewest requests, waiting ones included, for its weight; idle servers come first whatever their weight, so that low traffic
/// reaches all, and equals take turns: the one whose load has not changed for longest is first.</summary>
internal sealed class LeastConnections : IBalancingStrategy
{
    private readonly Lock _buildLock = new(); // held by who makes _order anew: one does, the others need it as well
    private LoadOrder? _order;

    bool IBalancingStrategy.FillsServerQueues => true;

    public Server? Pick(in BalancingContext context)
    {
        var order = Volatile.Read(ref _order);
        if (order is null || order.Set != context.Set || order.IsStale)
        {
            order = OrderOf(context.Set);
        }

        var first = context.Set.Servers[order.First()];
        return first != context.Avoid && MayTake(first) ? first : PickAmongOthers(order, context);
    }

    private LoadOrder OrderOf(CandidateSet set)
    {
        lock (_buildLock)
        {
            if (_order is not { IsStale: false } order || order.Set != set)
            {
                Volatile.Write(ref _order, order = new LoadOrder(set, _order));
            }

            return order;
        }
    }

    /// <summary>The first one that may take another request; the one to avoid when there is no other.</summary>
    private static Server? PickAmongOthers(LoadOrder order, in BalancingContext context)
    {
        Server? best = null;
        var least = long.MaxValue;
        var mayAvoided = false;
        var servers = context.Set.Servers;
        for (var slot = 0; slot < servers.Length; slot++)
        {
            var server = servers[slot];
            if (order[slot] >= least || !MayTake(server))
            {
                continue;
            }

            if (server == context.Avoid)
            {
                mayAvoided = true;
            }
            else
            {
                (best, least) = (server, order[slot]);
            }
        }

        return best ?? (mayAvoided ? context.Avoid : null);
    }

    /// <summary>Whether a request could start at it, or wait for it, where it lets some wait.</summary>
    private static bool MayTake(Server server) =>
        server.State.Limit is var limit && (limit == 0 || server.ActiveRequests + server.QueuedRequests < limit + server.MaxQueue);
}
