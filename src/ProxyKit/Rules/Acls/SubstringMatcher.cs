using System.Buffers;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>Patterns that the value must have somewhere, free or between delimiters: an automaton that sees each byte once (Aho and
/// Corasick), however many there are.</summary>
internal sealed class SubstringMatcher : PatternMatcher
{
    private readonly SearchValues<byte>? _delimiters;
    private readonly SearchValues<byte> _firstBytes;
    private readonly KeyGroups _groups;
    private readonly ByteTree _tree;
    private readonly int[] _fallbacks; // the node of the longest beginning of a key that the node's bytes end with
    private readonly int[] _nextEnds; // the next node along the fallbacks that a key ends at; 0 for none
    private readonly int[] _roots = new int[256]; // the root's children by byte

    /// <param name="entries">The patterns, in the order of the file.</param>
    /// <param name="keys">The bytes of each, without delimiters around them.</param>
    /// <param name="delimiters">What must stand before and behind; null for anything.</param>
    public SubstringMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<byte[]> keys, SearchValues<byte>? delimiters)
    {
        _delimiters = delimiters;
        _groups = new(entries, keys);
        _tree = new(_groups.Keys, fromEnd: false, endsEarly: false);
        _fallbacks = new int[_tree.Count];
        _nextEnds = new int[_tree.Count];
        var root = _tree[0];
        var firstBytes = new byte[root.Children];
        for (var i = 0; i < root.Children; i++)
        {
            firstBytes[i] = _tree.LabelOf(root.FirstChild + i);
            _roots[firstBytes[i]] = root.FirstChild + i;
        }

        _firstBytes = SearchValues.Create(firstBytes);
        for (var parent = 1; parent < _tree.Count; parent++) // a node's fallback is less deep, so its number is lower
        {
            var node = _tree[parent];
            for (var child = node.FirstChild; child < node.FirstChild + node.Children; child++)
            {
                var fallback = Next(_fallbacks[parent], _tree.LabelOf(child));
                _fallbacks[child] = fallback;
                _nextEnds[child] = _tree[fallback].Key >= 0 && fallback > 0 ? fallback : _nextEnds[fallback];
            }
        }
    }

    public override void Find(in Sample sample, ref PatternHit hit)
    {
        var text = sample.Bytes;
        if (_tree[0].Key >= 0 && _delimiters is null)
        {
            _groups.Offer(_tree[0].Key, ref hit); // the empty pattern is everywhere
        }

        var node = 0;
        for (var i = 0; i < text.Length && !hit.IsEnough; i++)
        {
            if (node == 0)
            {
                var skipped = text[i..].IndexOfAny(_firstBytes);
                if (skipped < 0)
                {
                    return;
                }

                i += skipped;
            }

            node = Next(node, text[i]);
            for (var end = _tree[node].Key >= 0 ? node : _nextEnds[node]; end > 0; end = _nextEnds[end])
            {
                var key = _tree[end].Key;
                if (_delimiters is null || IsDelimited(text, i + 1 - _groups.Keys[key].Length, i + 1))
                {
                    _groups.Offer(key, ref hit);
                }
            }
        }
    }

    private bool IsDelimited(ReadOnlySpan<byte> text, int start, int end) =>
        (start == 0 || _delimiters!.Contains(text[start - 1])) && (end == text.Length || _delimiters!.Contains(text[end]));

    private int Next(int node, byte label)
    {
        while (node > 0)
        {
            var child = _tree.Child(node, label);
            if (child >= 0)
            {
                return child;
            }

            node = _fallbacks[node];
        }

        return _roots[label];
    }
}
