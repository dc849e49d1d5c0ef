using System.Security.Authentication;

namespace ProxyKit.Transport.Tls;

/// <summary>How a bind encrypts: its certificates and what it agrees to. HAProxy: <c>bind … ssl crt</c>.</summary>
public sealed class BindTlsOptions
{
    /// <summary>The first certificate, which those get who ask for no name or for one that no certificate is for. HAProxy: <c>crt</c>.</summary>
    /// <value>The path of a PEM file with the certificate first and the certificates between it and the root after it. The private key,
    /// without a password, is in the same file or in one beside it with <c>.key</c> added to the name or in place of its
    /// extension. Where there is no such file, those that end in <c>.rsa</c> and <c>.ecdsa</c> besides are taken. Or a directory of such files, in the
    /// order of their names, without hidden ones and those that end in <c>.key</c>, <c>.issuer</c>, <c>.ocsp</c> or <c>.sctl</c>. Read once, when the
    /// configuration is built. Null by default, for which there have to be <see cref="Certificates"/>.</value>
    public string? CertificatePath { get; set; }

    /// <summary>Further certificates. Who asks for a name (SNI) gets the first one that is for it: one for exactly that name, else one for
    /// <c>*.</c> and the rest of it; of several the one with the kind of key that the client prefers, ECDSA before RSA. Their number costs no
    /// handshake anything. HAProxy: <c>crt</c>, <c>default-crt</c>, <c>crt-list</c>.</summary>
    public IList<BindCertificateOptions> Certificates { get; } = [];

    /// <summary>Where the chains are of certificates whose files have none. HAProxy: <c>issuers-chain-path</c>.</summary>
    /// <value>The path of a directory of PEM files, each a chain that begins with an issuer: of the first one that has issued the certificate, all
    /// are sent. Files without a certificate, and hidden ones, are passed over. Read once, when the configuration is built. Null by default.</value>
    public string? IssuersPath { get; set; }

    /// <summary>Whether clients that ask are told with the certificate that its authority has not revoked it (OCSP stapling, RFC 6066 §8). The authority's
    /// responder, which the certificate names, is asked in the background, when the configuration is built and again before an answer gets old. HAProxy:
    /// <c>ocsp-update.mode on</c>, <c>ocsp-update on</c>.</summary>
    /// <value>False by default: nobody is asked. The certificate of the issuer has to be in the certificate's file, or among those that the system trusts;
    /// else nobody is asked either. What is missing between that and a root may be fetched as well, from where certificates say it is. On Windows the system does so in any case, and not at all on macOS.</value>
    public bool StaplesOcsp { get; set; }

    /// <summary>Whether a client is refused that asks for no name, or for one that no certificate is for, with the alert
    /// <c>unrecognized_name</c>. HAProxy: <c>strict-sni</c>.</summary>
    /// <value>False by default: it gets the first certificate.</value>
    public bool RefusesUnknownNames { get; set; }

    /// <summary>Whether and how clients have to prove who they are by certificates of their own. HAProxy: <c>verify</c>.</summary>
    /// <value>Null by default: they are not asked for any.</value>
    public ClientCertificateOptions? ClientCertificates { get; set; }

    /// <summary>The oldest version of TLS that clients may use. HAProxy: <c>ssl-min-ver</c>.</summary>
    /// <value><see cref="SslProtocols.Tls12"/> by default; the only other value is <see cref="SslProtocols.Tls13"/>.</value>
    public SslProtocols MinimumProtocol { get; set; } = SslProtocols.Tls12; // as HAProxy since 2.2

    /// <summary>The newest version of TLS that clients may use. HAProxy: <c>ssl-max-ver</c>.</summary>
    /// <value>Null by default: the newest that the platform has. <see cref="SslProtocols.Tls12"/> or <see cref="SslProtocols.Tls13"/>, and no older than
    /// <see cref="MinimumProtocol"/>.</value>
    public SslProtocols? MaximumProtocol { get; set; }

    /// <summary>The ciphers of TLS 1.2 that are agreed on, the preferred one first, as OpenSSL writes them: see <see cref="CipherList"/>. HAProxy:
    /// <c>ciphers</c>.</summary>
    /// <value>Null by default: what the platform takes. Where it is set, and where <see cref="CipherSuites"/> is, no session is taken up again: the platform
    /// keeps none then. Those with DHE are never agreed on, since the platform has no parameters for them. Not on Windows.</value>
    public string? Ciphers { get; set; }

    /// <summary>The cipher suites of TLS 1.3 that are agreed on, the preferred one first, by their registered names with <c>:</c> between. HAProxy:
    /// <c>ciphersuites</c>.</summary>
    /// <value>Null by default: what the platform takes; as <see cref="Ciphers"/> otherwise.</value>
    public string? CipherSuites { get; set; }

    /// <summary>Whether of the ciphers that both sides have the one is agreed on that the client prefers. HAProxy: <c>prefer-client-ciphers</c>.</summary>
    /// <value>False by default: the one that comes first here. Not on Windows.</value>
    public bool PrefersClientCiphers { get; set; }

    /// <summary>Whether clients may take up an earlier session, which spares both sides most of a handshake. HAProxy: false for <c>no-tls-tickets</c>, which
    /// leaves HAProxy its cache of sessions; the platform has tickets alone.</summary>
    /// <value>True by default.</value>
    public bool ResumesSessions { get; set; } = true;

    /// <summary>How much is kept of what each client says first, to tell programs apart by: <c>ssl_fc_cipherlist_bin</c>, <c>ssl_fc_extlist_bin</c> and the like
    /// have something to say then. HAProxy: <c>tune.ssl.capture-buffer-size</c>.</summary>
    /// <value>In bytes, for each connection while it lasts; at least 1. Null by default: nothing is kept.</value>
    public int? CapturedHelloBytes { get; set; }

    /// <summary>The application protocols offered to clients that ask (ALPN), the preferred one first. HAProxy: <c>alpn</c>.</summary>
    /// <value><see langword="null"/> by default, which offers <c>http/1.1</c>; an empty list takes no part in ALPN. Names are 1 to
    /// 255 bytes long. A client that asks for none of them is refused; one that does not ask is not.</value>
    public IReadOnlyList<string>? ApplicationProtocols { get; set; }
}
