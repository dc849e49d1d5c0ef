using ProxyKit.Rules.Expressions;

namespace ProxyKit.Backends;

/// <summary>What the <c>Forwarded</c> field (RFC 7239) tells servers, in this order: <c>proto</c>, <c>host</c>, <c>by</c>, <c>for</c>. It is added behind all
/// rules, as a field of its own behind those that the request has. HAProxy: <c>option forwarded</c>.</summary>
public sealed class ForwardedOptions
{
    /// <summary>Whether it says <c>http</c> or <c>https</c>.</summary>
    /// <value>False by default.</value>
    public bool Proto { get; set; }

    /// <summary>The host that the client has asked for: <c>Value.Parse("req.hdr(host)")</c>, say. HAProxy: <c>host</c>, <c>host-expr</c>.</summary>
    /// <value>Null, the default, to leave it out.</value>
    public Expression? Host { get; set; }

    /// <summary>Where the request came in: <c>Value.Parse("dst")</c>, say. An address, or a name of one's own that begins with an underscore; what is
    /// neither is <c>unknown</c>. HAProxy: <c>by</c>, <c>by-expr</c>.</summary>
    /// <value>Null, the default, to leave it out.</value>
    public Expression? By { get; set; }

    /// <summary>The port of that: a number, or a name that begins with an underscore. HAProxy: <c>by_port</c>, <c>by_port-expr</c>.</summary>
    /// <value>Null, the default, to leave it out.</value>
    public Expression? ByPort { get; set; }

    /// <summary>Where the request came from: <c>Value.Parse("src")</c>, say; written like <see cref="By"/>. HAProxy: <c>for</c>, <c>for-expr</c>.</summary>
    /// <value>Null, the default, to leave it out.</value>
    public Expression? For { get; set; }

    /// <summary>The port of that; written like <see cref="ByPort"/>. HAProxy: <c>for_port</c>, <c>for_port-expr</c>.</summary>
    /// <value>Null, the default, to leave it out.</value>
    public Expression? ForPort { get; set; }
}
