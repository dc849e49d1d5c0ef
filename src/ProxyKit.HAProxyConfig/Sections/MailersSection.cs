using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Mailing;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>mailers</c> section.</summary>
/// <param name="name">Its name.</param>
/// <param name="place">Where it begins.</param>
internal sealed class MailersSection(string name, Place place)
{
    public MailersOptions Options { get; } = new() { Name = name };

    public Place Place => place;
}
