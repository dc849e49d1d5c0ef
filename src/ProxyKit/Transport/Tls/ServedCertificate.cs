using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Transport.Tls;

/// <summary>A certificate of a bind, ready to be served, and what is agreed on with those who get it.</summary>
internal sealed class ServedCertificate
{
    private const string RsaKey = "1.2.840.113549.1.1.1", CurveKey = "1.2.840.10045.2.1";

    private readonly HashSet<string> _excluded;
    private readonly SslServerAuthenticationOptions _options;
    private readonly ClientCipherOrder? _clientOrder;

    /// <summary>Reads a certificate.</summary>
    /// <exception cref="IOException">The file cannot be used; the message names it.</exception>
    public ServedCertificate(string path, BindTlsOptions bind, BindCertificateOptions? own, ClientVerifier? verifier, IssuerChains? issuers)
    {
        var certificate = PemFiles.ReadCertificateWithKey(path, own?.KeyPath);
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
        // Offline: the chain is what the file says; nothing is fetched but, where that is wanted, what the authority has to say of the certificate. One context for each, since sessions are taken up within one only: none is where other
        // authorities are asked for.
        var chain = PemFiles.ReadCertificates(path);
        var context = SslStreamCertificateContext.Create(
            certificate,
            issuers?.Complete(chain) ?? chain,
            offline: !((own?.StaplesOcsp ?? bind.StaplesOcsp) && NamesResponder(certificate)),
            verifier is { Named.Count: > 0 } ? SslCertificateTrust.CreateForX509Collection(verifier.Named, sendTrustInHandshake: OperatingSystem.IsLinux()) : null);
        var protocols = TlsVersions.Between(own?.MinimumProtocol ?? bind.MinimumProtocol, own?.MaximumProtocol ?? bind.MaximumProtocol);
        SslServerAuthenticationOptions Make(CipherSuitesPolicy? ciphers) => new()
        {
            ServerCertificateContext = context,
            EnabledSslProtocols = protocols,
            CipherSuitesPolicy = ciphers,
            ApplicationProtocols = (own?.ApplicationProtocols ?? bind.ApplicationProtocols) is { } names
                ? [.. names.Select(static name => new SslApplicationProtocol(name))]
                : [SslApplicationProtocol.Http11],
            ClientCertificateRequired = verifier is not null, // asked for; what becomes of one who has none is the verifier's to say
            CertificateChainPolicy = verifier?.Policy,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
            AllowTlsResume = bind.ResumesSessions,
        };
        var (ciphers, suites) = (own?.Ciphers ?? bind.Ciphers, own?.CipherSuites ?? bind.CipherSuites);
        _options = Make(OfferedCiphers.PolicyOf(ciphers, suites));
        if (bind.PrefersClientCiphers)
        {
            var offered = OfferedCiphers.Of(ciphers, suites);
            _clientOrder = new ClientCipherOrder(offered, KeyKind, (protocols & SslProtocols.Tls13) != 0, _options, first => Make(offered.ToPolicy(first)));
        }
    }

    /// <summary>Whether a certificate says who tells whether it was revoked. Others are none to ask about, and the platform would look for what else is missing.</summary>
    private static bool NamesResponder(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509AuthorityInformationAccessExtension>().Any(static e => e.EnumerateOcspUris().Any());

    /// <summary>Where it was read from.</summary>
    public string Path { get; }

    public CertificateKeyKind KeyKind { get; }

    /// <summary>The names that it is for, in lower case.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether it is one for those whom no other is for.</summary>
    public bool IsDefault { get; }

    /// <summary>Whether <see cref="OptionsFor"/> looks at what a client says.</summary>
    public bool AsksClients => _clientOrder is not null;

    /// <summary>Who judges the certificates of clients; null where none are asked for.</summary>
    public ClientVerifier? Verifier { get; }

    /// <summary>The options for a client, by what it says.</summary>
    public SslServerAuthenticationOptions OptionsFor(in ClientHello hello) => _clientOrder?.For(hello) ?? _options;

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
