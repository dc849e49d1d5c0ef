using System.Globalization;
using System.Net;

namespace ProxyKit.HAProxyConfig.Addresses;

/// <summary>Reads the address of a server.</summary>
internal static class ServerAddressText
{
    /// <summary>Reads an address; says what is wrong with it.</summary>
    public static string? Read(string written, out ServerAddress address)
    {
        address = default;
        var text = written;
        if (AddressPrefix.Read(ref text, out var family) is { } fault)
        {
            return fault;
        }

        switch (family)
        {
            case AddressFamily.Unix:
                address = new ServerAddress(text, 0, false);
                return text.Length is 0 or > 107 ? $"the path of a socket has 1 to 107 characters in '{written}'" : null;
            case AddressFamily.Descriptor:
                return $"'fd@' addresses are not supported for servers in '{written}'";
        }

        Split(text, out var host, out var port);
        if (host.Length is 0 or > HostNames.Longest || host == "*")
        {
            return $"invalid address: '{host}' in '{written}'";
        }

        var isIP = AddressText.TryRead(host, out _);
        if (!isIP && family != AddressFamily.Any && (host[0] == '_' || HostNames.IsName(host)))
        {
            return $"no family can be asked for of the name '{host}' in '{written}': 'resolve-prefer' of a server says which is preferred";
        }

        if (host[0] == '_' && port.Length == 0)
        {
            address = new ServerAddress(host, 0, IsName: true);
            return null;
        }

        var isOffset = port.Length == 0 || port[0] is '+' or '-'; // from the port that the client has connected to
        var number = 0;
        if (port.Length > 0
            && (!int.TryParse(port, isOffset ? NumberStyles.AllowLeadingSign : NumberStyles.None, CultureInfo.InvariantCulture, out number)
                || number > IPEndPoint.MaxPort || number < (isOffset ? -IPEndPoint.MaxPort : 1)))
        {
            return $"invalid port '{port}' in '{written}': ports go from 1 to 65535";
        }

        if (isIP && family != AddressFamily.Any && (family == AddressFamily.IPv6) != host.Contains(':', StringComparison.Ordinal))
        {
            return $"address '{host}' is not of the family that '{written}' asks for";
        }

        if (!isIP && host[0] != '_' && !HostNames.IsName(host))
        {
            return $"invalid address: '{host}' in '{written}'";
        }

        address = isOffset ? new ServerAddress(host, 0, !isIP, number) : new ServerAddress(host, number, !isIP);
        return null;
    }

    /// <summary>The last colon stands before the port, but not that of an IPv6 address in brackets.</summary>
    private static void Split(string text, out string host, out string port)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || text.EndsWith(']'))
        {
            host = text;
            port = "";
        }
        else
        {
            host = text[..colon];
            port = text[(colon + 1)..];
        }

        if (host.StartsWith('[') && host.EndsWith(']'))
        {
            host = host[1..^1];
        }
    }
}
