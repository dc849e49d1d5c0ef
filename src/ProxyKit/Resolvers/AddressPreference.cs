namespace ProxyKit.Resolvers;

/// <summary>Which addresses of a name are asked for first, and taken where there are both kinds. HAProxy: <c>resolve-prefer</c>.</summary>
public enum AddressPreference
{
    /// <summary>Those of IPv6.</summary>
    IPv6,

    /// <summary>Those of IPv4.</summary>
    IPv4,
}
