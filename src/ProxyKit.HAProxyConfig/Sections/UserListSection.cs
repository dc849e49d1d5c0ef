using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Rules.UserLists;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>userlist</c> section.</summary>
internal sealed class UserListSection(string name)
{
    public UserListOptions Options { get; } = new() { Name = name };

    /// <summary>Where its users and groups stand, for what is found once all of them are known.</summary>
    public Dictionary<object, Place> Places { get; } = [];
}
