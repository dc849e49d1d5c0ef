using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyKit.Authentication;
using ProxyKit.Conformance.Tls;
using ProxyKit.Identities;
using ProxyKit.Rules.Replies;
using ProxyKit.Runtime;

namespace ProxyKit.Conformance.Authentication;

/// <summary>Clients that are known by the certificate of their connection.</summary>
public sealed class CertificateTests() : TlsTest(Carrier.Sockets)
{
    private WireOrigin? _origin;

    [Theory]
    [InlineData(CertificateIdentity.CommonName, "bob")]
    [InlineData(CertificateIdentity.Subject, "CN=bob,O=Example")]
    [InlineData(CertificateIdentity.HostName, "bob.example")]
    [InlineData(CertificateIdentity.Email, "bob@example.com")]
    [InlineData(CertificateIdentity.Uri, "spiffe://example/bob")]
    public async Task Name_by_choice_says_who_it_is(CertificateIdentity identity, string expected)
    {
        using var bob = Bob();
        await StartAsync(f => f.AuthenticateCertificate(identity));

        Assert.Equal(200, await StatusAsync(bob));

        Assert.Equal(expected, (await _origin!.RequestAsync())["X-Client"]);
    }

    [Fact]
    public async Task Fingerprint_says_who_it_is_and_who_is_let_in()
    {
        using var bob = Bob();
        using var eve = Authority.IssueClient("CN=eve");
        var print = bob.GetCertHashString(HashAlgorithmName.SHA256);
        await StartAsync(f => f.AuthenticateCertificate(CertificateIdentity.Fingerprint, configure: c => c.Fingerprints.Add(string.Join(':', print.Chunk(2).Select(static d => new string(d))))));

        Assert.Equal(200, await StatusAsync(bob));
        Assert.Equal(403, await StatusAsync(eve));

        Assert.Equal(print.ToLowerInvariant(), (await _origin!.RequestAsync())["X-Client"]);
        await Log.WaitForAsync(static e => e.Message.EndsWith(": The certificate is not known", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Issuer_can_be_one_of_those_that_are_trusted()
    {
        using var bob = Bob();
        using var direct = Authority.IssueClient("CN=direct", byRoot: true);
        await StartAsync(f => f.AuthenticateCertificate(configure: c => c.Issuers.Add(Authority.Root.Subject)));

        Assert.Equal(403, await StatusAsync(bob));
        Assert.Equal(200, await StatusAsync(direct));
    }

    [Fact]
    public async Task Nobody_comes_in_without_one_nor_with_one_that_was_overlooked()
    {
        using var old = Authority.IssueClient("CN=old", DateTimeOffset.UtcNow.AddHours(-1));
        await StartAsync(
            f => f.AuthenticateCertificate().RefuseUnauthenticated(AuthenticationFault.UntrustedCertificate, Reply.Text("late", "text/plain", 401)),
            static c => c.IgnoredErrors.Add(10));

        Assert.Equal(403, await StatusAsync(null)); // 401 would have to say what to bring
        Assert.Equal(401, await StatusAsync(old));
        Assert.Empty(_origin!.Requests);
    }

    [Fact]
    public async Task Two_common_names_are_nobodys()
    {
        using var both = Authority.IssueClient("CN=bob, CN=admin");
        await StartAsync(static f => f.AuthenticateCertificate());

        Assert.Equal(403, await StatusAsync(both));
    }

    [Fact]
    public async Task Key_will_do_where_there_is_no_certificate()
    {
        using var bob = Bob();
        var (keys, key) = (new ApiKeySet(), ApiKeySet.NewKey());
        keys.Add(ApiKeySet.HashOf(key), "shop");
        await StartAsync(f => f.AuthenticateCertificate().AuthenticateApiKey(keys));

        Assert.Equal(200, await StatusAsync(null, $"X-Api-Key: {key}"));
        Assert.Equal(200, await StatusAsync(bob));
        Assert.Equal(401, await StatusAsync(null));

        Assert.Equal(["shop", "bob"], _origin!.Requests.Select(static r => r["X-Client"]));
    }

    [Fact]
    public async Task Identity_is_what_tiers_count_by()
    {
        using var bob = Bob();
        using var eve = Authority.IssueClient("CN=eve");
        _origin = OkOrigin();
        await StartAsync(proxy => Compose(f => f.AuthenticateCertificate().UseTiers("plans"))(proxy
            .AddTiers("plans", static t => t.CountBy(Value.Claim("sub")).AddTier("all", static tier => tier.Limit(1, TimeSpan.FromMinutes(1))).TierBy(Value.Text("all")))));

        Assert.Equal(200, await StatusAsync(bob));
        Assert.Equal(429, await StatusAsync(bob));
        Assert.Equal(200, await StatusAsync(eve));
    }

    [Fact]
    public async Task Frontend_whose_binds_ask_for_none_is_refused()
    {
        var refused = await Assert.ThrowsAsync<ProxyConfigurationException>(() => StartAsync(proxy => proxy
            .AddFrontend("public", f => f.Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue())).AuthenticateCertificate().DefaultBackend("web"))
            .AddBackend("web", static b => b.AddServer("s1", "127.0.0.1:1"))));

        Assert.Contains("no bind of the frontend asks for one", refused.Message, StringComparison.Ordinal);
    }

    private X509Certificate2 Bob() => Authority.IssueClient("CN=bob, O=Example", configure: static request =>
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("bob.example");
        names.AddEmailAddress("bob@example.com");
        names.AddUri(new Uri("spiffe://example/bob"));
        request.CertificateExtensions.Add(names.Build());
    });

    private Task StartAsync(Action<FrontendBuilder> frontend, Action<Transport.Tls.ClientCertificateOptions>? clients = null)
    {
        _origin = OkOrigin();
        return StartAsync(Compose(frontend, clients));
    }

    private Action<ProxyBuilder> Compose(Action<FrontendBuilder> frontend, Action<Transport.Tls.ClientCertificateOptions>? clients = null) => proxy => proxy
        .AddFrontend("public", f =>
        {
            f.Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue(), tls => tls.AskForClientCertificate(Authority.CaPath, clients)))
                .OnAuthenticated(static rules => rules.SetHeader("X-Client", Value.Claim("sub")))
                .DefaultBackend("web");
            frontend(f);
        })
        .AddBackend("web", b => b.AddServer("s1", _origin!.Address));

    private async Task<int> StatusAsync(X509Certificate2? certificate, params string[] fields)
    {
        await using var plain = await ConnectAsync();
        await using var secure = await plain.SecureAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null, // made for this test
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, [Authority.Intermediate], offline: true),
        });
        await secure.SendAsync(["GET / HTTP/1.1", "Host: a", .. fields, "", ""]);
        return (await secure.ReadResponseAsync()).Status;
    }
}
