using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Transport.Tls;

/// <summary>A certificate of a bind, ready to be served, and what is agreed on with those who get it.</summary>
internal sealed class ServedCertificate
{
    private const string RsaKey = "1.2.840.113549.1.1.1", CurveKey = "1.2.840.10045.2.1";

    private readonly HashSet<string> _excluded;

    /// <summary>Reads a certificate.</summary>
    /// <exception cref="IOException">The file cannot be used; the message names it.</exception>
    public ServedCertificate(string path, BindTlsOptions bind, BindCertificateOptions? own, ClientVerifier? verifier)
    {
        var certificate = PemFiles.ReadCertificateWithKey(path);
        Path = path;
        Verifier = verifier;
        KeyKind = certificate.GetKeyAlgorithm() switch
        {
            CurveKey => CertificateKeyKind.Ecdsa,
            RsaKey => CertificateKeyKind.Rsa,
            _ => CertificateKeyKind.Other,
        };
        var names = own is { Names.Count: > 0 }
            ? own.Names.Select(static n => n.ToLowerInvariant()).ToArray()
            : [.. CertificateNames.Of(certificate)];
        Names = [.. names.Where(static n => n[0] != '!' && n != "*")];
        _excluded = names.Where(static n => n[0] == '!').Select(static n => n[1..]).ToHashSet(StringComparer.Ordinal);
        IsDefault = own?.IsDefault == true || names.Contains("*");
        Options = new SslServerAuthenticationOptions
        {
            // Offline: the chain is what the file says; nothing is fetched. One context for each, since sessions are taken up within one only: none is
            // where other authorities are asked for.
            ServerCertificateContext = SslStreamCertificateContext.Create(
                certificate,
                PemFiles.ReadCertificates(path),
                offline: true,
                verifier is { Named.Count: > 0 } ? SslCertificateTrust.CreateForX509Collection(verifier.Named, sendTrustInHandshake: OperatingSystem.IsLinux()) : null),
            EnabledSslProtocols = TlsVersions.From(own?.MinimumProtocol ?? bind.MinimumProtocol),
            ApplicationProtocols = (own?.ApplicationProtocols ?? bind.ApplicationProtocols) is { } protocols
                ? [.. protocols.Select(name => new SslApplicationProtocol(name))]
                : [SslApplicationProtocol.Http11],
            ClientCertificateRequired = verifier is not null, // asked for; what becomes of one who has none is the verifier's to say
            CertificateChainPolicy = verifier?.Policy,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
            AllowTlsResume = true,
        };
    }

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    public CertificateKeyKind KeyKind { get; }

    /// <summary>The names that it is for, in lower case.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether it is one for those whom no other is for.</summary>
    public bool IsDefault { get; }

    public SslServerAuthenticationOptions Options { get; }

    /// <summary>Who judges the certificates of clients; null where none are asked for.</summary>
    public ClientVerifier? Verifier { get; }

    /// <summary>Whether it is not for a name although it is for <c>*.</c> and the rest of it.</summary>
    public bool Excludes(ReadOnlySpan<char> name)
    {
        if (_excluded.Count == 0)
        {
            return false;
        }

        return _excluded.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name);
    }
}
