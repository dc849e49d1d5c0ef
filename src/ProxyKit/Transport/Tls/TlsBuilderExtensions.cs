using System.Security.Cryptography.X509Certificates;
using ProxyKit.Transport.Tls;

namespace ProxyKit;

/// <summary>Says which certificates a bind has, and which ones it wants of its clients.</summary>
public static class TlsBuilderExtensions
{
    /// <summary>Adds a certificate, for those who ask for one of its names. HAProxy: a further <c>crt</c>.</summary>
    /// <param name="tls">The bind's TLS.</param>
    /// <param name="path">The file, or a directory of files, as of <see cref="BindTlsOptions.CertificatePath"/>.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The same options.</returns>
    public static BindTlsOptions AddCertificate(this BindTlsOptions tls, string path, Action<BindCertificateOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(tls);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var options = new BindCertificateOptions { Path = path };
        configure?.Invoke(options);
        tls.Certificates.Add(options);
        return tls;
    }

    /// <summary>Lets nobody in who has no certificate from one of these authorities. HAProxy: <c>verify required ca-file</c>.</summary>
    /// <param name="tls">The bind's TLS.</param>
    /// <param name="caPath">A PEM file with the authorities.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The same options.</returns>
    public static BindTlsOptions RequireClientCertificate(this BindTlsOptions tls, string caPath, Action<ClientCertificateOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(caPath);
        return Want(tls, new ClientCertificateOptions { CaPath = caPath }, configure);
    }

    /// <summary>Lets nobody in who has no certificate from one of these authorities.</summary>
    /// <param name="tls">The bind's TLS.</param>
    /// <param name="authorities">The authorities; one at least.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The same options.</returns>
    public static BindTlsOptions RequireClientCertificate(
        this BindTlsOptions tls, X509Certificate2Collection authorities, Action<ClientCertificateOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(authorities);
        return Want(tls, new ClientCertificateOptions { Authorities = authorities }, configure);
    }

    /// <summary>Asks clients for a certificate from one of these authorities, and lets those in who have none. A bad one is refused. HAProxy:
    /// <c>verify optional ca-file</c>.</summary>
    /// <param name="tls">The bind's TLS.</param>
    /// <param name="caPath">A PEM file with the authorities.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The same options.</returns>
    public static BindTlsOptions AskForClientCertificate(this BindTlsOptions tls, string caPath, Action<ClientCertificateOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(caPath);
        return Want(tls, new ClientCertificateOptions { CaPath = caPath, IsRequired = false }, configure);
    }

    /// <summary>Asks clients for a certificate from one of these authorities, and lets those in who have none. A bad one is refused.</summary>
    /// <param name="tls">The bind's TLS.</param>
    /// <param name="authorities">The authorities; one at least.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The same options.</returns>
    public static BindTlsOptions AskForClientCertificate(
        this BindTlsOptions tls, X509Certificate2Collection authorities, Action<ClientCertificateOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(authorities);
        return Want(tls, new ClientCertificateOptions { Authorities = authorities, IsRequired = false }, configure);
    }

    private static BindTlsOptions Want(BindTlsOptions tls, ClientCertificateOptions options, Action<ClientCertificateOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(tls);
        configure?.Invoke(options);
        tls.ClientCertificates = options;
        return tls;
    }
}
