using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A page of a section of error pages that a reply is.</summary>
/// <param name="Section">The section of error pages.</param>
/// <param name="Status">Which page.</param>
/// <param name="User">The section that the reply is described in.</param>
/// <param name="Place">Where it says so.</param>
internal sealed record ReplyPage(string Section, int Status, object? User, Place Place);
