using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>So few networks of IPv4 that comparing the address with each is the quickest. The most specific is the best; masks with holes come
/// last.</summary>
internal sealed class FewNetworksMatcher : PatternMatcher
{
    /// <summary>How many are few.</summary>
    public const int Most = FewMatcher.Most;

    private readonly (uint Address, uint Mask, int Bits, PatternEntry Entry)[] _networks; // the bits -1 where there are holes

    /// <param name="entries">The patterns, in the order of the file.</param>
    /// <param name="networks">The network of each; all of IPv4.</param>
    public FewNetworksMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<Network> networks)
    {
        _networks = new (uint, uint, int, PatternEntry)[entries.Length];
        for (var i = 0; i < _networks.Length; i++)
        {
            var network = networks[i];
            _networks[i] = ((uint)network.Address, (uint)network.Mask, network.IsRange ? network.Bits : -1, entries[i]);
        }
    }

    public override bool Matches(in Sample sample)
    {
        if (TryGetAddress(in sample, out var address))
        {
            foreach (var (network, mask, _, _) in _networks)
            {
                if ((address & mask) == network)
                {
                    return true;
                }
            }
        }

        return false;
    }

    public override void Find(in Sample sample, ref PatternHit hit)
    {
        if (!TryGetAddress(in sample, out var address))
        {
            return;
        }

        var family = sample.Type == SampleType.IPv4 ? NetworkMatcher.OwnFamily : 0;
        foreach (var (network, mask, bits, entry) in _networks)
        {
            if ((address & mask) == network && hit.Offer(entry, bits < 0 ? bits : family + bits) && hit.IsEnough)
            {
                return;
            }
        }
    }

    private static bool TryGetAddress(in Sample sample, out uint address)
    {
        address = (uint)sample.Integer;
        return sample.Type == SampleType.IPv4 || NetworkMatcher.TryGetIPv4(sample.IPv6, out address);
    }
}
