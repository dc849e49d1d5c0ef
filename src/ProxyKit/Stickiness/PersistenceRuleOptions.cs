using ProxyKit.Rules;

namespace ProxyKit.Stickiness;

/// <summary>A rule about what binds a client to its server.</summary>
/// <param name="Effect">What it does.</param>
/// <param name="Condition">When.</param>
public sealed record PersistenceRuleOptions(PersistenceEffect Effect, Condition Condition)
{
    /// <summary>Where it was written, for messages: <c>gateway.cfg:12</c>. Null where nobody said.</summary>
    public string? Origin { get; init; }
}

/// <summary>What becomes of what binds a client to its server.</summary>
public enum PersistenceEffect
{
    /// <summary>It holds also while the server is down, and no retry goes elsewhere. HAProxy: <c>force-persist</c>.</summary>
    Force,

    /// <summary>The cookie is not looked at, and none is put in. Stick tables stay in force. HAProxy: <c>ignore-persist</c>.</summary>
    Ignore,
}
