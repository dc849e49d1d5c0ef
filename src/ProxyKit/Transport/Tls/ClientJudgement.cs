using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Transport.Tls;

/// <summary>What is made of one client's certificate in one handshake.</summary>
/// <remarks>The platform asks when the handshake is over, and can tell the client nothing of the answer. So it is always told yes, which spares an
/// exception, and who has asked for the handshake closes the connection. Until it was asked, the answer is no.</remarks>
internal sealed class ClientJudgement(ClientVerifier verifier, ConnectionStream stream)
{
    private X509Certificate2? _shown;

    /// <summary>Why the client is refused.</summary>
    public TransportError Refusal { get; private set; } = TransportError.TlsHandshake;

    /// <summary>Its certificate; null where it has shown none.</summary>
    public ClientCertificate? Certificate { get; private set; }

    /// <summary>Called by the platform.</summary>
    public bool Hear(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        _shown = shown as X509Certificate2;
        if (_shown is null)
        {
            Refusal = verifier.IsRequired ? TransportError.TlsHandshake : TransportError.None;
        }
        else if (chain is null)
        {
            Refusal = TransportError.TlsCertificate;
        }
        else
        {
            Judge(_shown, chain, (errors & SslPolicyErrors.RemoteCertificateChainErrors) != 0);
        }

        return true;
    }

    private void Judge(X509Certificate2 shown, X509Chain chain, bool hasErrors)
    {
        try
        {
            Certificate = verifier.Judge(shown, chain, hasErrors, stream.IsResumed, out var refusal);
            Refusal = refusal;
        }
        catch (CryptographicException)
        {
            Refusal = TransportError.TlsCertificate; // an extension is not well formed
        }
        finally
        {
            foreach (var received in chain.ChainPolicy.ExtraStore)
            {
                received.Dispose(); // the platform leaves them to the finalizer
            }
        }
    }

    /// <summary>Gives back what the platform has of the certificate, which it would leave to the finalizer. The handshake must be over.</summary>
    public void Release() => _shown?.Dispose();
}
