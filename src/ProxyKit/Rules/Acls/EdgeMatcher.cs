using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>Patterns that the value must begin with, or end with: one walk along the value, however many there are.</summary>
internal sealed class EdgeMatcher : PatternMatcher
{
    private readonly KeyGroups _groups;
    private readonly ByteTree _tree;
    private readonly bool _fromEnd;

    /// <param name="entries">The patterns, in the order of the file.</param>
    /// <param name="keys">The bytes of each.</param>
    /// <param name="fromEnd">Whether they are ends. The longest beginning is the best; of ends it is the first in the file.</param>
    public EdgeMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<byte[]> keys, bool fromEnd)
    {
        _groups = new(entries, keys, fromEnd);
        _tree = new(_groups.Keys, fromEnd, endsEarly: true);
        _fromEnd = fromEnd;
    }

    public override void Find(in Sample sample, ref PatternHit hit)
    {
        var text = sample.Bytes;
        var at = 0;
        for (var depth = 0; at >= 0; depth++)
        {
            ref readonly var node = ref _tree[at];
            if (node.Key >= 0)
            {
                Offer(node.Key, depth, ref hit);
            }

            if (hit.IsEnough)
            {
                return;
            }

            if (node.Tail >= 0)
            {
                var key = _groups.Keys[node.Tail];
                if (_fromEnd ? text.EndsWith(key) : text.StartsWith(key))
                {
                    Offer(node.Tail, key.Length, ref hit);
                }

                return;
            }

            if (depth == text.Length)
            {
                return;
            }

            at = _tree.Child(at, _fromEnd ? text[^(depth + 1)] : text[depth]);
        }
    }

    private void Offer(int key, int length, ref PatternHit hit) => _groups.Offer(key, ref hit, _fromEnd ? 0 : length);
}
