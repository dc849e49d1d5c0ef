using System.Numerics;
using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>What the candidates have to do, and all of them together.</summary>
internal sealed class LoadSum : LoadBoard
{
    private readonly int[] _loads; // padded to whole vectors

    public LoadSum(CandidateSet set)
        : base(set)
    {
        _loads = new int[(set.Servers.Length + Vector<int>.Count - 1) / Vector<int>.Count * Vector<int>.Count];
        Attach([.. Enumerable.Range(0, set.Servers.Length)]);
    }

    public int this[int slot] => Volatile.Read(ref _loads[slot]);

    public int Total()
    {
        var span = _loads.AsSpan();
        var sum = Vector<int>.Zero;
        for (var i = 0; i < span.Length; i += Vector<int>.Count)
        {
            sum += new Vector<int>(span[i..]);
        }

        return Vector.Sum(sum);
    }

    protected override void Write(int slot, int load) => Interlocked.Exchange(ref _loads[slot], load);
}
