namespace ProxyKit.HAProxyConfig.Addresses;

/// <summary>An address of a <c>bind</c> line, as options have it.</summary>
/// <param name="Text">The address.</param>
/// <param name="IsIPv6">Whether it is all of IPv6, so that it could take IPv4 clients too.</param>
internal readonly record struct BoundAddress(string Text, bool IsIPv6);
