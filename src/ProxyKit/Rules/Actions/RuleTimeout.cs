namespace ProxyKit.Rules.Actions;

/// <summary>A limit of time that rules can change for one exchange. HAProxy: the words of <c>set-timeout</c>.</summary>
public enum RuleTimeout
{
    /// <summary>The client's inactivity; in frontends. <c>client</c></summary>
    Client,

    /// <summary>An attempt to connect; in backends. <c>connect</c></summary>
    Connect,

    /// <summary>The wait in a queue; in backends. <c>queue</c></summary>
    Queue,

    /// <summary>The server's inactivity; in backends. <c>server</c></summary>
    Server,

    /// <summary>How long a client is kept waiting by <see cref="RuleActions.Tarpit(int?)"/>. <c>tarpit</c></summary>
    Tarpit,

    /// <summary>A tunnel's silence; in backends. <c>tunnel</c></summary>
    Tunnel,
}
