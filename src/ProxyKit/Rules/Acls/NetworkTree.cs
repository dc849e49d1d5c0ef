namespace ProxyKit.Rules.Acls;

/// <summary>Networks of one family: they lie within each other or apart, so they cut the addresses into ranges, each of which has one
/// network that is the narrowest there. A look-up is a binary search for the range.</summary>
internal sealed class NetworkTree
{
    private readonly UInt128[] _starts; // of the ranges, ascending
    private readonly int[] _narrowest; // the network of each range; -1 for none
    private readonly int[] _parents; // the next wider network around each; -1 for none
    private readonly (int Bits, PatternEntry Entry)[] _networks;

    public NetworkTree(List<(Network Network, PatternEntry Entry)> networks)
    {
        // Wider ones first and, of one network written twice, the later line first, since what is opened last is the narrowest.
        networks.Sort(static (a, b) =>
            a.Network.Address.CompareTo(b.Network.Address) is var byStart && byStart != 0 ? byStart
            : a.Network.Bits.CompareTo(b.Network.Bits) is var byWidth && byWidth != 0 ? byWidth
            : b.Entry.Order.CompareTo(a.Entry.Order));
        var starts = new List<UInt128>();
        var narrowest = new List<int>();
        var open = new Stack<int>();
        _parents = new int[networks.Count];
        for (var i = 0; i < networks.Count; i++)
        {
            while (open.Count > 0 && networks[open.Peek()].Network.Last < networks[i].Network.Address)
            {
                Close();
            }

            _parents[i] = open.TryPeek(out var parent) ? parent : -1;
            open.Push(i);
            Begin(networks[i].Network.Address, i);
        }

        while (open.Count > 0)
        {
            Close();
        }

        _starts = [.. starts];
        _narrowest = [.. narrowest];
        _networks = [.. networks.Select(static n => (n.Network.Bits, n.Entry))];

        void Close()
        {
            var last = networks[open.Pop()].Network.Last;
            if (last != UInt128.MaxValue)
            {
                Begin(last + 1, open.TryPeek(out var outer) ? outer : -1);
            }
        }

        void Begin(UInt128 start, int network)
        {
            if (starts.Count > 0 && starts[^1] == start)
            {
                narrowest[^1] = network;
            }
            else
            {
                starts.Add(start);
                narrowest.Add(network);
            }
        }
    }

    /// <summary>Offers the narrowest network that still counts.</summary>
    public void Find(UInt128 address, ref PatternHit hit, int rank)
    {
        int low = 0, high = _starts.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_starts[middle] <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        for (var i = low == 0 ? -1 : _narrowest[low - 1]; i >= 0; i = _parents[i])
        {
            if (hit.Offer(_networks[i].Entry, rank + _networks[i].Bits))
            {
                return;
            }
        }
    }
}
