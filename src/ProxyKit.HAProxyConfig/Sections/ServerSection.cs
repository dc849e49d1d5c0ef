using ProxyKit.HAProxyConfig.Addresses;
using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>server</c> line, or one of those that a <c>server-template</c> stands for.</summary>
/// <param name="Name">The name.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Settings">What else is said of it.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record ServerSection(string Name, ServerAddress Address, ServerSettings Settings, Place Place);
