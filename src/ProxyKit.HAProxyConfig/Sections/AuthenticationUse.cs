using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Rules;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>An <c>authenticate</c> line.</summary>
/// <param name="Name">The section's name.</param>
/// <param name="Unless">Which requests need no credentials; null for none.</param>
/// <param name="Place">Where the name stands.</param>
internal sealed record AuthenticationUse(string Name, Condition? Unless, Place Place);
