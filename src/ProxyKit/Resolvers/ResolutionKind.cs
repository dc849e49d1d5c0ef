namespace ProxyKit.Resolvers;

/// <summary>What is asked of a name, and in which order.</summary>
internal enum ResolutionKind
{
    /// <summary>Its IPv6 addresses, and where there is none those of IPv4.</summary>
    IPv6First,

    /// <summary>The other way round.</summary>
    IPv4First,

    /// <summary>Its IPv6 addresses alone.</summary>
    IPv6Only,

    /// <summary>Its IPv4 addresses alone.</summary>
    IPv4Only,

    /// <summary>Where its service is.</summary>
    Service,
}
