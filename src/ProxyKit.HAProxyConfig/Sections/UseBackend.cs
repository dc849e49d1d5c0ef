using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>use_backend</c> line.</summary>
/// <param name="Backend">The backend's name as written.</param>
/// <param name="Condition">When; null for always.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record UseBackend(string Backend, Condition? Condition, Place Place)
{
    /// <summary>Tells the name from each request; null where it is always the same.</summary>
    public Expression? Name { get; init; }
}
