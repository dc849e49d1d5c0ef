using System.Buffers;

namespace ProxyKit.Rules.Acls;

/// <summary>Finds keys anywhere in a text: an automaton that sees each byte once (Aho and Corasick), however many keys there are. Immutable.</summary>
internal sealed class KeyAutomaton
{
    private readonly SearchValues<byte> _firstBytes;
    private readonly ByteTree _tree;
    private readonly int[] _fallbacks; // the node of the longest beginning of a key that the node's bytes end with
    private readonly int[] _nextEnds; // the next node along the fallbacks that a key ends at; 0 for none
    private readonly int[] _roots = new int[256]; // the root's children by byte
    private readonly bool _ignoresCase;

    /// <param name="keys">The keys, sorted, each once; in lower case where the case of letters does not matter.</param>
    /// <param name="ignoresCase">Whether a letter of the text is also the other one.</param>
    public KeyAutomaton(byte[][] keys, bool ignoresCase = false)
    {
        _ignoresCase = ignoresCase;
        _tree = new(keys, fromEnd: false, endsEarly: false);
        _fallbacks = new int[_tree.Count];
        _nextEnds = new int[_tree.Count];
        var root = _tree[0];
        var firstBytes = new List<byte>();
        for (var i = 0; i < root.Children; i++)
        {
            var label = _tree.LabelOf(root.FirstChild + i);
            _roots[label] = root.FirstChild + i;
            firstBytes.Add(label);
            if (ignoresCase && char.IsAsciiLetterLower((char)label))
            {
                firstBytes.Add((byte)(label & ~0x20));
            }
        }

        _firstBytes = SearchValues.Create([.. firstBytes]);
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

    /// <summary>Whether one of the keys is empty. That is found nowhere.</summary>
    public bool HasEmptyKey => _tree[0].Key >= 0;

    /// <summary>The places of a text where keys end, one key after the other.</summary>
    public Places In(ReadOnlySpan<byte> text) => new(this, text);

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

    /// <summary>A walk along a text.</summary>
    internal ref struct Places
    {
        private readonly KeyAutomaton _automaton;
        private readonly ReadOnlySpan<byte> _text;
        private int _node, _end; // where the walk is in the tree; the next key that ends here, as a node, 0 for none

        public Places(KeyAutomaton automaton, ReadOnlySpan<byte> text)
        {
            _automaton = automaton;
            _text = text;
        }

        /// <summary>The key that was found, by its index.</summary>
        public int Key { get; private set; }

        /// <summary>Where it ends in the text.</summary>
        public int End { get; private set; }

        public bool MoveNext()
        {
            while (_end == 0)
            {
                if (_node == 0 && End < _text.Length)
                {
                    var skipped = _text[End..].IndexOfAny(_automaton._firstBytes);
                    End = skipped < 0 ? _text.Length : End + skipped;
                }

                if (End == _text.Length)
                {
                    return false;
                }

                var label = _text[End++];
                _node = _automaton.Next(_node, _automaton._ignoresCase ? PatternText.Fold(label) : label);
                _end = _automaton._tree[_node].Key >= 0 ? _node : _automaton._nextEnds[_node];
            }

            Key = _automaton._tree[_end].Key;
            _end = _automaton._nextEnds[_end];
            return true;
        }
    }
}
