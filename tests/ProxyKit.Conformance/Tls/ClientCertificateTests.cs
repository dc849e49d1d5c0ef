using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ProxyKit.Rules;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Conformance.Tls;

/// <summary>Clients that prove by certificates who they are.</summary>
public abstract class ClientCertificateTests(Carrier carrier) : TlsTest(carrier)
{
    private const string Seen = "%[ssl_c_used] %[ssl_c_verify] %[ssl_c_err] %[ssl_c_ca_err] %[ssl_c_ca_err_depth] %[ssl_c_s_dn(CN)]";

    private WireOrigin? _origin;

    /// <summary>SEC-06, TL-06: no certificate, one that was revoked, and a good one.</summary>
    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Certificate_that_is_required_comes_from_the_authority_and_is_not_revoked(SslProtocols protocol)
    {
        using var good = Authority.IssueClient("CN=good");
        using var revoked = Authority.IssueClient("CN=revoked");
        await StartAsync(tls => tls.RequireClientCertificate(Authority.CaPath, c => c.CrlPath = Authority.Revoke(revoked)));

        Assert.Null(await StatusAsync(null, protocol));
        Assert.Null(await StatusAsync(revoked, protocol));
        Assert.Equal(200, await StatusAsync(good, protocol));

        Assert.Equal("1 0 0 0 0 good", (await _origin!.RequestAsync())["X-Seen"]);
    }

