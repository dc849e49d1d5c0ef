using System.Security.Authentication;

namespace ProxyKit.Transport.Tls;

/// <summary>A certificate of a bind, and what is different for those who get it. HAProxy: a line of <c>crt-list</c>.</summary>
public sealed class BindCertificateOptions
{
    /// <summary>The file or directory, as <see cref="BindTlsOptions.CertificatePath"/> has it.</summary>
    public required string Path { get; init; }

    /// <summary>The file of its private key. HAProxy: <c>key</c> in a line of <c>crt-list</c> and of <c>crt-store</c>.</summary>
    /// <value>The path of a PEM file with a key that needs no password; <see cref="Path"/> is a file then, and no directory. Null by default: the key is in
    /// that file or beside it.</value>
    public string? KeyPath { get; set; }

    /// <summary>The names (SNI) that it is for: <c>api.example</c>, <c>*.example</c> (one label more, and not the bare domain),
    /// <c>!admin.example</c> (not that one, though a <c>*.</c> here is for it), and <c>*</c> for <see cref="IsDefault"/>. Case does not count.</summary>
    /// <value>Empty by default: those in the certificate, its common name and its alternative names.</value>
    public IList<string> Names { get; } = [];

    /// <summary>Whether it is one of those for clients that no other certificate is for. The first one of a bind is in any case. HAProxy:
    /// <c>default-crt</c>.</summary>
    /// <value>False by default.</value>
    public bool IsDefault { get; set; }

    /// <summary>Whether the answer of an OCSP responder goes with this one.</summary>
    /// <value>Null by default: as <see cref="BindTlsOptions.StaplesOcsp"/> says.</value>
    public bool? StaplesOcsp { get; set; }

    /// <summary>Whether who gets this one has to show a certificate.</summary>
    /// <value>Null by default: as <see cref="BindTlsOptions.ClientCertificates"/> says.</value>
    public ClientCertificateOptions? ClientCertificates { get; set; }

    /// <summary>Whether who gets this one is not asked for a certificate, although others are.</summary>
    /// <value>False by default.</value>
    public bool AsksForNoCertificate { get; set; }

    /// <summary>The oldest version of TLS for those who get this one.</summary>
    /// <value>Null by default: as <see cref="BindTlsOptions.MinimumProtocol"/> says.</value>
    public SslProtocols? MinimumProtocol { get; set; }

    /// <summary>The newest version of TLS for those who get this one.</summary>
    /// <value>Null by default: as <see cref="BindTlsOptions.MaximumProtocol"/> says.</value>
    public SslProtocols? MaximumProtocol { get; set; }

    /// <summary>The ciphers of TLS 1.2 for those who get this one.</summary>
    /// <value>Null by default: as <see cref="BindTlsOptions.Ciphers"/> says.</value>
    public string? Ciphers { get; set; }

    /// <summary>The cipher suites of TLS 1.3 for those who get this one.</summary>
    /// <value>Null by default: as <see cref="BindTlsOptions.CipherSuites"/> says.</value>
    public string? CipherSuites { get; set; }

    /// <summary>The application protocols for those who get this one.</summary>
    /// <value>Null by default: as <see cref="BindTlsOptions.ApplicationProtocols"/> says.</value>
    public IReadOnlyList<string>? ApplicationProtocols { get; set; }
}
