namespace ProxyKit.Rules.Actions;

/// <summary>A rule: what is done, and when.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Condition">When; null for always.</param>
public sealed record RuleOptions(RuleAction Action, Condition? Condition = null)
{
    /// <summary>Where it was written, for messages: <c>gateway.cfg:12</c>. Null where nobody said.</summary>
    public string? Origin { get; init; }

    /// <summary>Whether it is asked even where a rule before it has let the request pass, which ends the list for all others. Such rules stand
    /// last in their list. HAProxy: <c>redirect</c> in a section.</summary>
    /// <value>False by default.</value>
    public bool RunsAfterAllow { get; init; }

    /// <summary>The rule as a configuration file would have it, as far as its condition was written in the words of one.</summary>
    /// <returns>The text: <c>deny deny_status 404 if { path_beg /internal }</c>.</returns>
    public override string ToString() => $"{Action}{When(Condition)}";

    /// <summary>What stands behind an action to say when.</summary>
    internal static string When(Condition? condition) => condition switch
    {
        null => "",
        NotCondition { IsInWords: false, Inner: { IsInWords: true } inner } => $" unless {inner}", // there are no brackets to put a ! before
        _ => $" if {condition}",
    };
}

/// <summary>The rules of a frontend or backend, list by list; each list is asked in its order.</summary>
public sealed class RuleSetOptions
{
    /// <summary>Asked when a connection was accepted, before TLS. Frontends only. HAProxy: <c>tcp-request connection</c>.</summary>
    public IList<RuleOptions> Connection { get; } = [];

    /// <summary>Asked once per connection, behind TLS. Frontends only. HAProxy: <c>tcp-request session</c>.</summary>
    public IList<RuleOptions> Session { get; } = [];

    /// <summary>Asked on what the client has sent, in HTTP mode on the parsed request. HAProxy: <c>tcp-request content</c>.</summary>
    public IList<RuleOptions> Content { get; } = [];

    /// <summary>How long <see cref="Content"/> rules wait for what they ask about. HAProxy: <c>tcp-request inspect-delay</c>.</summary>
    /// <value>Null by default: they wait for nothing.</value>
    public TimeSpan? InspectDelay { get; set; }

    /// <summary>Asked on what the server has sent. Backends only. HAProxy: <c>tcp-response content</c>.</summary>
    public IList<RuleOptions> ResponseContent { get; } = [];

    /// <summary>How long <see cref="ResponseContent"/> rules wait. HAProxy: <c>tcp-response inspect-delay</c>.</summary>
    /// <value>Null by default: they wait for nothing.</value>
    public TimeSpan? ResponseInspectDelay { get; set; }

    /// <summary>Asked on each request. HAProxy: <c>http-request</c>.</summary>
    public IList<RuleOptions> Request { get; } = [];

    /// <summary>Asked on each response of a server. HAProxy: <c>http-response</c>.</summary>
    public IList<RuleOptions> Response { get; } = [];

    /// <summary>Asked on each final response, the proxy's own included. HAProxy: <c>http-after-response</c>.</summary>
    public IList<RuleOptions> AfterResponse { get; } = [];
}