    [Fact]
    public async Task Reason_for_a_refusal_is_in_the_log()
    {
        using var revoked = Authority.IssueClient("CN=revoked");
        await StartAsync(
            tls => tls.RequireClientCertificate(Authority.CaPath, c => c.CrlPath = Authority.Revoke(revoked)),
            f => f.Configure(static o => o.ErrorLogFormat = "%[fc_err] %[fc_err_name] %[fc_err_str]"));

        Assert.Null(await StatusAsync(revoked));

        Assert.Equal("31 SSL_CRT_FAIL SSL client certificate not trusted", (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message);
        Assert.Contains(Log.Entries, static e => e.Message.EndsWith("failed: SSL client certificate not trusted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Certificate_that_is_asked_for_may_be_absent_and_not_bad()
    {
        using var other = new TestAuthority();
        using var stranger = other.IssueClient("CN=stranger");
        using var old = Authority.IssueClient("CN=old", DateTimeOffset.UtcNow.AddHours(-1));
        using var good = Authority.IssueClient("CN=good");
        await StartAsync(tls => tls.AskForClientCertificate(Authority.CaPath, static c => c.TellsAuthorities = false)); // or a client might keep it to itself

        Assert.Equal(200, await StatusAsync(null));
        Assert.Null(await StatusAsync(stranger, intermediate: other.Intermediate));
        Assert.Null(await StatusAsync(old));
        Assert.Equal(200, await StatusAsync(good));

        Assert.Equal(["0 0 0 0 0", "1 0 0 0 0 good"], _origin!.Requests.Select(static r => r["X-Seen"]));
    }

    [Fact]
    public async Task What_is_overlooked_is_told()
    {
        using var other = new TestAuthority();
        using var old = Authority.IssueClient("CN=old", DateTimeOffset.UtcNow.AddHours(-1));
        using var stranger = other.IssueClient("CN=stranger");
        await StartAsync(tls => tls.AskForClientCertificate(Authority.CaPath, c =>
        {
            c.IgnoredErrors.Add(10);
            c.IgnoredAuthorityErrors.Add(20);
            c.TellsAuthorities = false;
        }));

        Assert.Equal(200, await StatusAsync(old));
        Assert.Equal(200, await StatusAsync(stranger, intermediate: other.Intermediate));
        Assert.Null(await StatusAsync(stranger)); // without the authority between it is the certificate itself whose issuer is not known

        Assert.Equal(["1 10 10 0 0 old", "1 20 0 20 1 stranger"], _origin!.Requests.Select(static r => r["X-Seen"]));
    }

    [Fact]
    public async Task Chain_whose_list_is_missing_or_out_of_date_does_not_hold()
    {
        using var good = Authority.IssueClient("CN=good");
        await StartAsync(tls => tls.AskForClientCertificate(Authority.CaPath, c =>
        {
            c.CrlPath = Authority.Revoke(DateTimeOffset.UtcNow.AddMinutes(-1));
            c.IgnoresAllAuthorityErrors = true;
        }));
        Assert.Null(await StatusAsync(good));

        await ReloadAsync(Compose(tls => tls.AskForClientCertificate(Authority.CaPath, c => c.CrlPath = Authority.Revoke())));
        Assert.Equal(200, await StatusAsync(good));
    }

    [Fact]
    public async Task Certificate_tells_what_is_in_it()
    {
        using var good = Authority.IssueClient("CN=bob, O=\"Cli, Inc\", C=FR", configure: static request =>
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("bob.example");
            names.AddEmailAddress("bob@example.com");
            names.AddUri(new Uri("spiffe://example/bob"));
            request.CertificateExtensions.Add(names.Build());
        });
        await StartAsync(
            tls => tls.RequireClientCertificate(Authority.CaPath),
            f => f.OnRequest(static rules => rules
                .SetHeader("X-Names", Value.Format("%[ssl_c_s_dn] %[ssl_c_s_dn(,0,rfc2253)] %[ssl_c_san]"))
                .SetHeader("X-Kind", Value.Format("%[ssl_c_version] %[ssl_c_key_alg] %[ssl_c_sig_alg] %[ssl_c_serial,hex] %[ssl_fc_has_crt]"))
                .SetHeader("X-Issuer", Value.ClientIssuer("CN"))
                .SetHeader("X-Root", Value.Parse("ssl_c_r_dn(CN)"))
                .SetHeader("X-Chain", Value.Parse("ssl_c_chain_der,sha1,hex"))
                .SetHeader("X-Print", Value.ClientFingerprint())));

        Assert.Equal(200, await StatusAsync(good));

        var request = await _origin!.RequestAsync();
        Assert.Equal("/C=FR/O=Cli, Inc/CN=bob CN=bob,O=Cli\\, Inc,C=FR DNS:bob.example, email:bob@example.com, URI:spiffe://example/bob", request["X-Names"]);
        Assert.Equal($"3 id-ecPublicKey ecdsa-with-SHA256 {Convert.ToHexString(good.SerialNumberBytes.Span.TrimStart((byte)0))} 1", request["X-Kind"]);
        Assert.Equal(Authority.Intermediate.GetNameInfo(X509NameType.SimpleName, false), request["X-Issuer"]);
        Assert.Equal(Authority.Root.GetNameInfo(X509NameType.SimpleName, false), request["X-Root"]);
        Assert.Equal(Authority.Intermediate.Thumbprint, request["X-Chain"]);
        Assert.Equal(good.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), request["X-Print"]);
    }

    /// <summary>SEC-01: who comes past the gateway is turned away, since servers ask for its certificate.</summary>
    [Fact]
    public async Task Server_that_wants_the_gateways_certificate_is_reached_through_it_alone()
    {
        using var gateway = Authority.IssueClient("CN=gateway");
        using var served = X509Certificate2.CreateFromPemFile(Authority.Issue());
        var origin = RawOrigin(async plain =>
        {
            try
            {
                var wire = await plain.SecureAsync(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = SslStreamCertificateContext.Create(served, [Authority.Intermediate], offline: true),
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == gateway.Thumbprint,
                });
                await EchoRequestsAsync(wire);
            }
            catch (Exception e) when (e is AuthenticationException or IOException)
            {
                // Turned away.
            }
        });
        await StartAsync(proxy => proxy
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", origin.Address, s => s.Tls(tls =>
                (tls.CaPath, tls.CrlPath, tls.CertificatePath) = (Authority.CaPath, Authority.Revoke(), Authority.Write(gateway))))));

        Assert.Equal(200, (await GetAsync()).Status);
        Assert.Null(await TryAsync(System.Net.IPEndPoint.Parse(origin.Address), Options(null)));
    }

    /// <summary>I5-07: revocation of a server's certificate.</summary>
    [Fact]
    public async Task Server_whose_certificate_was_revoked_is_not_spoken_to()
    {
        var path = Authority.Issue();
        using var served = X509Certificate2.CreateFromPemFile(path);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(served, [Authority.Intermediate], offline: true),
        };
        var origin = RawOrigin(async plain =>
        {
            try
            {
                await EchoRequestsAsync(await plain.SecureAsync(options));
            }
            catch (Exception e) when (e is AuthenticationException or IOException)
            {
                // The proxy has turned away.
            }
        });
        await StartAsync(proxy => proxy
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", origin.Address, s => s.Tls(tls =>
                (tls.CaPath, tls.CrlPath) = (Authority.CaPath, Authority.Revoke(served))))));

        var asking = GetAsync();
        await AdvanceUntilAsync(asking);
        Assert.Equal(503, (await asking).Status);
    }

    protected Task StartAsync(Action<BindTlsOptions> tls, Action<FrontendBuilder>? frontend = null)
    {
        _origin = OkOrigin();
        return StartAsync(Compose(tls, frontend));
    }

    /// <summary>The answer to one request; null where the connection was refused.</summary>
    protected Task<int?> StatusAsync(X509Certificate2? certificate, SslProtocols protocol = SslProtocols.None, X509Certificate2? intermediate = null) =>
        TryAsync(Proxy.EndPoints[0]!, Options(certificate, protocol, intermediate ?? (certificate?.Issuer == Authority.Intermediate.Subject ? Authority.Intermediate : null)));

    private Action<ProxyBuilder> Compose(Action<BindTlsOptions> tls, Action<FrontendBuilder>? frontend = null) => proxy => proxy
        .AddFrontend("public", f =>
        {
            f.Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue(), tls)).OnRequest(static rules => rules.SetHeader("X-Seen", Value.Format(Seen))).DefaultBackend("web");
            frontend?.Invoke(f);
        })
        .AddBackend("web", b => b.AddServer("s1", _origin!.Address));

    private async Task<int?> TryAsync(System.Net.EndPoint address, SslClientAuthenticationOptions options)
    {
        try
        {
            await using var plain = await ConnectAsync(address);
            await using var secure = await plain.SecureAsync(options);
            return (await GetAsync(secure)).Status;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return null;
        }
    }

    private static SslClientAuthenticationOptions Options(
        X509Certificate2? certificate, SslProtocols protocol = SslProtocols.None, X509Certificate2? intermediate = null) => new()
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocol,
            RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null, // made for this test
            ClientCertificateContext = certificate is null
                ? null
                : SslStreamCertificateContext.Create(certificate, intermediate is null ? null : [intermediate], offline: true),
        };

    public sealed class OverSockets() : ClientCertificateTests(Carrier.Sockets);

    public sealed class InMemory() : ClientCertificateTests(Carrier.Memory);

    public sealed class InPieces() : ClientCertificateTests(Carrier.Pieces);
}
