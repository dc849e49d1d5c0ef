using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Stickiness;

/// <summary>A rule about a table that knows which key belongs to which server. HAProxy: <c>stick</c>.</summary>
/// <param name="Kind">What it does with the table.</param>
/// <param name="Key">The key.</param>
/// <param name="Table">The table's name; empty for the one named after the backend.</param>
/// <param name="Condition">When; null for always.</param>
public sealed record StickRuleOptions(StickRuleKind Kind, Expression Key, string Table = "", Condition? Condition = null)
{
    /// <summary>Where it was written, for messages: <c>gateway.cfg:12</c>. Null where nobody said.</summary>
    public string? Origin { get; init; }
}

/// <summary>What a stick rule does with its table.</summary>
public enum StickRuleKind
{
    /// <summary>Looks up the request's key, and learns it once a server has answered. HAProxy: <c>stick on</c>.</summary>
    On,

    /// <summary>Looks up the request's key. HAProxy: <c>stick match</c>.</summary>
    Match,

    /// <summary>Learns the request's key once a server has answered. HAProxy: <c>stick store-request</c>.</summary>
    StoreRequest,

    /// <summary>Learns a key of the response. HAProxy: <c>stick store-response</c>.</summary>
    StoreResponse,
}
