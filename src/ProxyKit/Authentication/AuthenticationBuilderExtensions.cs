using ProxyKit.Authentication;
using ProxyKit.Identities;
using ProxyKit.Rules;
using ProxyKit.Rules.UserLists;

namespace ProxyKit;

/// <summary>Says who may come in at a frontend, and what he may do. Each verb adds to what <see cref="AuthenticationOptions"/> documents.</summary>
public static class AuthenticationBuilderExtensions
{
    /// <summary>Has clients bring a signed token (JWT, RFC 7519) as a bearer (RFC 6750).</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="jwt">Says which tokens are believed.</param>
    /// <param name="unless">Which requests need none; null for all do.</param>
    /// <returns>The frontend's builder.</returns>
    public static FrontendBuilder Authenticate(this FrontendBuilder frontend, Action<JwtBuilder> jwt, Condition? unless = null)
    {
        ArgumentNullException.ThrowIfNull(jwt);
        return frontend.Add(new JwtOptions { Unless = unless }, options => jwt(new JwtBuilder(options)));
    }

    /// <summary>Has clients say a name and a password (RFC 7617).</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="userList">The list that has them: see <see cref="AddUserList"/>.</param>
    /// <param name="unless">Which requests need none; null for all do.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The frontend's builder.</returns>
    public static FrontendBuilder AuthenticateBasic(
        this FrontendBuilder frontend, string userList, Condition? unless = null, Action<BasicOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(userList);
        return frontend.Add(new BasicOptions { UserList = userList, Unless = unless }, configure);
    }

    /// <summary>Has clients bring a key.</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="keys">The keys, which may change while the proxy runs.</param>
    /// <param name="unless">Which requests need none; null for all do.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The frontend's builder.</returns>
    public static FrontendBuilder AuthenticateApiKey(
        this FrontendBuilder frontend, ApiKeySet keys, Condition? unless = null, Action<ApiKeyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return frontend.Add(new ApiKeyOptions { Keys = keys, Unless = unless }, configure);
    }

    /// <summary>Has clients be known by the certificate that they have shown to the bind, which has to ask for one:
    /// <c>bind.Tls(path, tls => tls.RequireClientCertificate(caPath))</c>.</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="identity">What of it says who it is.</param>
    /// <param name="unless">Which requests need none; null for all do.</param>
    /// <param name="configure">Says more about it: which ones are let in.</param>
    /// <returns>The frontend's builder.</returns>
    public static FrontendBuilder AuthenticateCertificate(
        this FrontendBuilder frontend,
        CertificateIdentity identity = CertificateIdentity.CommonName,
        Condition? unless = null,
        Action<CertificateOptions>? configure = null)
    {
        return frontend.Add(new CertificateOptions { Identity = identity, Unless = unless }, configure);
    }

    /// <summary>Has clients bring a token that its issuer is asked about (RFC 7662).</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="endpoint">Where to ask.</param>
    /// <param name="clientId">Who asks.</param>
    /// <param name="clientSecret">The secret that goes with it.</param>
    /// <param name="unless">Which requests need none; null for all do.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The frontend's builder.</returns>
    public static FrontendBuilder AuthenticateByIntrospection(
        this FrontendBuilder frontend,
        string endpoint,
        string clientId,
        string clientSecret,
        Condition? unless = null,
        Action<IntrospectionOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        ArgumentException.ThrowIfNullOrEmpty(clientId);
        ArgumentNullException.ThrowIfNull(clientSecret);
        return frontend.Add(new IntrospectionOptions { Endpoint = endpoint, ClientId = clientId, ClientSecret = clientSecret, Unless = unless }, configure);
    }

    /// <summary>Adds a list of users. HAProxy: <c>userlist</c>.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="name">Its name, unique among user lists.</param>
    /// <param name="configure">Names the users and their groups.</param>
    /// <returns>The proxy's builder.</returns>
    public static ProxyBuilder AddUserList(this ProxyBuilder proxy, string name, Action<UserListOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new UserListOptions { Name = name };
        configure(options);
        return proxy.Configure(o => o.UserLists.Add(options));
    }

    /// <summary>Has clients who are known need a scope, or refuses them with 403.</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="scope">The scope: a whole word of the claim <c>scope</c>, or an element of it or of <c>scp</c>.</param>
    /// <param name="when">Which requests need it; null for all.</param>
    /// <returns>The frontend's builder.</returns>
    public static FrontendBuilder RequireScope(this FrontendBuilder frontend, string scope, Condition? when = null)
    {
        ScopeName.ThrowIfNone(scope, nameof(scope));
        return frontend.Set(a => a.Requirements.Add(new RequirementOptions { When = when, Scopes = { scope } }));
    }

    /// <summary>Has clients who are known need a claim, or refuses them with 403.</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="path">The claim's name, or the path to it: <c>realm_access.roles</c>.</param>
    /// <param name="value">The value that it has to have: as the whole, as a word of a text with blanks, or as an element of an array.</param>
    /// <param name="when">Which requests need it; null for all.</param>
    /// <returns>The frontend's builder.</returns>
    public static FrontendBuilder RequireClaim(this FrontendBuilder frontend, string path, string value, Condition? when = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(value);
        return frontend.Set(a => a.Requirements.Add(new RequirementOptions { When = when, Claims = { new RequiredClaim(path, value) } }));
    }

    /// <summary>Has clients who are known need the scopes of a table, or refuses them with 403.</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="policy">The table.</param>
    /// <returns>The frontend's builder.</returns>
    public static FrontendBuilder Authorize(this FrontendBuilder frontend, ScopePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return frontend.Set(a => a.Policy = policy);
    }

    /// <summary>Adds rules that are asked on requests of clients who were let in, and on those that are excepted. They know the claims.</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="rules">Writes the rules, behind those that are there.</param>
    /// <returns>The frontend's builder.</returns>
    public static FrontendBuilder OnAuthenticated(this FrontendBuilder frontend, Action<RequestRulesBuilder> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return frontend.Set(a => rules(new RequestRulesBuilder(a.Rules)));
    }

    /// <summary>Says what those get who are refused for want of good credentials. See <see cref="AuthenticationOptions.RefusalStatus"/>.</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="status">401, which asks for credentials, or 403, which does not.</param>
    /// <param name="tellsReason">Whether the body says the reason.</param>
    /// <returns>The frontend's builder.</returns>
    public static FrontendBuilder RefuseUnauthenticated(this FrontendBuilder frontend, int status, bool tellsReason = false) =>
        frontend.Set(a => (a.RefusalStatus, a.TellsReason) = (status, tellsReason));

    /// <summary>Says what those get who are refused for one reason.</summary>
    /// <param name="frontend">The frontend.</param>
    /// <param name="fault">The reason.</param>
    /// <param name="reply">The reply; its own status counts, and a 401 gets the challenge besides.</param>
    /// <returns>The frontend's builder.</returns>
    public static FrontendBuilder RefuseUnauthenticated(this FrontendBuilder frontend, AuthenticationFault fault, Reply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        return frontend.Set(a => a.Replies[fault] = reply);
    }

    private static FrontendBuilder Add<T>(this FrontendBuilder frontend, T options, Action<T>? configure)
        where T : AuthenticationSchemeOptions
    {
        configure?.Invoke(options);
        return frontend.Set(a => a.Schemes.Add(options));
    }

    private static FrontendBuilder Set(this FrontendBuilder frontend, Action<AuthenticationOptions> change)
    {
        ArgumentNullException.ThrowIfNull(frontend);
        return frontend.Configure(o => change(o.Authentication));
    }
}
