namespace ProxyKit.Resolvers;

/// <summary>Which addresses of names are taken at all. HAProxy: <c>dns-accept-family</c>.</summary>
public enum AcceptedAddresses
{
    /// <summary>Those of IPv4 and of IPv6.</summary>
    All,

    /// <summary>Those of IPv4: no nameserver is asked for others.</summary>
    IPv4,

    /// <summary>Those of IPv6, likewise.</summary>
    IPv6,
}
