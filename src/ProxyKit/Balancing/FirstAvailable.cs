using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>The first server by number that has room, so that those behind it may sleep. Without limits that is always the same one; weights do
/// not count.</summary>
internal sealed class FirstAvailable : IBalancingStrategy
{
    private Order? _order;

    public Server? Pick(in BalancingContext context)
    {
        var order = Volatile.Read(ref _order);
        if (order?.Set != context.Set)
        {
            Volatile.Write(ref _order, order = new Order(context.Set, [.. context.Set.Servers.OrderBy(static s => s.Id)]));
        }

        Server? avoided = null;
        foreach (var server in order.Servers)
        {
            if (server.HasRoom)
            {
                if (server != context.Avoid)
                {
                    return server;
                }

                avoided = server;
            }
        }

        return avoided;
    }

    private sealed record Order(CandidateSet Set, Server[] Servers);
}
