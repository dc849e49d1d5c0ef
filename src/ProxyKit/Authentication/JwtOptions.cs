using ProxyKit.Identities;

namespace ProxyKit.Authentication;

/// <summary>Which signed tokens are believed (JWT, RFC 7519), that clients bring in the field Authorization as bearers (RFC 6750).</summary>
public sealed class JwtOptions : AuthenticationSchemeOptions
{
    /// <summary>How many keys are tried with one token: those that may be meant, since its <c>kid</c> names them or one of the two has no name, and that its
    /// algorithm is for. Where none of so many has signed it and more are left it is refused as <see cref="AuthenticationFault.AmbiguousKey"/>, so that a
    /// token cannot cost as many verifications as an issuer has keys.</summary>
    public const int MostKeysTried = 8;

    /// <summary>Who may have issued a token (<c>iss</c>): one of these, compared whole and with case.</summary>
    /// <value>Empty by default: it is not asked.</value>
    public IList<string> Issuers { get; } = [];

    /// <summary>Whom a token may be meant for (<c>aud</c>, a text or an array): one of these at least.</summary>
    /// <value>Empty by default: it is not asked. Name yourself, or a token that was issued for somebody else is good here too.</value>
    public IList<string> Audiences { get; } = [];

    /// <summary>How tokens may be signed, by the names of RFC 7518: <c>RS256</c>.</summary>
    /// <value>Empty by default: as the keys allow, and never by <c>none</c>. An RSA key allows RS and PS 256 to 512, one on a curve the ES of that
    /// curve, a secret the HS that it is long enough for; a key that names its algorithm that one alone.</value>
    public IList<string> Algorithms { get; } = [];

    /// <summary>Files with public keys or certificates in PEM; read when the configuration is put to use. They have no names, so any token may mean
    /// them: of more than <see cref="MostKeysTried"/> for one algorithm the rest would never be tried, which is a fault.</summary>
    public IList<string> KeyFiles { get; } = [];

    /// <summary>Files with sets of keys in JSON (RFC 7517); read when the configuration is put to use.</summary>
    public IList<string> JwksFiles { get; } = [];

    /// <summary>Secrets that the issuer has too; of 32 bytes or more each (RFC 7518 §3.2).</summary>
    public IList<ReadOnlyMemory<byte>> Secrets { get; } = [];

    /// <summary>Files with one such secret each; read when the configuration is put to use. What is in them is the secret, byte for byte; a line end behind it
    /// is not part of it.</summary>
    public IList<string> SecretFiles { get; } = [];

    /// <summary>Addresses of sets of keys in JSON, asked for in the background.</summary>
    public IList<string> JwksUrls { get; } = [];

    /// <summary>Issuers whose metadata say where their keys are (OpenID Connect Discovery 1.0): <c>https://id.example/</c>.</summary>
    public IList<string> OpenIdIssuers { get; } = [];

    /// <summary>By how much the issuer's clock may be off this one: an expired token counts for so much longer, and one that is not valid yet so much
    /// earlier.</summary>
    /// <value>Zero by default; up to 10 minutes.</value>
    public TimeSpan ClockSkew { get; set; }

    /// <summary>Whether a token that does not say when it expires is good for ever.</summary>
    /// <value>False by default: it is refused.</value>
    public bool AllowsNoExpiry { get; set; }

    /// <summary>What a token has to be (<c>typ</c>): <c>at+jwt</c> for access tokens of RFC 9068. Compared without case.</summary>
    /// <value>Null by default: it is not asked.</value>
    public string? TokenType { get; set; }

    /// <summary>What else a token has to claim.</summary>
    public IList<RequiredClaim> RequiredClaims { get; } = [];

    /// <summary>How long a token may be, in bytes.</summary>
    /// <value>8,192 by default; 64 to 65,536.</value>
    public int MaxTokenBytes { get; set; } = 8192;

    /// <summary>How many tokens that were verified are remembered, until they expire or their key is not used any more.</summary>
    /// <value>10,000 by default; 1 to 10,000,000; null to verify each request's anew.</value>
    public int? CacheSize { get; set; } = 10_000;

    /// <summary>How often keys are asked for that have an address.</summary>
    /// <value>1 hour by default; a minute to a week.</value>
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long they are not asked for again where a token names a key that is not known, or it failed.</summary>
    /// <value>30 seconds by default; a second to an hour.</value>
    public TimeSpan RefreshAtLeastAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long asking for them may take. Requests that need them wait so long.</summary>
    /// <value>5 seconds by default; up to a minute.</value>
    public TimeSpan RefreshTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether keys may be asked for without TLS, where anybody on the way can give his own. For trials.</summary>
    /// <value>False by default.</value>
    public bool AllowsHttp { get; set; }

    internal override IEnumerable<string> Faults() => JwtFaults.Of(this);

    internal override Authenticator Create(SchemeSetup setup)
    {
        VerificationKey[] keys =
        [
            .. KeyFiles.SelectMany(Identities.KeyFiles.Load),
            .. JwksFiles.SelectMany(static f => Identities.KeyFiles.Read(f, static text =>
                JsonWebKeys.Parse(System.Text.Encoding.UTF8.GetBytes(text), allowsSecrets: true))),
            .. Secrets.Select(static s => VerificationKey.OfSecret(s.Span)),
            .. SecretFiles.Select(Identities.KeyFiles.LoadSecret),
        ];
        foreach (var algorithm in SignatureAlgorithm.All)
        {
            var nameless = keys.Count(k => k.Id.Length == 0 && k.Allows(algorithm));
            if (nameless > MostKeysTried)
            {
                throw new FormatException($"{nameless} keys without a name are for {algorithm.Name}; {MostKeysTried} are tried with a token at most: name them, in a set of keys");
            }
        }

        IssuerKeys[] issuers =
        [
            .. JwksUrls.Select(url => setup.KeysOf(Settings(new Uri(url), null))),
            .. OpenIdIssuers.Select(issuer => setup.KeysOf(Settings(JwtFaults.MetadataOf(issuer), issuer))),
        ];
        return new JwtAuthenticator(this, keys, issuers, setup.Time);
    }

    private IssuerKeysSettings Settings(Uri url, string? issuer) => new(url, issuer, AllowsHttp, RefreshEvery, RefreshAtLeastAfter, RefreshTimeout);
}
