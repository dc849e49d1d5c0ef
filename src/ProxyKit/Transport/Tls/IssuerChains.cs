using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Transport.Tls;

/// <summary>The chains in the files of a directory, for certificates whose own files have none.</summary>
internal sealed class IssuerChains
{
    private readonly List<X509Certificate2Collection> _chains = [];

    /// <exception cref="IOException">The directory or a file of it cannot be used; the message names it.</exception>
    public IssuerChains(string path)
    {
        string[] files;
        try
        {
            files = Directory.GetFiles(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new IOException($"{path}: cannot be read: {e.Message}", e);
        }

        foreach (var file in files.Where(static f => Path.GetFileName(f)[0] != '.').Order(StringComparer.Ordinal))
        {
            if (PemFiles.ReadAnyCertificates(file) is { Count: > 0 } chain)
            {
                _chains.Add(chain);
            }
        }
    }

    /// <summary>What stands between a certificate and the root: what its file has besides it, else the first chain that begins with its issuer.</summary>
    /// <param name="own">What its file has, itself first.</param>
    public X509Certificate2Collection Complete(X509Certificate2Collection own) =>
        own.Count > 1 ? own : _chains.Find(chain => HasIssued(chain[0], own[0])) ?? own;

    private static bool HasIssued(X509Certificate2 issuer, X509Certificate2 certificate)
    {
        if (!issuer.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData))
        {
            return false;
        }

        // Authorities that have renewed their key are told apart by it, where both say which it is.
        var wanted = certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier;
        var present = issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault()?.SubjectKeyIdentifierBytes;
        return wanted is null || present is null || wanted.Value.Span.SequenceEqual(present.Value.Span);
    }
}
