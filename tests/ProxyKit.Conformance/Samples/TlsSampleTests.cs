using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Conformance.Samples;

/// <summary>TLS that ends at the gateway, begins there, or passes through, as the samples have it.</summary>
public sealed class TlsSampleTests : SampleTest
{
    [Fact] // TL-05, SEC-04
    public async Task Plain_request_is_sent_to_the_encrypted_side()
    {
        await StartSampleAsync("tls-termination", OkOrigin());

        var response = await AskAsync("/a?b=c", "Host: shop.example");

        Assert.Equal((301, "https://shop.example/a?b=c", null), (response.Status, response["location"], response["strict-transport-security"]));
    }

    [Fact] // TL-01, TL-07, SEC-05
    public async Task Encrypted_request_tells_the_server_who_asks_and_how()
    {
        var origin = OkOrigin();
        await StartSampleAsync("tls-termination", origin);
        var plain = await ConnectAsync(bind: 1);
        var client = await plain.SecureAsync(Trusting("gateway.example", SslProtocols.None));

        var response = await GetAsync(client);

        Assert.Equal("max-age=31536000", response["strict-transport-security"]);
        Assert.Equal(("https", "127.0.0.1"), (origin.Requests[0]["x-forwarded-proto"], origin.Requests[0]["x-forwarded-for"]));
    }

    [Fact] // SEC-04, TL-03
    public async Task Version_below_the_least_is_refused()
    {
        await StartSampleAsync("tls-termination", static text => text.Replace("TLSv1.2", "TLSv1.3", StringComparison.Ordinal), OkOrigin());
        var plain = await ConnectAsync(bind: 1);

        await Assert.ThrowsAnyAsync<Exception>(() => plain.SecureAsync(Trusting("gateway.example", SslProtocols.Tls12)));
    }

    [Fact] // SEC-06, TL-06
    public async Task Client_has_to_prove_who_it_is_and_the_server_learns_the_name()
    {
        using var revoked = Authority.IssueClient("CN=eve");
        using var clerk = Authority.IssueClient("CN=bob, OU=clerks");
        using var admin = Authority.IssueClient("CN=ann, OU=admins");
        File.Copy(Authority.Revoke(revoked), Path.Combine(Certificates, "clients.crl"));
        var origin = OkOrigin();
        await StartSampleAsync("mtls", origin);

        Assert.Equal(403, await ProvenAsync(clerk, "/admin"));
        Assert.Equal(200, await ProvenAsync(clerk, "/"));
        Assert.Equal(200, await ProvenAsync(admin, "/admin"));
        Assert.Null(await ProvenAsync(revoked, "/"));
        Assert.Null(await ProvenAsync(null, "/"));
        Assert.Equal(["bob", "ann"], origin.Requests.Select(static r => r["x-client-cn"]));
    }

    [Theory] // TL-10, I5-07
    [InlineData(true, 200)]
    [InlineData(false, 503)]
    public async Task Server_must_have_a_certificate_of_the_authority(bool isOurs, int status)
    {
        using var other = new TestAuthority();
        var authority = isOurs ? Authority : other;
        using var certificate = X509Certificate2.CreateFromPemFile(authority.Issue());
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, [authority.Intermediate], offline: true),
        };
        var origin = RawOrigin(async plain =>
        {
            try
            {
                var wire = await plain.SecureAsync(options);
                await wire.ReadHeadAsync();
                await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
            catch (Exception e) when (e is AuthenticationException or IOException)
            {
                // The proxy has turned away.
            }
        });
        await StartSampleAsync("tls-to-servers", origin);

        Assert.Equal(status, (await AdvanceUntilAsync(AskAsync("/"))).Status);
    }

    [Theory] // PT-03
    [InlineData("www.shop.example", "shop")]
    [InlineData("elsewhere.example", "other")]
    public async Task Name_of_the_hello_chooses_the_server_and_the_gateway_has_no_key(string name, string expected)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(Authority.Issue("www.shop.example", "elsewhere.example"));
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, [Authority.Intermediate], offline: true),
        };
        WireOrigin Speaking(string word) => RawOrigin(async plain => await (await plain.SecureAsync(options)).SendAsync(word));
        var (shop, other) = (Speaking("shop"), Speaking("other"));
        await StartSampleAsync(
            "tls-by-name",
            text => text.Replace("127.0.0.1:9443", shop.Address, StringComparison.Ordinal).Replace("127.0.0.1:9444", other.Address, StringComparison.Ordinal));
        var plain = await ConnectAsync();
        string? seen = null;

        var client = await plain.SecureAsync(new SslClientAuthenticationOptions
        {
            TargetHost = name,
            RemoteCertificateValidationCallback = (_, shown, _, _) => (seen = shown?.GetCertHashString()) is not null,
        });

        await client.ExpectAsync(expected);
        Assert.Equal(certificate.Thumbprint, seen);
    }

    private async Task<int?> ProvenAsync(X509Certificate2? certificate, string target)
    {
        var options = Trusting("gateway.example", SslProtocols.None);
        options.ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, [Authority.Intermediate], offline: true);
        try
        {
            await using var plain = await ConnectAsync();
            await using var client = await plain.SecureAsync(options);
            return (await GetAsync(client, target)).Status;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return null;
        }
    }

    private static SslClientAuthenticationOptions Trusting(string name, SslProtocols protocols) => new()
    {
        TargetHost = name,
        EnabledSslProtocols = protocols,
        RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null, // made for this test
    };
}
