using ProxyKit.Authentication;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The schemes of an <c>authentication</c> section: <c>jwt issuer https://id.example/ audience api key-file id.pem</c>.</summary>
internal static class AuthenticationSchemeLines
{
    private static readonly Parameter<JwtOptions>[] OfJwt =
    [
        Parameter<JwtOptions>.Text("issuer", static (o, name) => o.Issuers.Add(name)),
        Parameter<JwtOptions>.Text("audience", static (o, name) => o.Audiences.Add(name)),
        Parameter<JwtOptions>.Text("algorithm", static (o, name) => o.Algorithms.Add(name)),
        Parameter<JwtOptions>.File("key-file", static (o, path) => o.KeyFiles.Add(path)),
        Parameter<JwtOptions>.File("jwks-file", static (o, path) => o.JwksFiles.Add(path)),
        Parameter<JwtOptions>.Secret("secret", static (o, text) => o.Secrets.Add(System.Text.Encoding.UTF8.GetBytes(text))),
        Parameter<JwtOptions>.File("secret-file", static (o, path) => o.SecretFiles.Add(path)),
        Parameter<JwtOptions>.Text("jwks-url", static (o, url) => o.JwksUrls.Add(url)),
        Parameter<JwtOptions>.Text("openid", static (o, issuer) =>
        {
            o.OpenIdIssuers.Add(issuer);
            o.Issuers.Add(issuer);
        }),
        Parameter<JwtOptions>.Time("clock-skew", static (o, time) => o.ClockSkew = time),
        Parameter<JwtOptions>.Flag("allow-no-expiry", static o => o.AllowsNoExpiry = true),
        Parameter<JwtOptions>.Text("type", static (o, type) => o.TokenType = type),
        Parameter<JwtOptions>.Of("claim", ClaimOf, static (o, claim) => o.RequiredClaims.Add(claim)),
        Parameter<JwtOptions>.Count("max-token", static (o, bytes) => o.MaxTokenBytes = bytes),
        Parameter<JwtOptions>.Count("cache", static (o, count) => o.CacheSize = count),
        Parameter<JwtOptions>.Flag("no-cache", static o => o.CacheSize = null),
        Parameter<JwtOptions>.Time("refresh-every", static (o, time) => o.RefreshEvery = time),
        Parameter<JwtOptions>.Time("refresh-at-least-after", static (o, time) => o.RefreshAtLeastAfter = time),
        Parameter<JwtOptions>.Time("refresh-timeout", static (o, time) => o.RefreshTimeout = time),
        Parameter<JwtOptions>.Flag("allow-http", static o => o.AllowsHttp = true),
    ];

    private static readonly Parameter<ApiKeyOptions>[] OfApiKey =
    [
        Parameter<ApiKeyOptions>.Text("header", static (o, name) => o.Header = name),
        Parameter<ApiKeyOptions>.Flag("no-header", static o => o.Header = null),
        Parameter<ApiKeyOptions>.Text("query", static (o, name) => o.QueryParameter = name),
    ];

    private static readonly Parameter<BasicOptions>[] OfBasic =
    [
        Parameter<BasicOptions>.Flag("allow-plain-text", static o => o.AllowsPlainText = true),
        Parameter<BasicOptions>.Time("remember-for", static (o, time) => o.RememberFor = time),
        Parameter<BasicOptions>.Flag("no-memory", static o => o.RememberFor = null),
    ];

    private static readonly Parameter<CertificateOptions>[] OfCertificate =
    [
        Parameter<CertificateOptions>.Choice(
            "identity",
            static (o, identity) => o.Identity = identity,
            ("common-name", CertificateIdentity.CommonName),
            ("subject", CertificateIdentity.Subject),
            ("host-name", CertificateIdentity.HostName),
            ("email", CertificateIdentity.Email),
            ("uri", CertificateIdentity.Uri),
            ("fingerprint", CertificateIdentity.Fingerprint)),
        Parameter<CertificateOptions>.Text("fingerprint", static (o, digits) => o.Fingerprints.Add(digits)),
        Parameter<CertificateOptions>.Text("issuer", static (o, name) => o.Issuers.Add(name)),
    ];

