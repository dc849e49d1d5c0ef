namespace ProxyKit.Backends;

/// <summary>What a server's places on a hash ring come from. HAProxy: <c>hash-key</c>.</summary>
public enum ServerHashKey
{
    /// <summary>Its number.</summary>
    Id,

    /// <summary>All 32 bits of its number, of which <see cref="Id"/> uses the lower 20.</summary>
    Id32,

    /// <summary>Its IP address; its number where it has a name or a path in the place of one.</summary>
    Address,

    /// <summary>Its IP address and port; its number likewise.</summary>
    AddressAndPort,

    /// <summary>Its GUID; its number where it has none.</summary>
    Guid,
}
