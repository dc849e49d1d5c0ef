using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyKit.Conformance.Tls;

namespace ProxyKit.Conformance.HAProxy;

/// <summary>ProxyKit and Debian's HAProxy, with the same words about clients' certificates and the same clients: both let the same ones in, and say the
/// same of them.</summary>
public sealed class CertificateDifferentialTests() : TlsTest(Carrier.Sockets)
{
    private const string Seen = "%[ssl_c_used] %[ssl_fc_has_crt] %[ssl_c_err] %[ssl_c_ca_err] %[ssl_c_ca_err_depth] %[ssl_c_s_dn] %[ssl_c_s_dn(,0,rfc2253)] "
        + "%[ssl_c_i_dn(CN)] %[ssl_c_serial,hex] %[ssl_c_sha1,hex] %[ssl_c_notbefore] %[ssl_c_notafter] %[ssl_c_key_alg] %[ssl_c_sig_alg] %[ssl_c_version]";

    [Theory]
    [InlineData("verify required ca-file {ca}")]
    [InlineData("verify optional ca-file {ca}")]
    [InlineData("verify optional ca-file {ca} crt-ignore-err all ca-ignore-err all")]
    [InlineData("verify optional ca-file {ca} crt-ignore-err 10,18")]
    [InlineData("verify optional ca-file {ca} ca-ignore-err 20")]
    [InlineData("verify required ca-file {ca} crl-file {crl}")]
    [InlineData("verify optional ca-file {ca} crl-file {crl} crt-ignore-err all ca-ignore-err all")]
    [InlineData("verify required ca-file {intermediate}")]
    public async Task Both_let_the_same_clients_in(string words)
    {
        using var other = new TestAuthority();
        using var revoked = Authority.IssueClient("CN=revoked");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var alone = new CertificateRequest("CN=alone", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        (string Name, (X509Certificate2? Certificate, X509Certificate2? Above) Client)[] clients =
        [
            ("none", (null, null)),
            ("good", (Authority.IssueClient("CN=good, O=\"Cli, Inc\", C=FR"), Authority.Intermediate)),
            ("by the root", (Authority.IssueClient("CN=direct", byRoot: true), null)),
            ("expired", (Authority.IssueClient("CN=old", DateTimeOffset.UtcNow.AddHours(-1)), Authority.Intermediate)),
            ("revoked", (revoked, Authority.Intermediate)),
            ("of others", (other.IssueClient("CN=eve"), other.Intermediate)),
            ("of others, no chain", (other.IssueClient("CN=eve"), null)),
            ("of its own", (alone, null)),
            ("for servers", (Authority.IssueClient("CN=server", configure: static r => r.CertificateExtensions.Add(
                new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false))), Authority.Intermediate)),
        ];
        words = words
            .Replace("{ca}", Authority.CaPath, StringComparison.Ordinal)
            .Replace("{crl}", Authority.Revoke(revoked), StringComparison.Ordinal)
            .Replace("{intermediate}", Authority.Write("intermediate.pem", Authority.Intermediate.ExportCertificatePem()), StringComparison.Ordinal);
        var config = $$"""
            defaults
                mode http
                timeout client 10s
                timeout connect 5s
                timeout server 10s
            frontend f
                bind 127.0.0.1:{port} ssl crt {{Authority.Issue()}} {{words}}
                http-request return status 200 content-type text/plain lf-string "{{Seen}}"

            """;

        await TlsDifferential.AssertSameAsync(config, clients, AskAsync);
        foreach (var (_, (certificate, _)) in clients)
        {
            certificate?.Dispose();
        }
    }

    private static async Task<string> AskAsync(IPEndPoint address, (X509Certificate2? Certificate, X509Certificate2? Above) shown)
    {
        var (certificate, above) = shown;
        try
        {
            await using var plain = await WireClient.ConnectAsync(address);
            await using var client = await plain.SecureAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = static (_, theirs, _, _) => theirs is not null, // made for this test
                AllowTlsResume = false,
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, above is null ? null : [above], offline: true),
            });
            return (await GetAsync(client)).Text;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return "refused";
        }
    }
}