    private static readonly Parameter<IntrospectionOptions>[] OfIntrospection =
    [
        Parameter<IntrospectionOptions>.Text("audience", static (o, name) => o.Audiences.Add(name)),
        Parameter<IntrospectionOptions>.Of("claim", ClaimOf, static (o, claim) => o.RequiredClaims.Add(claim)),
        Parameter<IntrospectionOptions>.Time("cache-for", static (o, time) => o.CacheFor = time),
        Parameter<IntrospectionOptions>.Count("cache", static (o, count) => o.CacheSize = count),
        Parameter<IntrospectionOptions>.Count("max-concurrency", static (o, count) => o.MaxConcurrency = count),
        Parameter<IntrospectionOptions>.Time("timeout", static (o, time) => o.Timeout = time),
        Parameter<IntrospectionOptions>.Count("max-token", static (o, bytes) => o.MaxTokenBytes = bytes),
        Parameter<IntrospectionOptions>.Flag("allow-http", static o => o.AllowsHttp = true),
    ];

    public static IEnumerable<Keyword> All =>
    [
        Scheme("jwt", "<param> ...", 0, OfJwt, static _ => static () => new JwtOptions()),
        Scheme("api-key", "<file> [<param> ...]", 1, OfApiKey, static s => KeysOf(s) is { } keys ? () => new ApiKeyOptions { Keys = keys } : null),
        Scheme("basic", "<userlist> [<param> ...]", 1, OfBasic, static s =>
        {
            var list = s[0];
            return () => new BasicOptions { UserList = list };
        }),
        Scheme("certificate", "[<param> ...]", 0, OfCertificate, static _ => static () => new CertificateOptions()),
        Scheme(
            "introspection",
            "<url> <client> <secret> [<param> ...]",
            3,
            OfIntrospection,
            static s =>
            {
                var (endpoint, client, secret) = (s[0], s[1], s[2]);
                return s.EndsSecret(2) ? () => new IntrospectionOptions { Endpoint = endpoint, ClientId = client, ClientSecret = secret } : null;
            }),
    ];

    /// <summary>A claim that is needed: its path, and behind a <c>=</c> the values of which it has to have one, with commas between them.</summary>
    private static RequiredClaim? ClaimOf(Statement s, int index)
    {
        var text = s[index];
        var sign = text.IndexOf('=', StringComparison.Ordinal);
        if (sign < 0)
        {
            return new(text);
        }

        var values = text[(sign + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (values.Length > 0)
        {
            return new(text[..sign], values);
        }

        s.Alert(index, $"'{s.Name}' : '{text}' has no value behind the '='; without the '=' any value is good."); // which nobody means who writes it
        return null;
    }

    /// <param name="name">Its name.</param>
    /// <param name="arguments">What stands behind that.</param>
    /// <param name="count">How many of these come before the parameters.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="read">Reads what comes before them, and makes options of it; null where something is wrong.</param>
    private static Keyword Scheme<T>(string name, string arguments, int count, Parameter<T>[] parameters, Func<Statement, Func<T>?> read)
        where T : AuthenticationSchemeOptions => Keyword.Runs(name, Section.Authentication, arguments, s =>
        {
            var section = AuthenticationKeywords.SectionOf(s);
            section.NamesScheme = true;
            if (read(s) is { } make && Parameter<T>.ReadAll(s, count, parameters) is { } settings)
            {
                section.Schemes.Add((Made, s.Place));

                AuthenticationSchemeOptions Made()
                {
                    var options = make();
                    settings.ForEach(set => set(options));
                    return options;
                }
            }
        });

    /// <summary>The keys, which all frontends have together.</summary>
    private static ApiKeySet? KeysOf(Statement s)
    {
        try
        {
            return ApiKeySet.Load(s.PathOf(s[0]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or ArgumentException) // the path may be none
        {
            s.Alert(0, $"'{s.Name}' : '{s[0]}': {e.Message.TrimEnd('.')}.");
            return null;
        }
    }
}
