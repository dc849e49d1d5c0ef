using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ProxyKit.Transport.Tls;

/// <summary>What the handshakes of one bind have in common, made once: the certificate with its chain, and the options.</summary>
internal sealed class TlsServerContext
{
    private readonly SslServerAuthenticationOptions _options;
    private readonly BufferPool _pool;

    /// <summary>Reads the certificate. The options must be in range: <see cref="Check"/>.</summary>
    /// <exception cref="IOException">The certificate cannot be used; the message names the file.</exception>
    public TlsServerContext(BindTlsOptions options, BufferPool pool)
    {
        var path = options.CertificatePath ?? throw new ArgumentException("A certificate file is needed.", nameof(options));
        _pool = pool;
        _options = new SslServerAuthenticationOptions
        {
            // Offline: the chain is what the file says; nothing is fetched.
            ServerCertificateContext = SslStreamCertificateContext.Create(
                PemFiles.ReadCertificateWithKey(path), PemFiles.ReadCertificates(path), offline: true),
            EnabledSslProtocols = TlsVersions.From(options.MinimumProtocol),
            ApplicationProtocols = options.ApplicationProtocols is { } names
                ? [.. names.Select(name => new SslApplicationProtocol(name))]
                : [SslApplicationProtocol.Http11],
            ClientCertificateRequired = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
            AllowTlsResume = true,
        };
    }

    /// <summary>What is wrong with the options or the file they name, as "Property: fault"; null when nothing is.</summary>
    public static string? Check(BindTlsOptions options)
    {
        if (string.IsNullOrEmpty(options.CertificatePath))
        {
            return "CertificatePath: a certificate file is needed.";
        }

        if (options.ApplicationProtocols?.FirstOrDefault(name => Encoding.UTF8.GetByteCount(name) is < 1 or > 255) is { } wrong)
        {
            return $"ApplicationProtocols: \"{wrong}\" is not 1 to 255 bytes long.";
        }

        if (TlsVersions.FaultOf(options.MinimumProtocol) is { } fault)
        {
            return fault;
        }

        try
        {
            _ = new TlsServerContext(options, BufferPool.Shared);
            return null;
        }
        catch (IOException e)
        {
            return $"CertificatePath: {e.Message}";
        }
    }

    /// <summary>Greets a client. On failure the inner connection is closed.</summary>
    /// <param name="inner">The client's connection; none of its TLS may have been received yet.</param>
    /// <param name="cancellationToken">Breaks the connection off; the result is then <see cref="TransportError.Aborted"/>.</param>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    public async ValueTask<ConnectResult> AcceptAsync(Connection inner, CancellationToken cancellationToken)
    {
        var stream = new ConnectionStream(inner, _pool);
        using (cancellationToken.UnsafeRegister(static connection => ((Connection)connection!).Abort(), inner))
        {
            // Who has said nothing yet costs no TLS, and SslStream, which finds its first bytes here, waits once less.
            await stream.WaitForSomeAsync().ConfigureAwait(false);
        }

        var ssl = new SslStream(stream, leaveInnerStreamOpen: true);
        var handshake = ssl.AuthenticateAsServerAsync(_options, CancellationToken.None);
        return await TlsHandshake.FinishAsync(inner, stream, ssl, handshake, cancellationToken).ConfigureAwait(false);
    }
}
