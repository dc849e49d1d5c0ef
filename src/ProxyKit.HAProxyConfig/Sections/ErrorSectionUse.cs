using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A proxy's use of a section of error pages.</summary>
/// <param name="Name">The section.</param>
/// <param name="Statuses">The pages that are wanted; none for all of them.</param>
/// <param name="Place">Where it says so.</param>
internal sealed record ErrorSectionUse(string Name, int[] Statuses, Place Place);
