using ProxyKit.Stickiness;

namespace ProxyKit;

/// <summary>Says how a sticky cookie behaves. Each verb sets what <see cref="StickyCookieOptions"/> documents under the same name.</summary>
public sealed class StickyCookieBuilder
{
    private readonly StickyCookieOptions _options;

    internal StickyCookieBuilder(StickyCookieOptions options) => _options = options;

    /// <summary>Has the proxy set the cookie.</summary>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder Insert() => Set(o => o.Mode = StickyCookieMode.Insert);

    /// <summary>Has the proxy replace the value of the cookie that servers set.</summary>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder Rewrite() => Set(o => o.Mode = StickyCookieMode.Rewrite);

    /// <summary>Has the proxy put the server's name before the value of the cookie that servers set.</summary>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder Prefix() => Set(o => o.Mode = StickyCookieMode.Prefix);

    /// <summary>Keeps the cookie between the proxy and the client.</summary>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder Indirect() => Set(o => o.IsIndirect = true);

    /// <summary>Tells caches to keep no response that the cookie was put in.</summary>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder NoCache() => Set(o => o.IsNoCache = true);

    /// <summary>Puts the cookie in responses to POST alone.</summary>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder PostOnly() => Set(o => o.IsPostOnly = true);

    /// <summary>Leaves the cookie alone where a server sets it.</summary>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder Preserve() => Set(o => o.PreservesServerCookie = true);

    /// <summary>Keeps the cookie from scripts.</summary>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder HttpOnly() => Set(o => o.IsHttpOnly = true);

    /// <summary>Has browsers send the cookie over TLS alone.</summary>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder Secure() => Set(o => o.IsSecure = true);

    /// <summary>Has browsers send the cookie to a domain.</summary>
    /// <param name="domain">The domain; another call adds one.</param>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder Domain(string domain) => Set(o => o.Domains.Add(domain));

    /// <summary>Adds an attribute, such as <c>SameSite=Lax</c>.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder Attribute(string attribute) => Set(o => o.Attributes.Add(attribute));

    /// <summary>Limits how long a client may be away.</summary>
    /// <param name="limit">The limit, in whole seconds; null for none.</param>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder MaxIdle(TimeSpan? limit) => Set(o => o.MaxIdle = limit);

    /// <summary>Limits how long a client keeps its server.</summary>
    /// <param name="limit">The limit, in whole seconds; null for none.</param>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder MaxLife(TimeSpan? limit) => Set(o => o.MaxLife = limit);

    /// <summary>Makes the values of servers that have none from their addresses; needs a key, which
    /// <see cref="StickinessBuilderExtensions.DynamicCookieKey"/> sets.</summary>
    /// <returns>This builder.</returns>
    public StickyCookieBuilder Dynamic() => Set(o => o.IsDynamic = true);

    private StickyCookieBuilder Set(Action<StickyCookieOptions> change)
    {
        change(_options);
        return this;
    }
}
