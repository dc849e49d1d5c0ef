using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>Two servers drawn by weight, and the less loaded of them: nearly as even as asking all, and herds form nowhere.</summary>
internal sealed class PowerOfTwoChoices(Random random) : IBalancingStrategy
{
    public Server? Pick(in BalancingContext context)
    {
        var candidates = context.Candidates;
        if (candidates.Length == 1)
        {
            return candidates[0];
        }

        var total = 0;
        foreach (var server in candidates)
        {
            total += server == context.Avoid ? 0 : server.Weight;
        }

        if (total == 0)
        {
            return candidates[0];
        }

        var first = Draw(candidates, context.Avoid, total);
        var second = Draw(candidates, context.Avoid, total);
        return (long)second.ActiveRequests * first.Weight <= (long)first.ActiveRequests * second.Weight ? second : first;
    }

    private Server Draw(ReadOnlySpan<Server> candidates, Server? avoid, int total)
    {
        var ticket = random.Next(total);
        foreach (var server in candidates)
        {
            ticket -= server == avoid ? 0 : server.Weight;
            if (ticket < 0)
            {
                return server;
            }
        }

        return candidates[^1];
    }
}
