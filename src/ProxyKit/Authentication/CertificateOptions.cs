namespace ProxyKit.Authentication;

/// <summary>Which certificates clients are known by. The bind asks for them and verifies them: see
/// <see cref="Transport.Tls.BindTlsOptions.ClientCertificates"/>.</summary>
/// <remarks>A certificate that was let in although something was wrong with it is nobody's here.</remarks>
public sealed class CertificateOptions : AuthenticationSchemeOptions
{
    private const int Sha256Digits = 64;

    /// <summary>What becomes the claim <c>sub</c>. A certificate without it is refused.</summary>
    /// <value><see cref="CertificateIdentity.CommonName"/> by default.</value>
    public CertificateIdentity Identity { get; set; } = CertificateIdentity.CommonName;

    /// <summary>The certificates that are let in, by their SHA-256 in hexadecimal; colons and case do not count.</summary>
    /// <value>Empty by default: all that hold, as far as <see cref="Issuers"/> does not say otherwise.</value>
    public IList<string> Fingerprints { get; } = [];

    /// <summary>The authorities whose certificates are let in, besides those of <see cref="Fingerprints"/>: their names as RFC 2253 has them,
    /// <c>CN=partners,O=Example</c>.</summary>
    /// <value>Empty by default: all that the bind trusts, as far as <see cref="Fingerprints"/> does not say otherwise.</value>
    public IList<string> Issuers { get; } = [];

    /// <summary>A fingerprint as it is compared.</summary>
    internal static string Plain(string fingerprint) => fingerprint.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();

    internal override IEnumerable<string> Faults()
    {
        if (!Enum.IsDefined(Identity))
        {
            yield return $"{nameof(Identity)}: {Identity} is none";
        }

        foreach (var fingerprint in Fingerprints)
        {
            if (fingerprint is null || Plain(fingerprint) is not { Length: Sha256Digits } plain || !plain.All(char.IsAsciiHexDigit))
            {
                yield return $"{nameof(Fingerprints)}: \"{fingerprint}\" is no SHA-256 of {Sha256Digits} hexadecimal digits";
            }
        }

        foreach (var issuer in Issuers)
        {
            if (string.IsNullOrEmpty(issuer))
            {
                yield return $"{nameof(Issuers)}: a name is needed";
            }
        }
    }

    internal override Authenticator Create(SchemeSetup setup) => new CertificateAuthenticator(this, setup.Time);
}
