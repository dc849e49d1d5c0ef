using System.Numerics;
using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>The candidates in the order of their load for their weight, and for the same load in the order in which they came to have it.</summary>
internal sealed class LoadOrder : LoadBoard
{
    private const int StampBits = 37;
    private const long StampMask = (1L << StampBits) - 1;
    private const long HighestLoad = (1L << (62 - StampBits)) - 1;
    private const int HighestWeight = 256 * ServerState.WeightScale;

    // For each server its load for its weight, and below that a stamp: the lowest number is the first of the least loaded. Padded to whole vectors.
    private readonly long[] _order;
    private readonly int[] _weights;
    private long _stamp;

    /// <param name="set">The candidates.</param>
    /// <param name="last">The order so far, which those that stay keep among one another; null for that of the servers.</param>
    public LoadOrder(CandidateSet set, LoadOrder? last)
        : base(set)
    {
        var count = set.Servers.Length;
        _order = new long[(count + Vector<long>.Count - 1) / Vector<long>.Count * Vector<long>.Count];
        _order.AsSpan().Fill(long.MaxValue);
        _weights = set.Weights;
        Attach(last is null ? [.. Enumerable.Range(0, count)] : last.Rank(set));
    }

    /// <summary>The number of the server in its place: the lowest one is first.</summary>
    public long this[int slot] => Volatile.Read(ref _order[slot]);

    /// <summary>The server that is first.</summary>
    public int First()
    {
        var span = _order.AsSpan();
        var lowest = new Vector<long>(span);
        for (var i = Vector<long>.Count; i < span.Length; i += Vector<long>.Count)
        {
            lowest = Vector.Min(lowest, new Vector<long>(span[i..]));
        }

        var least = lowest[0];
        for (var i = 1; i < Vector<long>.Count; i++)
        {
            least = Math.Min(least, lowest[i]);
        }

        return Math.Max(0, span.IndexOf(least)); // it may have changed meanwhile: then it is no worse than any other
    }

    /// <summary>Requests that wait for a server are its load too. HAProxy's key: nothing for an idle server whatever its weight, else the load that it would
    /// have with another request.</summary>
    protected override void Write(int slot, int load)
    {
        var key = load <= 0 ? 0 : Math.Min(HighestLoad, (load + 1L) * HighestWeight / _weights[slot]);
        var stamp = Interlocked.Increment(ref _stamp);
        if (stamp >= StampMask)
        {
            Retire(); // the next one stamps from 0 again
        }

        Interlocked.Exchange(ref _order[slot], (key << StampBits) | (stamp & StampMask));
    }

    protected override int Load(ServerState state) => state.Active + state.Queued;

    /// <summary>The slots of another set in the order of this one; those that are not in it last.</summary>
    private int[] Rank(CandidateSet set)
    {
        var stamps = Set.Servers.Index().ToDictionary(static s => s.Item.State, s => this[s.Index] & StampMask);
        return [.. Enumerable.Range(0, set.Servers.Length).OrderBy(i => stamps.GetValueOrDefault(set.Servers[i].State, long.MaxValue))];
    }
}
