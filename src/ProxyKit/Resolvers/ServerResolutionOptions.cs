namespace ProxyKit.Resolvers;

/// <summary>How a server's address is found while the proxy runs. HAProxy: <c>resolvers</c> of a server.</summary>
/// <remarks>A name that begins with an underscore is that of a service: its SRV records tell names, ports and weights, and each server of the
/// backend with that name takes the place of one of them. Servers that share any other name take different addresses of it. A server that
/// there is no address for is in maintenance.</remarks>
public sealed class ServerResolutionOptions
{
    /// <summary>The name of the group of resolvers that is asked.</summary>
    public required string Resolvers { get; init; }

    /// <summary>Which addresses are asked for first, and taken where there are both kinds. HAProxy: <c>resolve-prefer</c>.</summary>
    /// <value><see cref="AddressPreference.IPv6"/> by default. Of no matter with a <see cref="Backends.ServerOptions.Socks4Proxy"/>, which has IPv4 asked for alone.</value>
    public AddressPreference Prefer { get; set; }

    /// <summary>Networks whose addresses are taken rather than others, as <c>10.0.0.0/8</c>. HAProxy: <c>resolve-net</c>.</summary>
    public IList<string> PreferredNetworks { get; } = [];

    /// <summary>Whether servers of one name may have the same address. HAProxy: <c>resolve-opts allow-dup-ip</c>.</summary>
    /// <value>False by default: each has its own, and who finds none left is in maintenance.</value>
    public bool AllowsSameAddress { get; set; }

    /// <summary>Whether the weights of SRV records mean nothing. HAProxy: <c>resolve-opts ignore-weight</c>.</summary>
    /// <value>False by default: a 256th of the record's weight, and one, is the server's.</value>
    public bool IgnoresWeight { get; set; }

    /// <summary>The IP address that it has until the first answer. HAProxy: an address in <c>init-addr</c>, or what its <c>libc</c> finds.</summary>
    /// <value>Null by default: none, so that it is in maintenance until then.</value>
    public string? InitialAddress { get; set; }
}
