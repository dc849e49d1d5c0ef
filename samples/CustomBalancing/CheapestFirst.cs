using System.Collections.Concurrent;
using ProxyKit.Backends;
using ProxyKit.Balancing;

namespace CustomBalancing;

/// <summary>Gives requests to the cheapest server that has room and does not fail, and to the least busy one when none has.</summary>
/// <param name="prices">What a request costs at each server, by its name.</param>
/// <param name="room">How many requests a server may work on at once before a dearer one is asked.</param>
internal sealed class CheapestFirst(IReadOnlyDictionary<string, decimal> prices, int room) : IBalancingStrategy
{
    private const int Patience = 3;

    private readonly ConcurrentDictionary<string, int> _failures = new(); // in a row, by the server's name

    // Called from many threads at once: what it reads never changes, is counted by others, or is a concurrent collection, so it needs no lock.
    public Server? Pick(in BalancingContext context)
    {
        Server? cheapest = null, idlest = null;
        foreach (var server in context.Candidates)
        {
            if (server == context.Avoid && context.Candidates.Length > 1)
            {
                continue; // this very request has just failed there
            }

            if (server.HasRoom && server.ActiveRequests < room && _failures.GetValueOrDefault(server.Name) < Patience
                && (cheapest is null || prices[server.Name] < prices[cheapest.Name]))
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

    // Told once for each attempt. One response that is none of the server's own faults brings it back.
    public void Report(in AttemptReport report)
    {
        if (report.Outcome == AttemptOutcome.Responded && report.Status < 500)
        {
            _failures[report.Server.Name] = 0;
        }
        else if (report.Outcome != AttemptOutcome.Abandoned)
        {
            _failures.AddOrUpdate(report.Server.Name, 1, static (_, count) => count + 1);
        }
    }
}
