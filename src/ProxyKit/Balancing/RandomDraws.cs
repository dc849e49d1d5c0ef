using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>Some servers drawn by weight, and the least loaded of them: two draws are nearly as even as asking all, and herds form nowhere.</summary>
/// <param name="random">Where the draws come from.</param>
/// <param name="draws">How many.</param>
internal sealed class RandomDraws(Random random, int draws) : IBalancingStrategy
{
    private WeightedDraw? _draw;

    public Server? Pick(in BalancingContext context)
    {
        var draw = Volatile.Read(ref _draw);
        if (draw?.Set != context.Set)
        {
            Volatile.Write(ref _draw, draw = new WeightedDraw(context.Set));
        }

        var (servers, weights) = (context.Set.Servers, context.Set.Weights);
        var best = draw.Next(random, context.Avoid);
        for (var i = 1; i < draws; i++)
        {
            var other = draw.Next(random, context.Avoid);
            if ((long)servers[other].ActiveRequests * weights[best] <= (long)servers[best].ActiveRequests * weights[other])
            {
                best = other;
            }
        }

        return servers[best].HasRoom ? servers[best] : null;
    }
}
