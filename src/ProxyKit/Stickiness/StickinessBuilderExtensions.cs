using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Stickiness;

namespace ProxyKit;

/// <summary>What brings clients back to the server they had.</summary>
public static class StickinessBuilderExtensions
{
    /// <summary>Binds clients to servers by a cookie. See <see cref="BackendOptions.StickyCookie"/>.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="name">The cookie's name.</param>
    /// <param name="configure">Says how it behaves; without, it is only read.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder StickyCookie(this BackendBuilder backend, string name, Action<StickyCookieBuilder>? configure = null)
    {
        var options = new StickyCookieOptions { Name = name };
        configure?.Invoke(new StickyCookieBuilder(options));
        return Set(backend, o => o.StickyCookie = options);
    }

    /// <summary>Sets what the values of dynamic cookies are made with. See <see cref="BackendOptions.DynamicCookieKey"/>.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="key">The key.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder DynamicCookieKey(this BackendBuilder backend, string key) => Set(backend, o => o.DynamicCookieKey = key);

    /// <summary>Sends requests to one server where a condition holds and the server can be used. See <see cref="BackendOptions.UseServerRules"/>.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="when">The condition.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder UseServer(this BackendBuilder backend, string server, Condition when) =>
        Set(backend, o => o.UseServerRules.Add(new UseServerRuleOptions(server, when)));

    /// <summary>Sends requests to the server whose name they tell.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="name">Tells the name.</param>
    /// <param name="when">The condition.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder UseServer(this BackendBuilder backend, Expression name, Condition when) =>
        Set(backend, o => o.UseServerRules.Add(new UseServerRuleOptions("", when) { Name = name }));

    /// <summary>Binds clients to servers by a key of their requests, which a stick table keeps. See <see cref="BackendOptions.StickRules"/>.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="key">The key.</param>
    /// <param name="table">The table; empty for the one named after the backend.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder StickOn(this BackendBuilder backend, Expression key, string table = "", Condition? when = null) =>
        Stick(backend, StickRuleKind.On, key, table, when);

    /// <summary>Looks up a key of the request in a stick table, without learning it.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="key">The key.</param>
    /// <param name="table">The table; empty for the one named after the backend.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder StickMatch(this BackendBuilder backend, Expression key, string table = "", Condition? when = null) =>
        Stick(backend, StickRuleKind.Match, key, table, when);

    /// <summary>Has a stick table learn a key of the request once a server has answered.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="key">The key.</param>
    /// <param name="table">The table; empty for the one named after the backend.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder StickStoreRequest(this BackendBuilder backend, Expression key, string table = "", Condition? when = null) =>
        Stick(backend, StickRuleKind.StoreRequest, key, table, when);

    /// <summary>Has a stick table learn a key of the response.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="key">The key.</param>
    /// <param name="table">The table; empty for the one named after the backend.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder StickStoreResponse(this BackendBuilder backend, Expression key, string table = "", Condition? when = null) =>
        Stick(backend, StickRuleKind.StoreResponse, key, table, when);

    /// <summary>Sends requests to the server they are bound to even while it is down, where a condition holds.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="when">The condition.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder ForcePersist(this BackendBuilder backend, Condition when) =>
        Set(backend, o => o.PersistenceRules.Add(new PersistenceRuleOptions(PersistenceEffect.Force, when)));

    /// <summary>Neither reads nor sets the sticky cookie where a condition holds.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="when">The condition.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder IgnorePersist(this BackendBuilder backend, Condition when) =>
        Set(backend, o => o.PersistenceRules.Add(new PersistenceRuleOptions(PersistenceEffect.Ignore, when)));

    /// <summary>Sets what stands for the server in the backend's sticky cookie. See <see cref="ServerOptions.Cookie"/>.</summary>
    /// <param name="server">The server.</param>
    /// <param name="value">The value.</param>
    /// <returns>The builder.</returns>
    public static ServerBuilder Cookie(this ServerBuilder server, string value)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.Configure(o => o.Cookie = value);
    }

    private static BackendBuilder Stick(BackendBuilder backend, StickRuleKind kind, Expression key, string table, Condition? when) =>
        Set(backend, o => o.StickRules.Add(new StickRuleOptions(kind, key, table, when)));

    private static BackendBuilder Set(BackendBuilder backend, Action<BackendOptions> change)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return backend.Configure(change);
    }
}
