using System.Globalization;
using System.Net;
using ProxyKit.HAProxyConfig.Addresses;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The local address that connections to servers come from.</summary>
internal static class SourceAddress
{
    /// <summary>Reads it from a statement's first argument; says so where it is none. Empty stands for any address.</summary>
    public static bool TryRead(Statement s, out string source)
    {
        var text = s[0];
        source = "";
        var family = text.StartsWith("ipv4@", StringComparison.Ordinal) || text.StartsWith("ipv6@", StringComparison.Ordinal) ? text[5..] : text;
        var colon = family.LastIndexOf(':');
        var host = family.Contains("::", StringComparison.Ordinal) && !family.StartsWith('[') ? family : colon < 0 ? family : family[..colon];
        var port = host.Length == family.Length ? "" : family[(colon + 1)..];
        if (port.Contains('-', StringComparison.Ordinal))
        {
            s.Alert(0, $"'source {text}': a range of ports is not supported yet.");
            return false;
        }

        if (!AddressText.TryRead(host == "*" ? "0.0.0.0" : host.Trim('[', ']'), out var address) || (port.Length > 0 && !ushort.TryParse(port, out _)))
        {
            s.Alert(0, $"'source' : invalid address: '{text}'.");
            return false;
        }

        var isAny = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
        source = port.Length > 0 ? new IPEndPoint(address, ushort.Parse(port, CultureInfo.InvariantCulture)).ToString() : isAny ? "" : address.ToString();
        return true;
    }

    /// <summary>Reads the line of a proxy.</summary>
    public static void Read(Statement s)
    {
        if (s.Count > 1 && s[1] == "usesrc")
        {
            s.Alert(1, "'usesrc' is not supported yet: connections come from addresses of this machine.");
        }
        else if (s.Count > 1 && (s[1] != "interface" || s.Count != 3))
        {
            s.Alert(1, $"'{s.Name}' only supports an optional keyword 'interface' with a name (got '{s[1]}').");
        }
        else if (TryRead(s, out var source))
        {
            (s.Proxy.Settings.Connections.Source, s.Proxy.Settings.Connections.Interface) = (source, s.Count > 2 ? s[2] : null);
        }
    }
}
