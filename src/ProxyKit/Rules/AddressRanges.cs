using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ProxyKit.Transport;

namespace ProxyKit.Rules;

/// <summary>A set of networks, as sorted ranges that do not touch, so that a look-up is a binary search.</summary>
/// <remarks>An IPv4 address is kept as the IPv6 address it is mapped to (RFC 4291 §2.5.5.2), which makes both spellings one. IPv6
/// networks wide enough to hold the mapped ones are kept apart from them: <c>::/0</c> is every IPv6 client.</remarks>
internal sealed class AddressRanges
{
    private readonly Range[] _ipv4;
    private readonly Range[] _ipv6;

    private AddressRanges(Range[] ipv4, Range[] ipv6)
    {
        _ipv4 = ipv4;
        _ipv6 = ipv6;
    }

    /// <summary>Reads networks and addresses from the user, or says what is wrong with one.</summary>
    public static AddressRanges Parse(string[] networks, string parameter)
    {
        List<Range> ipv4 = [], ipv6 = [];
        foreach (var network in networks)
        {
            var (range, isIPv4) = ParseOne(network, parameter);
            (isIPv4 ? ipv4 : ipv6).Add(range);
        }

        return new(Merge(ipv4), Merge(ipv6));
    }

    public bool Contains(IPAddress address)
    {
        var number = NumberOf(address, out var isIPv4);
        var ranges = isIPv4 ? _ipv4 : _ipv6;
        int low = 0, high = ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            ref readonly var range = ref ranges[middle];
            if (number < range.First)
            {
                high = middle - 1;
            }
            else if (number > range.Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private static UInt128 NumberOf(IPAddress address, out bool isIPv4)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            bytes[10] = bytes[11] = 0xFF;
            address.TryWriteBytes(bytes[12..], out _);
            isIPv4 = true;
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
            isIPv4 = address.IsIPv4MappedToIPv6;
        }

        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static (Range Range, bool IsIPv4) ParseOne(string? network, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(network, parameter);
        var slash = network.IndexOf('/');
        var text = slash < 0 ? network : network[..slash];

        if (!AddressReader.TryRead(text, out var address))
        {
            throw new ArgumentException($"'{network}' is neither an address nor a network such as 10.0.0.0/8 or 2001:db8::/32.", parameter);
        }

        var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var prefix = bits;
        if (slash >= 0
            && (!int.TryParse(network.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
        {
            throw new ArgumentException($"'{network}' is no network: behind the slash is a number of bits from 0 to {bits}.", parameter);
        }

        var first = NumberOf(address, out var isIPv4);
        var hostBits = bits == prefix ? UInt128.Zero : UInt128.MaxValue >> (128 - (bits - prefix));
        return (first & hostBits) == UInt128.Zero
            ? (new(first, first | hostBits), isIPv4)
            : throw new ArgumentException($"'{network}' is no network: it has bits set beyond its first {prefix}.", parameter);
    }

    private static Range[] Merge(List<Range> ranges)
    {
        var merged = new List<Range>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last)
            {
                merged[^1] = new(merged[^1].First, UInt128.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return [.. merged];
    }

    private readonly record struct Range(UInt128 First, UInt128 Last);
}
