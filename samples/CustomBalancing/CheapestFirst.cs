using ProxyKit.Backends;
using ProxyKit.Balancing;

namespace CustomBalancing;

/// <summary>Gives requests to the cheapest server that has room, and to the least busy one when none has.</summary>
/// <param name="prices">What a request costs at each server, by its name.</param>
/// <param name="room">How many requests a server may work on at once before a dearer one is asked.</param>
internal sealed class CheapestFirst(IReadOnlyDictionary<string, decimal> prices, int room) : IBalancingStrategy
{
    // Called from many threads at once; it reads what never changes and counts that others keep, so it needs no lock.
    public Server? Pick(in BalancingContext context)
    {
        Server? cheapest = null, idlest = null;
        foreach (var server in context.Candidates)
        {
            if (server == context.Avoid && context.Candidates.Length > 1)
            {
                continue; // this very request has just failed there
            }

            if (server.ActiveRequests < room && (cheapest is null || prices[server.Name] < prices[cheapest.Name]))
            {
                cheapest = server;
            }

            if (idlest is null || server.ActiveRequests < idlest.ActiveRequests)
            {
                idlest = server;
            }
        }

        return cheapest ?? idlest;
    }
}
