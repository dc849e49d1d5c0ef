using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Rules;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>use-tiers</c> line.</summary>
/// <param name="Name">The section's name.</param>
/// <param name="Unless">Which requests are left alone; null for none.</param>
/// <param name="Place">Where the name stands.</param>
internal sealed record TiersUse(string Name, Condition? Unless, Place Place);
