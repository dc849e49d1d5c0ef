namespace ProxyKit.Authentication;

/// <summary>Has the issuer be asked about each token (OAuth 2.0 Token Introspection, RFC 7662): for tokens that say nothing by themselves, or have to be
/// taken back at once.</summary>
public sealed class IntrospectionOptions : AuthenticationSchemeOptions
{
    /// <summary>Where to ask: an address with <c>https</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Who asks, by HTTP Basic.</summary>
    public required string ClientId { get; init; }

    /// <summary>The secret that goes with it.</summary>
    public required string ClientSecret { get; init; }

    /// <summary>Whom a token may be meant for (<c>aud</c>): one of these at least.</summary>
    /// <value>Empty by default: it is not asked.</value>
    public IList<string> Audiences { get; } = [];

    /// <summary>What else the issuer has to say of a token.</summary>
    public IList<RequiredClaim> RequiredClaims { get; } = [];

    /// <summary>How long an answer counts at most; never past the token's expiry. So long a token that was taken back is still good.</summary>
    /// <value>1 minute by default; 1 second to an hour.</value>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many answers are remembered.</summary>
    /// <value>10,000 by default; 1 to 10,000,000.</value>
    public int CacheSize { get; set; } = 10_000;

    /// <summary>How many questions are under way at once; further requests wait.</summary>
    /// <value>64 by default; 1 to 10,000.</value>
    public int MaxConcurrency { get; set; } = 64;

    /// <summary>How long a request waits for the answer, then 503.</summary>
    /// <value>5 seconds by default; up to a minute.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a token may be, in bytes.</summary>
    /// <value>8,192 by default; 64 to 65,536.</value>
    public int MaxTokenBytes { get; set; } = 8192;

    /// <summary>Whether tokens and the secret may go without TLS, where anybody on the way reads them. For trials.</summary>
    /// <value>False by default.</value>
    public bool AllowsHttp { get; set; }

    internal override IEnumerable<string> Faults()
    {
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
        {
            yield return $"{nameof(Endpoint)}: '{Endpoint}' is no address that can be asked";
        }
        else if (address.Scheme == "http" && !AllowsHttp)
        {
            yield return $"{nameof(Endpoint)}: '{Endpoint}': anybody on the way could read tokens; use https, or set {nameof(AllowsHttp)} for trials";
        }

        if (string.IsNullOrEmpty(ClientId) || ClientSecret is null)
        {
            yield return $"{nameof(ClientId)}: is needed, with its secret";
        }

        if (CacheFor < TimeSpan.FromSeconds(1) || CacheFor > TimeSpan.FromHours(1))
        {
            yield return $"{nameof(CacheFor)}: {CacheFor} is out of range (00:00:01 to 01:00:00)";
        }

        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(1))
        {
            yield return $"{nameof(Timeout)}: {Timeout} is out of range (more than 0, at most 00:01:00)";
        }

        if (CacheSize is < 1 or > 10_000_000 || MaxConcurrency is < 1 or > 10_000 || MaxTokenBytes is < 64 or > 65_536)
        {
            yield return $"{nameof(CacheSize)} (1-10000000), {nameof(MaxConcurrency)} (1-10000) or {nameof(MaxTokenBytes)} (64-65536) is out of range";
        }
    }

    internal override Authenticator Create(SchemeSetup setup) => new IntrospectionAuthenticator(this, setup.Time);
}
