using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Transport.Tls;

/// <summary>How clients prove by certificates who they are (mutual TLS): its chain, its time and its purpose are verified, by the authorities that
/// are named here and no others. HAProxy: <c>verify</c>, <c>ca-file</c>, <c>crl-file</c>.</summary>
/// <remarks>A client whose certificate does not hold is cut off when the handshake is over: the platform has no way to say why.</remarks>
public sealed class ClientCertificateOptions
{
    /// <summary>Whether clients without a certificate are refused. A bad certificate is refused either way. HAProxy: <c>verify required</c>; false for
    /// <c>verify optional</c>.</summary>
    /// <value>True by default.</value>
    public bool IsRequired { get; set; } = true;

    /// <summary>The authorities that certificates may come from. HAProxy: <c>ca-file</c>.</summary>
    /// <value>The path of a PEM file with one or more certificates, read once, when the configuration is built. Null by default.</value>
    public string? CaPath { get; set; }

    /// <summary>Further authorities, which clients are not told of. HAProxy: <c>ca-verify-file</c>.</summary>
    /// <value>As of <see cref="CaPath"/>. Null by default.</value>
    public string? CaVerifyPath { get; set; }

    /// <summary>Authorities that are at hand as objects, besides those of the files.</summary>
    /// <value>Null by default.</value>
    public X509Certificate2Collection? Authorities { get; set; }

    /// <summary>Whether the authorities of the system are trusted, instead of those named: whoever gets a certificate from one of them comes in.
    /// HAProxy: <c>ca-file @system-ca</c>.</summary>
    /// <value>False by default.</value>
    public bool TrustsSystem { get; set; }

    /// <summary>Whether clients are told which authorities' certificates are wanted; the system's are never told. HAProxy: false for
    /// <c>no-ca-names</c>.</summary>
    /// <value>True by default.</value>
    public bool TellsAuthorities { get; set; } = true;

    /// <summary>The lists of certificates that were revoked. HAProxy: <c>crl-file</c>.</summary>
    /// <value>The path of a PEM file with a list of each authority of a chain, the root included: a certificate whose authority has no list does not
    /// hold. Read once, when the configuration is built. Null by default: nothing is known to be revoked.</value>
    public string? CrlPath { get; set; }

    /// <summary>What is overlooked of a client's own certificate, by OpenSSL's numbers: 10 for one that has expired. HAProxy:
    /// <c>crt-ignore-err</c>.</summary>
    /// <value>Empty by default. See docs/configuration.md for the numbers that there are.</value>
    public IList<int> IgnoredErrors { get; } = [];

    /// <summary>Whether everything is overlooked of it: then it proves nothing. HAProxy: <c>crt-ignore-err all</c>.</summary>
    /// <value>False by default.</value>
    public bool IgnoresAllErrors { get; set; }

    /// <summary>What is overlooked of the authorities above it, likewise. HAProxy: <c>ca-ignore-err</c>.</summary>
    /// <value>Empty by default.</value>
    public IList<int> IgnoredAuthorityErrors { get; } = [];

    /// <summary>Whether everything is overlooked of them: then it proves nothing. HAProxy: <c>ca-ignore-err all</c>.</summary>
    /// <value>False by default.</value>
    public bool IgnoresAllAuthorityErrors { get; set; }
}
