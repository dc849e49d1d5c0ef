using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ProxyKit.HAProxyConfig.Addresses;

/// <summary>Reads an address to listen on.</summary>
internal static class BindAddress
{
    /// <summary>Reads an address, which may be one of several ports; says what is wrong with it.</summary>
    /// <param name="written">The address as written.</param>
    /// <param name="addresses">Receives the addresses as options have them.</param>
    public static string? Read(string written, List<BoundAddress> addresses)
    {
        var text = written;
        if (text.Length == 0)
        {
            return "an address is missing: '<address>:<port>', '*:<port>' or a path";
        }

        if (AddressPrefix.Read(ref text, out var family) is { } fault)
        {
            return fault;
        }

        switch (family)
        {
            case AddressFamily.Unix:
                addresses.Add(new BoundAddress($"unix@{text}", false));
                return text.Length is 0 or > 107 ? $"the path of a socket has 1 to 107 characters in '{written}'" : null;
            case AddressFamily.Descriptor:
                addresses.Add(new BoundAddress($"fd@{text}", false));
                return text.Length > 0 && text.All(char.IsAsciiDigit) ? null : $"'fd@' expects a number in '{written}'";
        }

        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return $"missing port number: '{written}'";
        }

        if (ReadPorts(text[(colon + 1)..], written, out var low, out var high) is { } wrong)
        {
            return wrong;
        }

        if (ReadHost(text[..colon], family, written, out var address) is { } odd)
        {
            return odd;
        }

        for (var port = low; port <= high; port++)
        {
            addresses.Add(new BoundAddress(
                new IPEndPoint(address!, port).ToString(), address!.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6));
        }

        return null;
    }

    private static string? ReadPorts(string text, string written, out int low, out int high)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        high = 0;
        if (!TryPort(dash < 0 ? text : text[..dash], out low) || (dash >= 0 && !TryPort(text[(dash + 1)..], out high)))
        {
            return text.Length == 0 ? $"missing port number: '{written}'" : $"invalid character in port number '{text}' in '{written}'";
        }

        high = dash < 0 ? low : high;
        return low > 65535 || high > 65535 || high < low ? $"invalid port '{text}' in '{written}': ports go from 1 to 65535" : null;
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);

    private static string? ReadHost(string host, AddressFamily family, string written, out IPAddress? address)
    {
        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
            family = family == AddressFamily.Any ? AddressFamily.IPv6 : family;
        }

        address = host switch
        {
            "" or "*" when family != AddressFamily.IPv6 => IPAddress.Any, // all of IPv4, and of IPv6 nothing
            "" or "*" or "::" => IPAddress.IPv6Any,
            _ when host.Contains(':', StringComparison.Ordinal) => AddressText.TryRead(host, out var six) ? six : null,
            _ => AddressText.Dotted(host) ?? HostNames.Find(host, family),
        };
        if (address is null)
        {
            return $"invalid address: '{host}' in '{written}'";
        }

        var isSix = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        return (family == AddressFamily.IPv4 && isSix) || (family == AddressFamily.IPv6 && !isSix)
            ? $"address '{host}' is not of the family that '{written}' asks for"
            : null;
    }
}
