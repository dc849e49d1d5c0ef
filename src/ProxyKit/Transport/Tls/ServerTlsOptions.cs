using System.Security.Authentication;

namespace ProxyKit.Transport.Tls;

/// <summary>How connections to a server are encrypted, and how the server has to prove who it is. HAProxy: <c>server … ssl</c>.</summary>
public sealed class ServerTlsOptions
{
    /// <summary>The name that the server's certificate must be for, also sent as SNI. HAProxy: <c>sni str(...)</c> and <c>verifyhost</c>;
    /// <see cref="Backends.ServerOptions.TlsHostName"/> is for names that requests say.</summary>
    /// <value><see langword="null"/> by default, which takes the name or address that is connected to. An address is compared with the
    /// addresses in the certificate, and not sent.</value>
    public string? HostName { get; set; }

    /// <summary>The authorities that the server's certificate may come from. HAProxy: <c>ca-file</c>.</summary>
    /// <value>The path of a PEM file with one or more certificates, read once, when the configuration is built; they alone are trusted then.
    /// <see langword="null"/> by default: those that the system trusts.</value>
    public string? CaPath { get; set; }

    /// <summary>The lists of certificates that were revoked. HAProxy: <c>crl-file</c>.</summary>
    /// <value>The path of a PEM file with a list of each authority of a server's chain, the root included: a certificate whose authority has no
    /// list does not hold. Read once, when the configuration is built. <see langword="null"/> by default: nothing is known to be revoked.</value>
    public string? CrlPath { get; set; }

    /// <summary>The certificate that is shown to servers that ask for one, with its key. HAProxy: <c>crt</c>.</summary>
    /// <value>The path of a PEM file, as of <see cref="BindTlsOptions.CertificatePath"/>, but of one file. <see langword="null"/> by default: none is
    /// shown.</value>
    public string? CertificatePath { get; set; }

    /// <summary>Whether the server's certificate is verified: its chain, its time and its name. HAProxy: <c>verify required</c>.</summary>
    /// <value>True by default. False leaves the connection open to anyone who can place himself between this machine and the server;
    /// for tests only. HAProxy: <c>verify none</c>.</value>
    public bool Verify { get; set; } = true;

    /// <summary>The oldest version of TLS that the server may use. HAProxy: <c>ssl-min-ver</c>.</summary>
    /// <value><see cref="SslProtocols.Tls12"/> by default; the only other value is <see cref="SslProtocols.Tls13"/>.</value>
    public SslProtocols MinimumProtocol { get; set; } = SslProtocols.Tls12;

    /// <summary>The newest version of TLS that the server may use. HAProxy: <c>ssl-max-ver</c>.</summary>
    /// <value>Null by default: the newest that the platform has. <see cref="SslProtocols.Tls12"/> or <see cref="SslProtocols.Tls13"/>, and no older than
    /// <see cref="MinimumProtocol"/>.</value>
    public SslProtocols? MaximumProtocol { get; set; }

    /// <summary>The ciphers of TLS 1.2 that are offered to the server, the preferred one first, as OpenSSL writes them: see <see cref="CipherList"/>. HAProxy:
    /// <c>ciphers</c>.</summary>
    /// <value>Null by default: what the platform takes. Where it is set, and where <see cref="CipherSuites"/> is, no session is taken up again: the platform
    /// keeps none then. Not on Windows.</value>
    public string? Ciphers { get; set; }

    /// <summary>The cipher suites of TLS 1.3 that are offered to the server, the preferred one first, by their registered names with <c>:</c> between.
    /// HAProxy: <c>ciphersuites</c>.</summary>
    /// <value>Null by default: what the platform takes; as <see cref="Ciphers"/> otherwise.</value>
    public string? CipherSuites { get; set; }

    /// <summary>Whether an earlier session is taken up where the server lets us. HAProxy: false for <c>no-ssl-reuse</c> and
    /// <c>no-tls-tickets</c>.</summary>
    /// <value>True by default.</value>
    public bool ResumesSessions { get; set; } = true;

    /// <summary>Whether the server may have the handshake of a connection done again, which TLS 1.2 knows alone. HAProxy: false for
    /// <c>no-renegotiate</c>.</summary>
    /// <value>True by default: some servers ask for certificates so.</value>
    public bool AllowsRenegotiation { get; set; } = true;

    /// <summary>The application protocols that are offered to the server (ALPN), the preferred one first. HAProxy: <c>alpn</c>.</summary>
    /// <value>Null by default, which takes no part in ALPN, as an empty list does. Names are 1 to 255 bytes long; in HTTP mode only <c>http/1.1</c> and
    /// <c>http/1.0</c> may be named, since nothing else is spoken to servers. One that insists on another protocol ends the handshake.</value>
    public IReadOnlyList<string>? ApplicationProtocols { get; set; }

    /// <summary>What connections depend on, as one text: what the files say included, since a connection that was verified by others than the authorities of
    /// today, or before a certificate was revoked, is not one to keep.</summary>
    internal string ToKey() =>
        $"tls {HostName} {PemFiles.ToKey(CaPath)} {PemFiles.ToKey(CrlPath)} {PemFiles.ToKey(CertificatePath)} {Verify} {MinimumProtocol}-{MaximumProtocol} {Ciphers} {CipherSuites} {ResumesSessions} {AllowsRenegotiation} {string.Join('\n', ApplicationProtocols ?? [])}";
}
