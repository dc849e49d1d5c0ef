using System.Text;

namespace ProxyKit.Rules;

/// <summary>Collects keys and their values, and builds a <see cref="ByteTrie"/>.</summary>
/// <param name="readsBackwards">Whether keys and texts are read from their end, so that a suffix is a prefix.</param>
/// <param name="ignoresCase">Whether upper and lower case letters are the same.</param>
internal sealed class ByteTrieBuilder(bool readsBackwards, bool ignoresCase)
{
    private readonly Draft _root = new([]);

    /// <summary>Where a text must be when the key is used up for the key to match.</summary>
    [Flags]
    private enum Reach
    {
        AtEnd = 1,
        BeforeSlash = 2,
        BeforeOther = 4,
    }

    public void Add(HostPattern host, int value) =>
        Add(host.Bytes, host.IsWildcard ? Reach.BeforeSlash | Reach.BeforeOther : Reach.AtEnd, value);

    public void Add(LiteralPattern path, int value) => Add(path.Bytes, path.Relation switch
    {
        TextRelation.Is => Reach.AtEnd,
        TextRelation.IsUnder => Reach.AtEnd | Reach.BeforeSlash,
        TextRelation.BeginsWith => Reach.AtEnd | Reach.BeforeSlash | Reach.BeforeOther,
        _ => throw new ArgumentException($"A path that {path} is no key.", nameof(path)),
    }, value);

    /// <summary>Builds the trie.</summary>
    /// <param name="lists">Receives the values; what the trie finds are slices of it.</param>
    public ByteTrie Build(List<int> lists) => new(Freeze(_root, default, lists), readsBackwards, ignoresCase);

    private static ByteTrie.Node Freeze(Draft draft, IndexSlice above, List<int> lists)
    {
        var beforeSlash = Join(above, draft, Reach.BeforeSlash, lists);
        var beforeOther = Join(above, draft, Reach.BeforeOther, lists);
        Draft[] children = [.. draft.Children.Values];
        return new()
        {
            Label = draft.Label,
            FirstBytes = [.. children.Select(child => child.Label[0])],
            Children = [.. children.Select(child => Freeze(child, child.Label[0] == '/' ? beforeSlash : beforeOther, lists))],
            AtEnd = Join(above, draft, Reach.AtEnd, lists),
            BeforeSlash = beforeSlash,
            BeforeOther = beforeOther,
        };
    }

    private static IndexSlice Join(IndexSlice above, Draft draft, Reach reach, List<int> lists)
    {
        var own = draft.Values.Where(entry => (entry.Reach & reach) != 0).Select(entry => entry.Value).ToList();
        if (own.Count == 0)
        {
            return above;
        }

        var start = lists.Count;
        lists.AddRange(own.Concat(lists.Slice(above.Start, above.Length)).Distinct().Order().ToList());
        return new(start, lists.Count);
    }

    private void Add(byte[] key, Reach reach, int value)
    {
        var text = ignoresCase ? Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(key).ToLowerInvariant()) : [.. key];
        if (readsBackwards)
        {
            Array.Reverse(text);
        }

        var node = _root;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            node = node.Step(ref rest);
        }

        node.Values.Add((reach, value));
    }

    /// <summary>A node that keys are still added below.</summary>
    private sealed class Draft(byte[] label)
    {
        public byte[] Label { get; private set; } = label;

        public SortedDictionary<byte, Draft> Children { get; } = [];

        public List<(Reach Reach, int Value)> Values { get; } = [];

        /// <summary>Goes to the child that the key goes on with, making or splitting it so that its whole label is the key's.</summary>
        public Draft Step(ref Span<byte> key)
        {
            if (!Children.TryGetValue(key[0], out var child))
            {
                child = Children[key[0]] = new([.. key]);
            }

            var common = key.CommonPrefixLength(child.Label);
            if (common < child.Label.Length)
            {
                var upper = new Draft(child.Label[..common]);
                child.Label = child.Label[common..];
                upper.Children[child.Label[0]] = child;
                child = Children[key[0]] = upper;
            }

            key = key[common..];
            return child;
        }
    }
}
