using System.Text;
using ProxyKit.Authentication;

namespace ProxyKit;

/// <summary>Says which tokens are believed. Each verb sets what <see cref="JwtOptions"/> documents under the same name.</summary>
public sealed class JwtBuilder
{
    private readonly JwtOptions _options;

    internal JwtBuilder(JwtOptions options) => _options = options;

    /// <summary>Names who may have issued tokens.</summary>
    /// <param name="issuers">The issuers, as tokens write them: a slash at the end counts.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder Issuer(params string[] issuers) => Add(_options.Issuers, issuers);

    /// <summary>Names whom tokens may be meant for.</summary>
    /// <param name="audiences">The audiences; a token needs one of them.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder Audience(params string[] audiences) => Add(_options.Audiences, audiences);

    /// <summary>Names how tokens may be signed. See <see cref="JwtOptions.Algorithms"/>.</summary>
    /// <param name="algorithms">The algorithms: <c>RS256</c>.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder Algorithm(params string[] algorithms) => Add(_options.Algorithms, algorithms);

    /// <summary>Verifies with the public keys, or those of the certificates, of a file in PEM.</summary>
    /// <param name="path">The file.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder KeyFile(string path) => Add(_options.KeyFiles, path);

    /// <summary>Verifies with the keys of a file in JSON (RFC 7517).</summary>
    /// <param name="path">The file.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder JwksFile(string path) => Add(_options.JwksFiles, path);

    /// <summary>Verifies with a secret that the issuer has too.</summary>
    /// <param name="secret">The secret, of 32 bytes or more.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder Secret(ReadOnlyMemory<byte> secret)
    {
        _options.Secrets.Add(secret);
        return this;
    }

    /// <summary>Verifies with a secret that the issuer has too.</summary>
    /// <param name="secret">The secret, as UTF-8, of 32 bytes or more.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder Secret(string secret)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        return Secret(Encoding.UTF8.GetBytes(secret));
    }

    /// <summary>Verifies with the secret in a file; a line end behind it is not part of it.</summary>
    /// <param name="path">The file.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder SecretFile(string path) => Add(_options.SecretFiles, path);

    /// <summary>Verifies with the keys that are published at an address, in JSON (RFC 7517).</summary>
    /// <param name="url">The address.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder Jwks(string url) => Add(_options.JwksUrls, url);

    /// <summary>Believes an issuer whose metadata say where its keys are (OpenID Connect Discovery 1.0).</summary>
    /// <param name="issuer">The issuer, as its tokens write it: <c>https://id.example/</c>.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder OpenId(string issuer)
    {
        Add(_options.OpenIdIssuers, issuer);
        return Issuer(issuer);
    }

    /// <summary>Allows for clocks that are off. See <see cref="JwtOptions.ClockSkew"/>.</summary>
    /// <param name="skew">By how much.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder ClockSkew(TimeSpan skew) => Configure(o => o.ClockSkew = skew);

    /// <summary>Has tokens be of a type. See <see cref="JwtOptions.TokenType"/>.</summary>
    /// <param name="type">The type: <c>at+jwt</c>.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder Type(string type) => Configure(o => o.TokenType = type);

    /// <summary>Has tokens claim something.</summary>
    /// <param name="path">The claim's name, or the path to it.</param>
    /// <param name="values">The values of which it has to have one; none for any at all. See <see cref="RequiredClaim"/>.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder RequireClaim(string path, params string[] values)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _options.RequiredClaims.Add(new RequiredClaim(path, values));
        return this;
    }

    /// <summary>Changes the options directly, for what has no verb.</summary>
    /// <param name="configure">The change.</param>
    /// <returns>This builder.</returns>
    public JwtBuilder Configure(Action<JwtOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_options);
        return this;
    }

    private JwtBuilder Add(IList<string> list, params string[] texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        foreach (var text in texts)
        {
            ArgumentException.ThrowIfNullOrEmpty(text, nameof(texts));
            list.Add(text);
        }

        return this;
    }
}
