using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ProxyKit.Rules.Fetches;

/// <summary>The addresses of this host, read again when the system says that they have changed.</summary>
internal static class LocalAddresses
{
    private static volatile HashSet<IPAddress>? _known;

    static LocalAddresses() => NetworkChange.NetworkAddressChanged += static (_, _) => _known = null;

    /// <summary>Whether an address is one that a socket of this host can have.</summary>
    /// <returns>Null where the system does not say.</returns>
    public static bool? Contain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }
        else if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0)
        {
            address = WithoutZone(address);
        }

        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            return true;
        }

        try
        {
            return (_known ??= Read()).Contains(address);
        }
        catch (NetworkInformationException)
        {
            return null;
        }
    }

    private static HashSet<IPAddress> Read() =>
    [
        .. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(static port => port.GetIPProperties().UnicastAddresses)
            .Select(static unicast => WithoutZone(unicast.Address)),
    ];

    private static IPAddress WithoutZone(IPAddress address) => new(address.GetAddressBytes());
}
