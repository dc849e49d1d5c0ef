namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Where a keyword may stand.</summary>
[Flags]
internal enum Section
{
    None = 0,
    Global = 1 << 0,
    Defaults = 1 << 1,
    Frontend = 1 << 2,
    Backend = 1 << 3,
    Listen = 1 << 4,
    Userlist = 1 << 5,
    HttpErrors = 1 << 6,
    Resolvers = 1 << 7,
    Peers = 1 << 8,
    Ring = 1 << 9,
    Cache = 1 << 10,
    Mailers = 1 << 11,
    LogForward = 1 << 12,
    LogProfile = 1 << 13,
    CrtStore = 1 << 14,
    Acme = 1 << 15,
    FcgiApp = 1 << 16,
    Traces = 1 << 17,
    Healthcheck = 1 << 18,

    /// <summary>A parameter behind the address of a <c>bind</c> line.</summary>
    Bind = 1 << 19,

    /// <summary>A parameter behind the address of a <c>server</c> line.</summary>
    Server = 1 << 20,

    /// <summary>ProxyKit's own: who may have how much.</summary>
    Tiers = 1 << 21,

    /// <summary>ProxyKit's own: how it is written down who has used how much.</summary>
    Metering = 1 << 22,

    /// <summary>ProxyKit's own: who is believed to be who.</summary>
    Authentication = 1 << 23,

    /// <summary>Where clients arrive.</summary>
    Front = Frontend | Listen,

    /// <summary>Where servers are.</summary>
    Back = Backend | Listen,

    Proxies = Defaults | Frontend | Backend | Listen,
}
