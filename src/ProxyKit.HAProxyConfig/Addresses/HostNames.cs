using System.Net;
using System.Net.Sockets;
using ProxyKit.HAProxyConfig.Sections;

namespace ProxyKit.HAProxyConfig.Addresses;

/// <summary>Looks up names when a configuration is read, as HAProxy does: a name that nobody knows is better found out then.</summary>
internal static class HostNames
{
    /// <summary>The longest name, written as text. RFC 1035 §2.3.4.</summary>
    public const int Longest = 253;

    /// <summary>Whether a text is the name of a host, as far as that can be seen. What is made of numbers and dots alone is an address, or none.</summary>
    public static bool IsName(string text) =>
        text.Length <= Longest && Uri.CheckHostName(text) == UriHostNameType.Dns && !text.All(static c => char.IsAsciiDigit(c) || c == '.');

    /// <summary>An address of a name; null where there is none.</summary>
    public static IPAddress? Find(string name, AddressFamily family)
    {
        if (!IsName(name))
        {
            return null;
        }

        try
        {
            var addresses = Dns.GetHostAddresses(name, family switch
            {
                AddressFamily.IPv4 => System.Net.Sockets.AddressFamily.InterNetwork,
                AddressFamily.IPv6 => System.Net.Sockets.AddressFamily.InterNetworkV6,
                _ => System.Net.Sockets.AddressFamily.Unspecified,
            });
            return addresses.Length == 0 ? null : addresses[0];
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Goes by <c>init-addr</c>; says what is wrong where nothing of it gives an address. The name stays: it is looked up again
    /// at each connection, so that a server that moves is followed; or by its resolvers, which go on from the address that is found here.</summary>
    public static string? Resolve(ServerSettings settings, ref ServerAddress address, AddressFamily family = AddressFamily.Any)
    {
        foreach (var way in settings.InitialAddress ?? ["last", "libc"])
        {
            switch (way)
            {
                case "last":
                    break; // nothing is known from an earlier run
                case "none":
                    return null;
                case "libc":
                    if (Find(address.Host, family) is { } found)
                    {
                        address = address with { First = found.ToString() };
                        return null;
                    }

                    break;
                default:
                    address = settings.Resolvers is null ? address with { Host = way, IsName = false } : address with { First = way };
                    return null;
            }
        }

        return $"could not resolve address '{address.Host}'";
    }
}
