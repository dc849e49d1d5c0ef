namespace ProxyKit.HAProxyConfig.Addresses;

/// <summary>What may stand before an address: <c>[type+][family@]</c>.</summary>
internal enum AddressFamily
{
    /// <summary>Whatever the address is.</summary>
    Any,
    IPv4,
    IPv6,
    Unix,
    Descriptor,
}

/// <summary>Reads what stands before an address.</summary>
internal static class AddressPrefix
{
    /// <summary>Takes the prefix off an address; says what is wrong with it.</summary>
    public static string? Read(ref string text, out AddressFamily family)
    {
        family = text.StartsWith('/') ? AddressFamily.Unix : AddressFamily.Any;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0 || family == AddressFamily.Unix)
        {
            return null;
        }

        var prefix = text[..at];
        if (prefix.StartsWith("stream+", StringComparison.Ordinal))
        {
            prefix = prefix[7..]; // the only type there is
        }

        switch (prefix)
        {
            case "ipv4" or "tcp4":
                family = AddressFamily.IPv4;
                break;
            case "ipv6" or "tcp6":
                family = AddressFamily.IPv6;
                break;
            case "ip" or "tcp":
                break;
            case "unix":
                family = AddressFamily.Unix;
                break;
            case "fd":
                family = AddressFamily.Descriptor;
                break;
            case "abns" or "abnsz" or "sockpair" or "udp" or "udp4" or "udp6" or "quic" or "quic4" or "quic6" or "mptcp" or "mptcp4" or "mptcp6" or "rhttp"
                or "uxst" or "uxdg" or "uxdg+unix" or "dgram+ip" or "quic+ip" or "dgram" or "uxst+abns":
                return $"'{prefix}@' addresses are not supported yet in '{text}'";
            default:
                return $"unknown address family '{prefix}@' in '{text}'";
        }

        text = text[(at + 1)..];
        return null;
    }
}
