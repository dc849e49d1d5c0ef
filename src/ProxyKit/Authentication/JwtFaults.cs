using ProxyKit.Identities;

namespace ProxyKit.Authentication;

/// <summary>Finds what is wrong with <see cref="JwtOptions"/>; the keys themselves are looked at when the configuration is put to use.</summary>
internal static class JwtFaults
{
    private const string Metadata = ".well-known/openid-configuration";

    public static IEnumerable<string> Of(JwtOptions options)
    {
        if (options.KeyFiles.Count + options.JwksFiles.Count + options.Secrets.Count + options.SecretFiles.Count + options.JwksUrls.Count + options.OpenIdIssuers.Count == 0)
        {
            yield return "there is no key to verify tokens with: name a file, a secret, or where keys are published";
        }

        foreach (var (property, texts) in new (string, IList<string>)[]
        {
            (nameof(options.Issuers), options.Issuers),
            (nameof(options.Audiences), options.Audiences),
            (nameof(options.KeyFiles), options.KeyFiles),
            (nameof(options.JwksFiles), options.JwksFiles),
            (nameof(options.SecretFiles), options.SecretFiles),
        })
        {
            if (texts.Any(string.IsNullOrEmpty))
            {
                yield return $"{property}: one of them is empty";
            }
        }

        foreach (var name in options.Algorithms)
        {
            if (!SignatureAlgorithm.All.Any(a => a.Kind != KeyKind.None && a.Name == name))
            {
                yield return $"{nameof(options.Algorithms)}: '{name}' is no algorithm that tokens can be verified by";
            }
        }

        foreach (var url in options.JwksUrls.Concat(options.OpenIdIssuers))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
            {
                yield return $"'{url}' is no address that keys can be had from";
            }
            else if (address.Scheme == "http" && !options.AllowsHttp)
            {
                yield return $"'{url}': anybody on the way could give keys of his own; use https, or set {nameof(options.AllowsHttp)} for trials";
            }
        }

        foreach (var (name, value, least, most) in new (string, TimeSpan, TimeSpan, TimeSpan)[]
        {
            (nameof(options.ClockSkew), options.ClockSkew, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            (nameof(options.RefreshEvery), options.RefreshEvery, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
            (nameof(options.RefreshAtLeastAfter), options.RefreshAtLeastAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            (nameof(options.RefreshTimeout), options.RefreshTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{name}: {value} is out of range ({least} to {most})";
            }
        }

        if (options.MaxTokenBytes is < 64 or > 65_536)
        {
            yield return $"{nameof(options.MaxTokenBytes)}: {options.MaxTokenBytes} is out of range (64-65536)";
        }

        if (options.CacheSize is < 1 or > 10_000_000)
        {
            yield return $"{nameof(options.CacheSize)}: {options.CacheSize} is out of range (1-10000000; null for none)";
        }

        foreach (var claim in options.RequiredClaims)
        {
            if (claim is null || string.IsNullOrEmpty(claim.Path))
            {
                yield return $"{nameof(options.RequiredClaims)}: one has no name";
            }
        }
    }

    /// <summary>Where the metadata of an issuer are (OpenID Connect Discovery 1.0 §4).</summary>
    public static Uri MetadataOf(string issuer) => new(issuer.EndsWith('/') ? issuer + Metadata : $"{issuer}/{Metadata}");
}
