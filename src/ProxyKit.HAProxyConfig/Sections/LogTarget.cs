using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>log</c> line.</summary>
/// <param name="Address">Where it sends to.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record LogTarget(string Address, Place Place);
