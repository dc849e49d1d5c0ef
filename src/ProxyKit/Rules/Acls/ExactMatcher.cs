using System.Numerics;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>Patterns that the value must equal: a hash table over bytes.</summary>
internal sealed class ExactMatcher : PatternMatcher
{
    private readonly int[] _buckets; // the first node of each, plus 1; 0 for none
    private readonly Node[] _nodes;

    /// <param name="entries">The patterns, in the order of the file.</param>
    /// <param name="keys">The bytes to equal for each.</param>
    public ExactMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<byte[]> keys)
    {
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(entries.Length, 1))];
        _nodes = new Node[entries.Length];
        for (var i = entries.Length - 1; i >= 0; i--) // so that each chain has the order of the file
        {
            var hash = PatternText.Hash(keys[i]);
            ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
            _nodes[i] = new(hash, bucket - 1, keys[i], entries[i]);
            bucket = i + 1;
        }
    }

    public override void Find(in Sample sample, ref PatternHit hit)
    {
        var text = sample.Bytes;
        var hash = PatternText.Hash(text);
        for (var i = _buckets[hash & (_buckets.Length - 1)] - 1; i >= 0; i = _nodes[i].Next)
        {
            ref readonly var node = ref _nodes[i];
            if (node.Hash == hash && text.SequenceEqual(node.Key) && hit.Offer(node.Entry))
            {
                return; // what follows in the chain is later in the file
            }
        }
    }

    private readonly record struct Node(int Hash, int Next, byte[] Key, PatternEntry Entry);
}
