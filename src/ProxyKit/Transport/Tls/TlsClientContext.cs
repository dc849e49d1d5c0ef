using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Transport.Tls;

/// <summary>What the handshakes with one server have in common, made once: whom to trust, who we are, and the options.</summary>
internal sealed class TlsClientContext
{
    private string? _hostName; // set once
    private List<SslApplicationProtocol>? _protocolNames; // likewise
    private readonly bool _verify;
    private readonly SslProtocols _protocols;
    private readonly CipherSuitesPolicy? _ciphers;
    private readonly bool _resumes, _renegotiates;
    private readonly X509ChainPolicy _trust;
    private readonly RevocationLists? _lists;
    private readonly SslStreamCertificateContext? _certificate;
    private readonly BufferPool _pool;
    private volatile bool _keepsChain;

    /// <summary>Reads the files. The options must be in range: <see cref="Check"/>.</summary>
    /// <exception cref="IOException">A file cannot be read or used; the message names it.</exception>
    public TlsClientContext(ServerTlsOptions options, BufferPool pool)
    {
        _hostName = options.HostName;
        _verify = options.Verify;
        _protocols = TlsVersions.Between(options.MinimumProtocol, options.MaximumProtocol);
        _ciphers = OfferedCiphers.PolicyOf(options.Ciphers, options.CipherSuites);
        _resumes = options.ResumesSessions;
        _renegotiates = options.AllowsRenegotiation;
        _protocolNames = NamesOf(options.ApplicationProtocols);
        _pool = pool;
        _trust = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true, // a handshake waits for nobody but the server
        };
        if (options.CaPath is { } path)
        {
            _trust.TrustMode = X509ChainTrustMode.CustomRootTrust;
            _trust.CustomTrustStore.AddRange(PemFiles.ReadCertificates(path));
        }

        _lists = options.CrlPath is { } list ? new RevocationLists(list) : null;
        _certificate = options.CertificatePath is { } own
            ? SslStreamCertificateContext.Create(PemFiles.ReadCertificateWithKey(own), PemFiles.ReadCertificates(own), offline: true)
            : null;
    }

    /// <summary>What is wrong with the options or the file they name, as "Property: fault"; null when nothing is.</summary>
    public static string? Check(ServerTlsOptions options)
    {
        return TlsVersions.FaultOf(options.MinimumProtocol, options.MaximumProtocol)
            ?? OfferedCiphers.FaultOf(options.Ciphers, options.CipherSuites)
            ?? ProtocolNames.FaultOf(options.ApplicationProtocols)
            ?? PemFiles.FaultOf(options.CaPath, nameof(options.CaPath), static path => PemFiles.ReadCertificates(path))
            ?? PemFiles.FaultOf(options.CrlPath, nameof(options.CrlPath), static path => PemFiles.ReadRevocationLists(path))
            ?? PemFiles.FaultOf(options.CertificatePath, nameof(options.CertificatePath), static path => PemFiles.ReadCertificateWithKey(path).Dispose());
    }

    /// <summary>The same for another name.</summary>
    public TlsClientContext For(string hostName)
    {
        var other = (TlsClientContext)MemberwiseClone();
        other._hostName = hostName;
        return other;
    }

    /// <summary>The same with other application protocols.</summary>
    public TlsClientContext Offering(IReadOnlyList<string> protocols)
    {
        var other = (TlsClientContext)MemberwiseClone();
        other._protocolNames = NamesOf(protocols);
        return other;
    }

    /// <summary>Has connections keep the certificates that the server sends: a rule asks for them. Those that are open already have none.</summary>
    public void KeepChain() => _keepsChain = true;

    /// <summary>Greets a server. On failure the inner connection is closed.</summary>
    /// <param name="inner">The connection to the server.</param>
    /// <param name="hostName">The name or address to verify, where the options name none. Without either, a server that has to be
    /// verified cannot be: <see cref="TransportError.TlsCertificate"/>.</param>
    /// <param name="cancellationToken">Breaks the connection off; the result is then <see cref="TransportError.Aborted"/>.</param>
    public async ValueTask<ConnectResult> ConnectAsync(Connection inner, string? hostName, CancellationToken cancellationToken)
    {
        var verdict = new Verdict(_verify, _lists, _keepsChain);
        var stream = new ConnectionStream(inner, _pool);
        var ssl = new SslStream(stream, leaveInnerStreamOpen: true, verdict.Accepts);
        var handshake = ssl.AuthenticateAsClientAsync(OptionsFor(_hostName ?? hostName), CancellationToken.None);
        var result = await TlsHandshake.FinishAsync(inner, stream, ssl, handshake, cancellationToken).ConfigureAwait(false);
        if (result.Connection is TlsConnection made)
        {
            made.ServerChain = verdict.Chain;
        }

        return verdict.HasRefused ? ConnectResult.Failed(TransportError.TlsCertificate) : result;
    }

    private static List<SslApplicationProtocol>? NamesOf(IReadOnlyList<string>? names) =>
        names is { Count: > 0 } ? [.. names.Select(static name => new SslApplicationProtocol(name))] : null;

    private SslClientAuthenticationOptions OptionsFor(string? hostName) => new()
    {
        TargetHost = hostName,
        EnabledSslProtocols = _protocols,
        CertificateChainPolicy = _trust,
        ClientCertificateContext = _certificate,
        CipherSuitesPolicy = _ciphers,
        ApplicationProtocols = _protocolNames,
        AllowTlsResume = _resumes,
        AllowRenegotiation = _renegotiates,
    };

    /// <summary>What was said about the certificate of one server on one connection.</summary>
    private sealed class Verdict(bool verify, RevocationLists? lists, bool keepsChain)
    {
        public bool HasRefused { get; private set; }

        /// <summary>The certificates that it has sent, one behind the other; empty where they are not to be kept.</summary>
        public byte[] Chain { get; private set; } = [];

        public bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            HasRefused = verify && (errors != SslPolicyErrors.None || (lists is not null && (chain is null || !lists.Clear(chain))));
            if (keepsChain && !HasRefused && certificate is not null && chain is not null)
            {
                Chain = Received(certificate.GetRawCertData(), chain.ChainPolicy.ExtraStore);
            }

            return !HasRefused;
        }

        /// <summary>Platforms differ in whether the server's own certificate is among the others.</summary>
        private static byte[] Received(byte[] own, X509Certificate2Collection others) =>
            [.. own, .. others.Select(static c => c.RawData).Where(der => !der.AsSpan().SequenceEqual(own)).SelectMany(static der => der)];
    }
}
