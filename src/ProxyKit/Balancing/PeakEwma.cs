using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>
/// Two servers drawn by weight, and the one that will probably respond sooner: by how long it has taken lately, times the requests it would have. A
/// response that is slower than the average counts at once, one that is faster little by little, so that a server in trouble loses its work at once and
/// gets it back slowly.
/// </summary>
/// <param name="random">Where the draws come from.</param>
/// <param name="time">The clock.</param>
/// <param name="decay">How long it takes until a response counts for a third of what it did.</param>
/// <param name="penalty">What a failed attempt counts for, if it did not take longer: failing fast must not attract work.</param>
internal sealed class PeakEwma(Random random, TimeProvider time, TimeSpan decay, TimeSpan penalty) : IBalancingStrategy
{
    private const double NeverAsked = 1e12; // seconds: a server that nothing is known of gets a single request to find out

    private readonly Lock _followLock = new(); // guards the writing of _board
    private Board? _board;

    public Server? Pick(in BalancingContext context)
    {
        var board = Volatile.Read(ref _board);
        if (board?.Draw.Set != context.Set)
        {
            board = Follow(context.Set);
        }

        var servers = context.Set.Servers;
        var now = time.GetTimestamp();
        var first = board.Draw.Next(random, context.Avoid);
        var second = board.Draw.Next(random, context.Avoid);
        second = second != first ? second : (second + 1) % servers.Length;
        second = servers[second] != context.Avoid ? second : first;
        var best = Cost(board, second, now) < Cost(board, first, now) ? second : first;
        var other = best == first ? second : first;
        return servers[best].HasRoom ? servers[best] : servers[other].HasRoom ? servers[other] : AnyWithRoom(servers, best, context.Avoid);
    }

    public void Report(in AttemptReport report)
    {
        if (report.Outcome != AttemptOutcome.Abandoned && Volatile.Read(ref _board)?.Latencies.GetValueOrDefault(report.Server.State) is { } latency)
        {
            var seconds = report.Duration.TotalSeconds;
            latency.Add(IsFailure(report) ? Math.Max(seconds, penalty.TotalSeconds) : seconds, time.GetTimestamp(), Span(decay));
        }
    }

    /// <summary>As with HAProxy's count of failures: what says that a request is not implemented says nothing about the server.</summary>
    private static bool IsFailure(in AttemptReport report) =>
        report.Outcome != AttemptOutcome.Responded || report.Status is >= 500 and not (501 or 505);

    private double Cost(Board board, int slot, long now)
    {
        var active = board.Draw.Set.Servers[slot].ActiveRequests;
        var latency = board.BySlot[slot].At(now, Span(decay));
        return latency > 0 ? latency * (active + 1) / board.Draw.Set.Weights[slot] : active == 0 ? 0 : NeverAsked * active;
    }

    private double Span(TimeSpan span) => span.TotalSeconds * time.TimestampFrequency;

    private static Server? AnyWithRoom(Server[] servers, int from, Server? avoid)
    {
        for (var i = 1; i < servers.Length; i++)
        {
            var server = servers[(from + i) % servers.Length];
            if (server.HasRoom && server != avoid)
            {
                return server;
            }
        }

        return avoid is { HasRoom: true } && Array.IndexOf(servers, avoid) >= 0 ? avoid : null;
    }

    /// <summary>Who stays keeps what is known about it.</summary>
    private Board Follow(CandidateSet set)
    {
        lock (_followLock)
        {
            var known = _board?.Latencies;
            var latencies = known is null ? [] : new Dictionary<ServerState, Latency>(known); // also of those that may come back
            if (latencies.Count > 2 * set.Servers.Length)
            {
                latencies = latencies.Where(l => set.Contains(l.Key)).ToDictionary();
            }

            foreach (var server in set.Servers)
            {
                latencies.TryAdd(server.State, new Latency());
            }

            var board = new Board(new WeightedDraw(set), latencies, Array.ConvertAll(set.Servers, s => latencies[s.State]));
            Volatile.Write(ref _board, board);
            return board;
        }
    }

    private sealed record Board(WeightedDraw Draw, Dictionary<ServerState, Latency> Latencies, Latency[] BySlot);

    /// <summary>How long a server has taken lately, in seconds. Two writers at once may lose one of their samples, which is no harm to an average.</summary>
    private sealed class Latency
    {
        private const double Forgotten = 50; // times the decay

        private double _average;
        private long _at;

        /// <summary>The average, which decays while nothing is heard: a server that was slow is tried again.</summary>
        public double At(long now, double decay)
        {
            var (average, age) = (Volatile.Read(ref _average), (now - Volatile.Read(ref _at)) / decay);
            return average == 0 || age < 0.001 ? average // nothing to decay, or no time to
                : age > Forgotten ? 0 // and not a number so small that arithmetic is slow
                : average * Math.Exp(-age);
        }

        public void Add(double seconds, long now, double decay)
        {
            var average = Volatile.Read(ref _average);
            var weight = Math.Exp(-Math.Max(0, now - Volatile.Read(ref _at)) / decay);
            Volatile.Write(ref _average, Math.Max(1e-9, seconds > average ? seconds : (average * weight) + (seconds * (1 - weight))));
            Volatile.Write(ref _at, now);
        }
    }
}
