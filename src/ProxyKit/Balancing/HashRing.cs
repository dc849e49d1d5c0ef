using System.Numerics;
using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>A ring of 32-bit numbers on which each candidate has points, as many as its weight says. Immutable: a set of other candidates or weights
/// has another ring, in which every point that stays is where it was.</summary>
internal sealed class HashRing
{
    private const int SlotBits = 16; // also those of a point's number within its server

    // In order. The point, then the server's slot, then the point's number; equal points are in the order of the servers.
    private readonly ulong[] _points;

    // For the upper bits of a number, where the points begin that are no lower: about one point lies between two of them.
    private readonly int[] _starts;
    private readonly int _shift;
    private readonly uint[] _keys; // of each slot, which its points were made of

    private HashRing(CandidateSet set, uint[] keys, ulong[] points)
    {
        Set = set;
        _keys = keys;
        _points = points;
        var bits = Math.Clamp(BitOperations.Log2((uint)points.Length) + 1, 1, 24);
        _shift = 32 - bits;
        _starts = new int[1 << bits];
        var point = 0;
        for (var i = 0; i < _starts.Length; i++)
        {
            while (point < points.Length && PointAt(point) >> _shift < i)
            {
                point++;
            }

            _starts[i] = point;
        }
    }

    /// <summary>The candidates.</summary>
    public CandidateSet Set { get; }

    public int Length => _points.Length;

    /// <summary>The ring of a set.</summary>
    /// <param name="set">The candidates; 65,536 at most.</param>
    /// <param name="pointsPerWeight">The points for each unit of weight.</param>
    /// <param name="last">The ring so far, most of whose points stay; null for none.</param>
    public static HashRing Of(CandidateSet set, int pointsPerWeight, HashRing? last)
    {
        pointsPerWeight = Bounded(set, pointsPerWeight);
        var counts = Array.ConvertAll(set.Weights, w => Math.Max(1, w * pointsPerWeight / ServerState.WeightScale));
        var keys = Array.ConvertAll(set.Servers, RingPoints.KeyOf);
        if (last is null)
        {
            return new(set, keys, AddedPoints(keys, counts, new int[counts.Length]));
        }

        var slots = set.Servers.Index().ToDictionary(static s => s.Item, static s => s.Index);
        var moves = new int[last._keys.Length];
        for (var old = 0; old < moves.Length; old++)
        {
            // A server that has moved may have another key, and with it other points.
            moves[old] = slots.TryGetValue(last.Set.Servers[old], out var slot) && keys[slot] == last._keys[old] ? slot : -1;
        }

        var kept = new int[counts.Length];
        var stay = new List<ulong>(last._points.Length);
        foreach (var point in last._points)
        {
            var slot = moves[SlotOf(point)];
            if (slot >= 0 && NumberOf(point) < counts[slot])
            {
                kept[slot]++;
                stay.Add(Pack((uint)(point >> 32), slot, NumberOf(point)));
            }
        }

        return new(set, keys, Merge(stay, AddedPoints(keys, counts, kept)));
    }

    /// <summary>Fewer points where more would make a ring that takes seconds to make; by halves, so that few changes of the servers change it.
    /// HAProxy's number is left alone, since its choices are to be the same.</summary>
    private static int Bounded(CandidateSet set, int pointsPerWeight)
    {
        const long MostPoints = 1 << 20;
        var weight = set.Weights.Sum(static w => (long)w) / ServerState.WeightScale;
        while (pointsPerWeight > HashType.HAProxyPoints && weight * pointsPerWeight > MostPoints)
        {
            pointsPerWeight /= 2;
        }

        return pointsPerWeight;
    }

    /// <summary>The index of the point that is nearest to a hash; of two as near, the one before it.</summary>
    public int Nearest(uint hash)
    {
        var next = _starts[hash >> _shift];
        while (next < _points.Length && PointAt(next) < hash)
        {
            next++;
        }

        var before = next == 0 ? _points.Length - 1 : next - 1;
        next = next == _points.Length ? 0 : next;
        return hash - PointAt(before) <= PointAt(next) - hash ? before : next;
    }

    /// <summary>The slot of the server whose point it is.</summary>
    public int SlotAt(int index) => SlotOf(_points[index]);

    private uint PointAt(int index) => (uint)(_points[index] >> 32);

    private static int SlotOf(ulong point) => (ushort)(point >> SlotBits);

    private static int NumberOf(ulong point) => (ushort)point;

    private static ulong Pack(uint point, int slot, int number) => ((ulong)point << 32) | ((ulong)slot << SlotBits) | (uint)number;

    /// <summary>The points behind those that each server has already, in order.</summary>
    private static ulong[] AddedPoints(uint[] keys, int[] counts, int[] kept)
    {
        var points = new ulong[counts.Sum() - kept.Sum()];
        var filled = 0;
        for (var slot = 0; slot < counts.Length; slot++)
        {
            for (var number = kept[slot]; number < counts[slot]; number++)
            {
                points[filled++] = Pack(RingPoints.Point(keys[slot], number), slot, number);
            }
        }

        Array.Sort(points);
        return points;
    }

    private static ulong[] Merge(List<ulong> first, ulong[] second)
    {
        var merged = new ulong[first.Count + second.Length];
        var (i, j) = (0, 0);
        for (var k = 0; k < merged.Length; k++)
        {
            merged[k] = j == second.Length || (i < first.Count && first[i] < second[j]) ? first[i++] : second[j++];
        }

        return merged;
    }
}
