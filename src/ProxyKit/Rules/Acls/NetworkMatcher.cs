using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>Networks that the address must be in; the most specific is the best.</summary>
/// <remarks>As HAProxy does it: an IPv4 address is looked for among the IPv4 networks and then, as IPv6 has it, among the others; an IPv6
/// address the other way round where there is an IPv4 address in it. Masks with holes come last.</remarks>
internal sealed class NetworkMatcher : PatternMatcher
{
    /// <summary>What a network of the address's own family ranks above one of the other: more than any number of bits.</summary>
    public const int OwnFamily = 256;

    private readonly NetworkTree _ipv4, _ipv6;
    private readonly (Network Network, PatternEntry Entry)[] _withHoles;

    public NetworkMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<Network> networks)
    {
        List<(Network, PatternEntry)> ipv4 = [], ipv6 = [], withHoles = [];
        for (var i = 0; i < entries.Length; i++)
        {
            (!networks[i].IsRange ? withHoles : networks[i].IsIPv4 ? ipv4 : ipv6).Add((networks[i], entries[i]));
        }

        _ipv4 = new(ipv4);
        _ipv6 = new(ipv6);
        _withHoles = [.. withHoles];
    }

    public override void Find(in Sample sample, ref PatternHit hit)
    {
        if (sample.Type == SampleType.IPv4)
        {
            var address = (uint)sample.Integer;
            _ipv4.Find(address, ref hit, OwnFamily);
            _ipv6.Find(SampleCasts.Mapped(address), ref hit, 0);
            FindWithHoles(address, ref hit);
        }
        else
        {
            _ipv6.Find(sample.IPv6, ref hit, OwnFamily);
            if (TryGetIPv4(sample.IPv6, out var address))
            {
                _ipv4.Find(address, ref hit, 0);
                FindWithHoles(address, ref hit);
            }
        }
    }

    /// <summary>Mapped, compatible and 6to4 addresses have an IPv4 address in them.</summary>
    public static bool TryGetIPv4(UInt128 bits, out uint address)
    {
        var is6to4 = bits >> 112 == 0x2002;
        address = (uint)(is6to4 ? bits >> 80 : bits);
        return is6to4 || bits >> 32 == 0xFFFF || bits >> 32 == 0;
    }

    private void FindWithHoles(uint address, ref PatternHit hit)
    {
        foreach (var (network, entry) in _withHoles)
        {
            if ((address & network.Mask) == network.Address)
            {
                hit.Offer(entry, -1);
            }
        }
    }
}
