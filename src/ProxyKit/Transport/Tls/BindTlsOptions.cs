using System.Security.Authentication;

namespace ProxyKit.Transport.Tls;

/// <summary>How a bind encrypts: its certificate and what it agrees to. HAProxy: <c>bind … ssl crt</c>.</summary>
public sealed class BindTlsOptions
{
    /// <summary>The certificate file. HAProxy: <c>crt</c>.</summary>
    /// <value>The path of a PEM file with the certificate first and the certificates between it and the root after it. The private key,
    /// without a password, is in the same file or in one beside it with <c>.key</c> added to the name or in place of its
    /// extension. Read once, when the configuration is built. There is no default.</value>
    public string? CertificatePath { get; set; }

    /// <summary>The oldest version of TLS that clients may use. HAProxy: <c>ssl-min-ver</c>.</summary>
    /// <value><see cref="SslProtocols.Tls12"/> by default; the only other value is <see cref="SslProtocols.Tls13"/>.</value>
    public SslProtocols MinimumProtocol { get; set; } = SslProtocols.Tls12; // as HAProxy since 2.2

    /// <summary>The application protocols offered to clients that ask (ALPN), the preferred one first. HAProxy: <c>alpn</c>.</summary>
    /// <value><see langword="null"/> by default, which offers <c>http/1.1</c>; an empty list takes no part in ALPN. Names are 1 to
    /// 255 bytes long. A client that asks for none of them is refused; one that does not ask is not.</value>
    public IReadOnlyList<string>? ApplicationProtocols { get; set; }
}
