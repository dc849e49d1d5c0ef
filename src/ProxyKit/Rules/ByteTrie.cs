namespace ProxyKit.Rules;

/// <summary>
/// Finds which of many keys a text matches, exactly or as a prefix, in one walk along the text: a compressed trie over bytes. It costs
/// what the text is long, however many keys there are.
/// </summary>
/// <remarks>
/// Whether a key matches depends only on how far the text follows it and on what comes then: the end, a slash or something else. So each
/// node has one list of values for each of the three, those of the nodes above included, and the walk ends with the one list that
/// holds everything. The price is memory where keys are nested: a node's lists repeat those above it.
/// </remarks>
internal sealed class ByteTrie(ByteTrie.Node root, bool readsBackwards, bool ignoresCase)
{
    /// <summary>The values of all keys that the text matches, as a slice of the list given when the trie was built; ascending.</summary>
    public IndexSlice Find(ReadOnlySpan<byte> text)
    {
        var node = root;
        var at = 0;
        while (at < text.Length)
        {
            var next = ByteAt(text, at);
            var child = node.ChildFor(next);
            if (child is null || !Continues(text, at, child.Label))
            {
                return next == '/' ? node.BeforeSlash : node.BeforeOther;
            }

            at += child.Label.Length;
            node = child;
        }

        return node.AtEnd;
    }

    private bool Continues(ReadOnlySpan<byte> text, int at, byte[] label)
    {
        if (text.Length - at < label.Length)
        {
            return false;
        }

        if (!readsBackwards && !ignoresCase)
        {
            return text.Slice(at, label.Length).SequenceEqual(label);
        }

        for (var i = 1; i < label.Length; i++) // the first byte led here
        {
            if (ByteAt(text, at + i) != label[i])
            {
                return false;
            }
        }

        return true;
    }

    private byte ByteAt(ReadOnlySpan<byte> text, int at)
    {
        var b = readsBackwards ? text[text.Length - 1 - at] : text[at];
        return ignoresCase && char.IsAsciiLetterUpper((char)b) ? (byte)(b | 0x20) : b;
    }

    /// <summary>A place where keys end or part.</summary>
    internal sealed class Node
    {
        /// <summary>The bytes that lead here from the node above; empty for the root only.</summary>
        public required byte[] Label { get; init; }

        /// <summary>The first byte of each child's label.</summary>
        public required byte[] FirstBytes { get; init; }

        public required Node[] Children { get; init; }

        /// <summary>What matches when the text ends here.</summary>
        public required IndexSlice AtEnd { get; init; }

        /// <summary>What matches when the text goes on with a slash.</summary>
        public required IndexSlice BeforeSlash { get; init; }

        /// <summary>What matches when the text goes on with something else.</summary>
        public required IndexSlice BeforeOther { get; init; }

        public Node? ChildFor(byte first)
        {
            var index = FirstBytes.AsSpan().IndexOf(first);
            return index < 0 ? null : Children[index];
        }
    }
}
