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
        Parameter<JwtOptions>.Text("secret", static (o, text) => o.Secrets.Add(System.Text.Encoding.UTF8.GetBytes(text))),
        Parameter<JwtOptions>.Text("jwks-url", static (o, url) => o.JwksUrls.Add(url)),
        Parameter<JwtOptions>.Text("openid", static (o, issuer) =>
        {
            o.OpenIdIssuers.Add(issuer);
            o.Issuers.Add(issuer);
        }),
        Parameter<JwtOptions>.Time("clock-skew", static (o, time) => o.ClockSkew = time),
        Parameter<JwtOptions>.Flag("allow-no-expiry", static o => o.AllowsNoExpiry = true),
        Parameter<JwtOptions>.Text("type", static (o, type) => o.TokenType = type),
        Parameter<JwtOptions>.Text("claim", static (o, claim) => o.RequiredClaims.Add(ClaimOf(claim))),
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
        Parameter<IntrospectionOptions>.Text("claim", static (o, claim) => o.RequiredClaims.Add(ClaimOf(claim))),
        Parameter<IntrospectionOptions>.Time("cache-for", static (o, time) => o.CacheFor = time),
        Parameter<IntrospectionOptions>.Count("cache", static (o, count) => o.CacheSize = count),
        Parameter<IntrospectionOptions>.Count("max-concurrency", static (o, count) => o.MaxConcurrency = count),
        Parameter<IntrospectionOptions>.Time("timeout", static (o, time) => o.Timeout = time),
        Parameter<IntrospectionOptions>.Count("max-token", static (o, bytes) => o.MaxTokenBytes = bytes),
        Parameter<IntrospectionOptions>.Flag("allow-http", static o => o.AllowsHttp = true),
    ];

    public static IEnumerable<Keyword> All =>
    [
        Scheme("jwt", "<param> ...", static s => Read(s, 0, new JwtOptions(), OfJwt)),
        Scheme("api-key", "<file> [<param> ...]", static s => KeysOf(s) is { } keys ? Read(s, 1, new ApiKeyOptions { Keys = keys }, OfApiKey) : null),
        Scheme("basic", "<userlist> [<param> ...]", static s => Read(s, 1, new BasicOptions { UserList = s[0] }, OfBasic)),
        Scheme("certificate", "[<param> ...]", static s => Read(s, 0, new CertificateOptions(), OfCertificate)),
        Scheme("introspection", "<url> <client> <secret> [<param> ...]", static s =>
            Read(s, 3, new IntrospectionOptions { Endpoint = s[0], ClientId = s[1], ClientSecret = s[2] }, OfIntrospection)),
    ];

    /// <summary>A claim that is needed: its path, and behind a <c>=</c> the values of which it has to have one, with commas between them.</summary>
    private static RequiredClaim ClaimOf(string text)
    {
        var sign = text.IndexOf('=', StringComparison.Ordinal);
        return sign < 0 ? new(text) : new(text[..sign], text[(sign + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries));
    }

    private static Keyword Scheme(string name, string arguments, Func<Statement, AuthenticationSchemeOptions?> read) =>
        Keyword.Runs(name, Section.Authentication, arguments, s =>
        {
            if (read(s) is not null)
            {
                AuthenticationKeywords.SectionOf(s).Schemes.Add((() => read(s), s.Place));
            }
        });

    private static T? Read<T>(Statement s, int index, T options, Parameter<T>[] parameters)
        where T : AuthenticationSchemeOptions => Parameter<T>.TryReadAll(s, index, options, parameters) ? options : null;

    private static ApiKeySet? KeysOf(Statement s)
    {
        try
        {
            return ApiKeySet.Load(s.PathOf(s[0]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            s.Alert(0, $"'{s.Name}' : '{s[0]}': {e.Message}.");
            return null;
        }
    }
}
