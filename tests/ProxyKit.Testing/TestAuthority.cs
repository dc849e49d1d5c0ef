using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Testing;

/// <summary>A certificate authority of a test's own: a root, one authority under it, and what that issues, as PEM files in a folder
/// that goes away with it.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-tls-").FullName;
    private readonly X509Certificate2 _root, _intermediate;

    /// <summary>Makes the two authorities and writes the root to <see cref="CaPath"/>.</summary>
    public TestAuthority()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var root = new CertificateRequest($"CN=test root {Guid.NewGuid():N}", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        root.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(root.PublicKey, critical: false));
        _root = root.CreateSelfSigned(DateTimeOffset.UtcNow - Life, DateTimeOffset.UtcNow + Life);

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var intermediate = new CertificateRequest($"CN=test intermediate {Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        intermediate.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        intermediate.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(intermediate.PublicKey, critical: false));
        using var signed = intermediate.Create(_root, _root.NotBefore, _root.NotAfter, RandomNumberGenerator.GetBytes(8));
        _intermediate = signed.CopyWithPrivateKey(key);

        CaPath = Write("ca.pem", _root.ExportCertificatePem());
    }

    /// <summary>The root, as a file for those who are to trust it.</summary>
    public string CaPath { get; }

    /// <summary>The root, for those who are to trust it.</summary>
    public X509Certificate2 Root => _root;

    /// <summary>The authority between the root and what is issued.</summary>
    public X509Certificate2 Intermediate => _intermediate;

    /// <summary>Issues a certificate for names and addresses; <c>localhost</c> and 127.0.0.1 when none are given.</summary>
    /// <returns>The path of a file with the certificate, the authority that issued it, and the key.</returns>
    public string Issue(params string[] names) => Issue(DateTimeOffset.UtcNow + (Life / 2), names);

    /// <summary>Issues a certificate that is valid until then.</summary>
    public string Issue(DateTimeOffset until, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Guid.NewGuid():N}", key, HashAlgorithmName.SHA256);
        var subject = new SubjectAlternativeNameBuilder();
        foreach (var name in names is [] ? ["localhost", "127.0.0.1"] : names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                subject.AddIpAddress(address);
            }
            else
            {
                subject.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(subject.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_intermediate, true, false));
        using var certificate = request.Create(_intermediate, _root.NotBefore, until, RandomNumberGenerator.GetBytes(8));
        return Write(
            $"{Guid.NewGuid():N}.pem",
            $"{certificate.ExportCertificatePem()}\n{_intermediate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }

    /// <summary>Issues a certificate for a client, under the authority between, or under the root itself.</summary>
    /// <param name="subject">Its name.</param>
    /// <param name="until">Until when it is valid; a day by default.</param>
    /// <param name="byRoot">Whether the root has issued it.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The certificate with its key.</returns>
    public X509Certificate2 IssueClient(
        string subject = "CN=client", DateTimeOffset? until = null, bool byRoot = false, Action<CertificateRequest>? configure = null)
    {
        var issuer = byRoot ? _root : _intermediate;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, true, false));
        configure?.Invoke(request);
        using var certificate = request.Create(issuer, _root.NotBefore, until ?? DateTimeOffset.UtcNow + (Life / 2), RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Writes a certificate with its key into the folder, and the authority between.</summary>
    /// <returns>The path of the file.</returns>
    public string Write(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var key = certificate.GetECDsaPrivateKey();
        return Write(
            $"{Guid.NewGuid():N}.pem",
            $"{certificate.ExportCertificatePem()}\n{_intermediate.ExportCertificatePem()}\n{key!.ExportPkcs8PrivateKeyPem()}\n"); // those issued here have one
    }

    /// <summary>Writes the lists of both authorities, with what was revoked on that of the one between.</summary>
    /// <returns>The path of the file.</returns>
    public string Revoke(params X509Certificate2[] revoked) => Revoke(DateTimeOffset.UtcNow.AddDays(1), revoked);

    /// <summary>The same, for as long as that.</summary>
    public string Revoke(DateTimeOffset until, params X509Certificate2[] revoked)
    {
        ArgumentNullException.ThrowIfNull(revoked);
        var own = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
        {
            own.AddEntry(certificate);
        }

        var lists = new[] { own.Build(_intermediate, 1, until, HashAlgorithmName.SHA256, thisUpdate: _root.NotBefore), new CertificateRevocationListBuilder().Build(_root, 1, until, HashAlgorithmName.SHA256, thisUpdate: _root.NotBefore) };
        return Write($"{Guid.NewGuid():N}.crl", string.Join('\n', lists.Select(static l => PemEncoding.WriteString("X509 CRL", l))) + "\n");
    }

    /// <summary>Writes a file into the folder.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _root.Dispose();
        _intermediate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
