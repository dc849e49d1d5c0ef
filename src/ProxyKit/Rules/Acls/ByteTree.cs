namespace ProxyKit.Rules.Acls;

/// <summary>The shape of a tree over sorted keys: a node for each of their beginnings. Nodes are numbered by their depth, so that the children
/// of a node are neighbours, and 0 is the root.</summary>
internal sealed class ByteTree
{
    private readonly Node[] _nodes;
    private readonly byte[] _labels; // the byte that leads to each node

    /// <param name="keys">The keys, sorted, each once.</param>
    /// <param name="fromEnd">Whether keys are read from their end; they are sorted so, too.</param>
    /// <param name="endsEarly">Whether a node below which there is one key has no children but that key as its tail.</param>
    public ByteTree(byte[][] keys, bool fromEnd, bool endsEarly)
    {
        var nodes = new List<Node> { default };
        var labels = new List<byte> { 0 };
        var ranges = new List<(int Start, int End, int Depth)> { (0, keys.Length, 0) };
        for (var i = 0; i < ranges.Count; i++)
        {
            var (start, end, depth) = ranges[i];
            var key = start < end && keys[start].Length == depth ? start++ : -1;
            if (endsEarly && end - start == 1)
            {
                nodes[i] = new(0, 0, key, start);
                continue;
            }

            var first = ranges.Count;
            while (start < end)
            {
                var label = At(keys[start], depth);
                var next = start + 1;
                while (next < end && At(keys[next], depth) == label)
                {
                    next++;
                }

                ranges.Add((start, next, depth + 1));
                labels.Add(label);
                nodes.Add(default);
                start = next;
            }

            nodes[i] = new(first, ranges.Count - first, key, -1);
        }

        _nodes = [.. nodes];
        _labels = [.. labels];

        byte At(byte[] key, int depth) => fromEnd ? key[^(depth + 1)] : key[depth];
    }

    public int Count => _nodes.Length;

    public ref readonly Node this[int node] => ref _nodes[node];

    /// <summary>The node that a byte leads to; -1 for none.</summary>
    public int Child(int node, byte label)
    {
        ref readonly var parent = ref _nodes[node];
        var index = _labels.AsSpan(parent.FirstChild, parent.Children).IndexOf(label);
        return index < 0 ? -1 : parent.FirstChild + index;
    }

    public byte LabelOf(int node) => _labels[node];

    /// <summary>A place in the tree.</summary>
    /// <param name="FirstChild">The first of its children.</param>
    /// <param name="Children">How many there are.</param>
    /// <param name="Key">The key that ends here; -1 for none.</param>
    /// <param name="Tail">The one key that goes on from here; -1 for none, or several.</param>
    internal readonly record struct Node(int FirstChild, int Children, int Key, int Tail);
}
