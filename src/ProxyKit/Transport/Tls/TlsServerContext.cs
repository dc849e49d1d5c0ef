using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Runtime.CompilerServices;

namespace ProxyKit.Transport.Tls;

/// <summary>What the handshakes of one bind have in common, made once: the certificates with their chains, and the options.</summary>
internal sealed class TlsServerContext
{
    /// <summary>A fatal unrecognized_name (RFC 6066 §3), as a record.</summary>
    private static readonly byte[] UnrecognizedName = [0x15, 3, 3, 0, 2, 2, 112];

    private readonly CertificateChoice _choice;
    private readonly BufferPool _pool;
    private readonly int? _capturedBytes;

    /// <summary>Reads the certificates. The options must be in range: <see cref="Check"/>.</summary>
    /// <exception cref="IOException">A certificate cannot be used; the message names the file.</exception>
    public TlsServerContext(BindTlsOptions options, BufferPool pool)
    {
        _pool = pool;
        _capturedBytes = options.CapturedHelloBytes;
        var verifiers = new Dictionary<ClientCertificateOptions, ClientVerifier>(ReferenceEqualityComparer.Instance);
        ClientVerifier? VerifierOf(ClientCertificateOptions? wanted) => wanted is null ? null
            : verifiers.TryGetValue(wanted, out var verifier) ? verifier
            : verifiers[wanted] = new ClientVerifier(wanted);

        var issuers = options.IssuersPath is { } directory ? new IssuerChains(directory) : null;
        var certificates = new List<ServedCertificate>();
        foreach (var path in options.CertificatePath is { } first ? CertificateFiles.Of(first) : [])
        {
            certificates.Add(new ServedCertificate(path, options, null, VerifierOf(options.ClientCertificates), issuers));
        }

        foreach (var own in options.Certificates)
        {
            foreach (var path in CertificateFiles.Of(own.Path))
            {
                certificates.Add(new ServedCertificate(path, options, own, VerifierOf(own.AsksForNoCertificate ? null : own.ClientCertificates ?? options.ClientCertificates), issuers));
            }
        }

        _choice = new CertificateChoice(certificates, options.RefusesUnknownNames);
    }

    /// <summary>What is wrong with the options or the files they name, as "Property: fault"; null when nothing is.</summary>
    public static string? Check(BindTlsOptions options) => BindTlsCheck.FaultOf(options);

    /// <summary>Greets a client. On failure the inner connection is closed.</summary>
    /// <param name="inner">The client's connection; none of its TLS may have been received yet.</param>
    /// <param name="cancellationToken">Breaks the connection off; the result is then <see cref="TransportError.Aborted"/>.</param>
    [SuppressMessage("Security", "CA5359", Justification = "The verdict is in the judgement, and closes the connection below.")]
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    public async ValueTask<ConnectResult> AcceptAsync(Connection inner, CancellationToken cancellationToken)
    {
        var stream = new ConnectionStream(inner, _pool);
        var served = _choice.Only;
        var options = served is { AsksClients: false } && _capturedBytes is null ? served.OptionsFor(default) : null;
        HelloCapture? capture = null;
        using (cancellationToken.UnsafeRegister(static connection => ((Connection)connection!).Abort(), inner))
        {
            // Who has said nothing yet costs no TLS, and SslStream, which finds its first bytes here, waits once less.
            var isThere = await stream.WaitForSomeAsync().ConfigureAwait(false);
            while (options is null && isThere && Choose(stream, out served, out options, out capture) == HelloStatus.TooShort)
            {
                isThere = await stream.WaitForMoreAsync().ConfigureAwait(false);
            }

            if (served is null || options is null)
            {
                return await RefuseAsync(inner, stream).ConfigureAwait(false);
            }
        }

        var judgement = served.Verifier is { } verifier ? new ClientJudgement(verifier, stream) : null;
        var ssl = judgement is null
            ? new SslStream(stream, leaveInnerStreamOpen: true)
            : new SslStream(stream, leaveInnerStreamOpen: true, judgement.Hear);
        var handshake = ssl.AuthenticateAsServerAsync(options, CancellationToken.None);
        var result = await TlsHandshake.FinishAsync(inner, stream, ssl, handshake, cancellationToken).ConfigureAwait(false);
        judgement?.Release();
        if (result.Connection is TlsConnection made)
        {
            (made.CertificateName, made.ClientCertificate, made.Hello) = (served.Path, judgement?.Certificate, capture);
            if (judgement is { Refusal: not TransportError.None and var refusal })
            {
                made.Dispose();
                return ConnectResult.Failed(refusal);
            }
        }

        return result;
    }

    private HelloStatus Choose(ConnectionStream stream, out ServedCertificate? served, out SslServerAuthenticationOptions? options, out HelloCapture? capture)
    {
        var status = ClientHello.Read(stream.Buffered, out var hello);
        capture = status == HelloStatus.Complete && _capturedBytes is { } most ? new HelloCapture(hello, most) : null;
        served = status switch
        {
            HelloStatus.Complete => _choice.For(hello),
            HelloStatus.TooShort => null,
            _ => _choice.Only, // a hello without extensions, or in several records, is one for the platform all the same
        };
        options = served?.OptionsFor(hello);
        return status;
    }

    /// <summary>Turns away who asks for a name that there is no certificate for, and who does not begin with a whole hello: its name would be known to the
    /// platform, and not here, where what goes with the name is chosen.</summary>
    private static async ValueTask<ConnectResult> RefuseAsync(Connection inner, ConnectionStream stream)
    {
        var error = TlsHandshake.FailureOf(stream);
        if (error == TransportError.TlsHandshake && ClientHello.Read(stream.Buffered, out _) == HelloStatus.Complete)
        {
            stream.ReturnBuffer();
            await inner.SendAsync(UnrecognizedName).ConfigureAwait(false);
            await inner.ShutdownSendAsync().ConfigureAwait(false);
        }

        stream.ReturnBuffer();
        inner.Dispose();
        return ConnectResult.Failed(error);
    }
}
