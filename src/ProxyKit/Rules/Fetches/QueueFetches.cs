using ProxyKit.Backends;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>How many wait for backends and servers, and how much room these have.</summary>
internal static class QueueFetches
{
    private static readonly KeywordArgument Backend = Fetch.Optional("backend", ArgumentKind.Backend);
    private static readonly KeywordArgument Server = new("server", ArgumentKind.Server);

    public static IEnumerable<FetchKeyword> All =>
    [
        OfBackend("queue", Waiting),
        OfBackend("avg_queue", static backend =>
        {
            var (waiting, servers) = (Waiting(backend), backend.CandidateCount);
            return servers == 0 ? 2 * waiting : (waiting + servers - 1) / servers;
        }),
        OfBackend("be_conn_free", static backend =>
        {
            var free = 0L;
            foreach (var server in backend.Candidates.Servers)
            {
                if (Free(server) is not (>= 0 and var places))
                {
                    return -1;
                }

                free += places;
            }

            return free;
        }),
        OfBackend("connslots", Slots),
        OfServer("srv_queue", static server => server.QueuedRequests),
        OfServer("srv_conn_free", Free),
    ];

    private static long Waiting(Backend backend)
    {
        long waiting = backend.State.QueuedForAny;
        foreach (var server in backend.Servers)
        {
            waiting += server.QueuedRequests;
        }

        return waiting;
    }

    /// <summary>The slots that a server has free; -1 where they are not limited.</summary>
    private static long Free(Server server)
    {
        var limit = server.State.Limit;
        return limit == 0 ? -1 : Math.Max(0, limit - server.ActiveRequests);
    }

    /// <summary>The free slots and free places in the queues of all servers that are not down; -1 where one has no limit.</summary>
    private static long Slots(Backend backend)
    {
        var slots = 0L;
        foreach (var server in backend.Servers)
        {
            if (!server.State.IsReachable)
            {
                continue;
            }

            var most = server.State.MostConnections;
            if (most == 0 || server.MaxQueue == 0)
            {
                return -1;
            }

            slots += most - server.ActiveRequests + server.MaxQueue - server.QueuedRequests;
        }

        return slots;
    }

    private static FetchKeyword OfBackend(string name, Func<Backend, long> count) => Fetch.Of(name, SampleType.Integer, RuleStages.Internal, use =>
    {
        var backend = use.Compiler.BackendFor(use.Arguments.Text(0));
        return (RuleContext _, ref Sample sample) => sample.Set(count(backend));
    }, Backend);

    private static FetchKeyword OfServer(string name, Func<Server, long> count) => Fetch.Of(name, SampleType.Integer, RuleStages.Internal, use =>
    {
        var server = use.Compiler.ServerFor(use.Arguments.Text(0));
        return (RuleContext _, ref Sample sample) => sample.Set(count(server));
    }, Server);
}
