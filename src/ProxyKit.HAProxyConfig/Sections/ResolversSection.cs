using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Resolvers;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>resolvers</c> section.</summary>
/// <param name="name">Its name.</param>
/// <param name="place">Where it begins.</param>
internal sealed class ResolversSection(string name, Place place)
{
    public ResolversOptions Options { get; } = new() { Name = name };

    public Place Place => place;
}
