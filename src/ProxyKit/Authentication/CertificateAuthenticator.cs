using System.Runtime.CompilerServices;
using System.Text.Json;
using ProxyKit.Identities;
using ProxyKit.Rules;
using ProxyKit.Rules.Fetches;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Authentication;

/// <summary>Believes those who have proven, when their connection was opened, that a certificate is theirs.</summary>
internal sealed class CertificateAuthenticator(CertificateOptions options, TimeProvider time) : Authenticator
{
    private readonly HashSet<string> _fingerprints = options.Fingerprints.Select(CertificateOptions.Plain).ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> _issuers = options.Issuers.ToHashSet(StringComparer.Ordinal);

    /// <summary>What was found out, for as long as a connection has the certificate: it is the same at each request.</summary>
    private readonly ConditionalWeakTable<ClientCertificate, StrongBox<AuthenticationOutcome>> _known = [];

    /// <summary>No challenge of HTTP asks for one: that was for the handshake.</summary>
    public override string? ChallengeScheme => null;

    public override AuthenticationOutcome Authenticate(RuleContext context)
    {
        if (context.Session.Tls?.ClientCertificate is not { } certificate)
        {
            return AuthenticationOutcome.Absent;
        }

        if (certificate.Verify != VerifyError.None || time.GetUtcNow().UtcTicks >= certificate.ExpiresAt)
        {
            return AuthenticationOutcome.Refused(AuthenticationFault.UntrustedCertificate); // connections may outlast certificates
        }

        if (!_known.TryGetValue(certificate, out var known))
        {
            known = new(Judge(certificate));
            _known.AddOrUpdate(certificate, known);
        }

        return known.Value;
    }

    private AuthenticationOutcome Judge(ClientCertificate certificate)
    {
        if (CertificateNaming.Of(certificate.Der) is not { } names || names.IdentityOf(options.Identity) is not { Length: > 0 } identity)
        {
            return AuthenticationOutcome.Refused(AuthenticationFault.MalformedCredentials);
        }

        var isListed = (_fingerprints.Count == 0 && _issuers.Count == 0) || _fingerprints.Contains(names.Fingerprint) || _issuers.Contains(names.Issuer);
        return isListed
            ? AuthenticationOutcome.Of(new ClientPrincipal("certificate", ClaimSet.Of(writer => Write(writer, identity, names))))
            : AuthenticationOutcome.Refused(AuthenticationFault.UnknownCertificate);
    }

    private static void Write(Utf8JsonWriter writer, string identity, CertificateNaming names)
    {
        writer.WriteString("sub", identity);
        writer.WriteString("subject", names.Subject);
        writer.WriteString("issuer", names.Issuer);
        writer.WriteString("serial", names.Serial);
        writer.WriteString("fingerprint", names.Fingerprint);
        WriteAll(writer, "hosts", names.Hosts);
        WriteAll(writer, "emails", names.Emails);
        WriteAll(writer, "uris", names.Uris);
    }

    private static void WriteAll(Utf8JsonWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
