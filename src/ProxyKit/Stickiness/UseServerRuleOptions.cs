using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Stickiness;

/// <summary>A rule that sends requests to one server. HAProxy: <c>use-server</c>.</summary>
/// <param name="Server">The server's name; of no account where <see cref="Name"/> tells it.</param>
/// <param name="Condition">When.</param>
public sealed record UseServerRuleOptions(string Server, Condition Condition)
{
    /// <summary>Tells the server's name from each request; a name that none has ends the search, and the balancing decides. Null, the default,
    /// where it is always the same.</summary>
    public Expression? Name { get; init; }

    /// <summary>Where it was written, for messages: <c>gateway.cfg:12</c>. Null where nobody said.</summary>
    public string? Origin { get; init; }
}
