using System.Security.Authentication;
using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What a bind or a server, or <c>global</c> for all of them, says about versions of TLS, ciphers and sessions. Null stands for what was never
/// said.</summary>
internal sealed class TlsSettings
{
    /// <summary>HAProxy: <c>ssl-min-ver</c>.</summary>
    public SslProtocols? Minimum { get; set; }

    /// <summary>HAProxy: <c>ssl-max-ver</c>.</summary>
    public SslProtocols? Maximum { get; set; }

    /// <summary>HAProxy: <c>no-tlsv12</c>, <c>no-tlsv13</c>.</summary>
    public SslProtocols Excluded { get; set; }

    /// <summary>Whether anything was excluded, be it what nobody speaks here.</summary>
    public bool Excludes { get; set; }

    /// <summary>HAProxy: false for <c>no-tls-tickets</c> and <c>no-ssl-reuse</c>.</summary>
    public bool? ResumesSessions { get; set; }

    /// <summary>HAProxy: <c>prefer-client-ciphers</c>.</summary>
    public bool PrefersClientCiphers { get; set; }

    /// <summary>HAProxy: <c>strict-sni</c>, which <c>ssl-default-bind-options</c> can say too.</summary>
    public bool? IsStrict { get; set; }

    /// <summary>HAProxy: <c>ciphers</c>.</summary>
    public string? Ciphers { get; set; }

    /// <summary>HAProxy: <c>ciphersuites</c>.</summary>
    public string? CipherSuites { get; set; }

    public TlsSettings Copy() => (TlsSettings)MemberwiseClone();

    /// <summary>The same, with what is not said here as another one has it. What either excludes is excluded.</summary>
    public TlsSettings Over(TlsSettings other) => new()
    {
        Minimum = Minimum ?? other.Minimum,
        Maximum = Maximum ?? other.Maximum,
        Excluded = Excluded | other.Excluded,
        Excludes = Excludes || other.Excludes,
        ResumesSessions = ResumesSessions ?? other.ResumesSessions,
        PrefersClientCiphers = PrefersClientCiphers || other.PrefersClientCiphers,
        IsStrict = IsStrict ?? other.IsStrict,
        Ciphers = Ciphers ?? other.Ciphers,
        CipherSuites = CipherSuites ?? other.CipherSuites,
    };

    /// <summary>The oldest and the newest version; what is odd about them is said.</summary>
    /// <param name="diagnostics">Where to say it.</param>
    /// <param name="place">Where it is about.</param>
    /// <param name="subject">What it is about, as messages begin.</param>
    public (SslProtocols? Minimum, SslProtocols? Maximum) Versions(DiagnosticList diagnostics, Place place, string subject)
    {
        if (Minimum is not null || Maximum is not null)
        {
            if (Excludes)
            {
                diagnostics.Warning(place, $"{subject}: 'no-sslv3' and 'no-tlsv1x' are ignored beside 'ssl-min-ver' and 'ssl-max-ver'. Use the latter alone.");
            }

            if (Minimum > Maximum)
            {
                diagnostics.Alert(place, $"{subject}: all versions of TLS are disabled: 'ssl-min-ver' is newer than 'ssl-max-ver'.");
                return default;
            }

            return (Minimum, Maximum);
        }

        if (Excluded == (SslProtocols.Tls12 | SslProtocols.Tls13))
        {
            diagnostics.Alert(place, $"{subject}: all versions of TLS are disabled.");
            return default;
        }

        return (Excluded == SslProtocols.Tls12 ? SslProtocols.Tls13 : null, Excluded == SslProtocols.Tls13 ? SslProtocols.Tls12 : null);
    }
}
