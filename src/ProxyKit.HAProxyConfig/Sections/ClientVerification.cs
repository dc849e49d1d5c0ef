namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What <c>verify</c> of a <c>bind</c> says.</summary>
internal enum ClientVerification
{
    /// <summary>Clients are not asked for a certificate.</summary>
    None,

    /// <summary>They may have none.</summary>
    Optional,

    /// <summary>They must have one.</summary>
    Required,
}
