using System.Security.Authentication;
using ProxyKit.Conformance.Clients;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Conformance.Tls;

/// <summary>Versions and ciphers, towards OpenSSL's own client, and lists of ciphers as OpenSSL reads them.</summary>
public sealed class CipherTests() : TlsTest(Carrier.Sockets)
{
    /// <summary>The lists of Debian's haproxy.cfg and of Mozilla's generator, and each word and sign.</summary>
    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384")]
    [InlineData("ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:!aNULL:!eNULL:!MD5:!3DES")]
    [InlineData("EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH")]
    [InlineData("HIGH:!aNULL:!MD5")]
    [InlineData("DEFAULT")]
    [InlineData("DEFAULT:!SHA1:-AES128:@STRENGTH")]
    [InlineData("DEFAULT!RSA+AES")]
    [InlineData("ALL:+SHA1:+RSA:@STRENGTH")]
    [InlineData("ALL:-HIGH:ECDHE:DHE")]
    [InlineData("AES128:AES256:+ECDHE-RSA-AES128-SHA")]
    [InlineData("kRSA:kDHE:kECDHE:kPSK:kRSAPSK:kDHEPSK:kECDHEPSK:kSRP")]
    [InlineData("aSRP:aPSK:aDSS:aNULL:aRSA:aECDSA")]
    [InlineData("ADH:AECDH:PSK:SRP:DSS:RSA:EDH:EECDH")]
    [InlineData("AESCCM8:AESCCM:ARIA128:ARIA256:CAMELLIA128:CAMELLIA256:CHACHA20")]
    [InlineData("SHA384:SHA256:SHA1")]
    [InlineData("SSLv3:TLSv1:TLSv1.2")]
    [InlineData("TLSv1.0+AES128, CBC;FIPS COMPLEMENTOFDEFAULT")]
    [InlineData("FIPS:!DHE")]
    [InlineData("ECDH:DH:-aNULL:aNULL")]
    [InlineData("HIGH:LOW:MEDIUM:EXP:RC4:!SSLv2:!DES-CBC3-SHA:!SEED")]
    public async Task List_of_ciphers_is_read_as_OpenSSL_reads_it(string list)
    {
        var lines = await OutsideProgram.RunAsync("openssl", "ciphers", "-stdname", list);
        var expected = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(static l => !l.Contains(" TLSv1.3 ", StringComparison.Ordinal) && !l.Contains("Enc=None", StringComparison.Ordinal))
            .Select(static l => l.Split(' ')[0]);

        Assert.True(CipherList.TryRead(list, out var suites, out var fault), fault);

        Assert.Equal(expected, suites.Select(static s => s.ToString()));
    }

    [Theory]
    [InlineData("TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256", "-tls1_2")]
    [InlineData("TLSv1.2 ECDHE-ECDSA-AES256-SHA384", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384")]
    [InlineData(null, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256")]
    [InlineData("TLSv1.3 TLS_CHACHA20_POLY1305_SHA256", "-tls1_3")]
    [InlineData(null, "-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384")]
    public async Task Only_the_ciphers_that_are_named_are_agreed_on_and_the_first_of_them(string? expected, params string[] client)
    {
        var seen = await StartAsync(static tls =>
        {
            tls.Ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-SHA384";
            tls.CipherSuites = "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
        });

        await OpenSslClient.AskAsync(Proxy.EndPoints[0]!, client);

        Assert.Equal(expected, seen());
    }

    [Theory]
    [InlineData(true, "TLSv1.2 ECDHE-ECDSA-AES128-SHA256", "-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData(false, "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384", "-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData(true, "TLSv1.3 TLS_AES_128_GCM_SHA256", "-ciphersuites", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384")]
    [InlineData(false, "TLSv1.3 TLS_AES_256_GCM_SHA384", "-ciphersuites", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384")]
    public async Task Client_has_its_choice_where_that_is_said(bool prefersClient, string expected, params string[] client)
    {
        var seen = await StartAsync(tls => tls.PrefersClientCiphers = prefersClient);

        await OpenSslClient.AskAsync(Proxy.EndPoints[0]!, client);
        await OpenSslClient.AskAsync(Proxy.EndPoints[0]!, client);

        Assert.Equal(expected, seen());
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, null, "-tls1_2", true)]
    [InlineData(SslProtocols.Tls12, null, "-tls1_3", true)]
    [InlineData(SslProtocols.Tls12, SslProtocols.Tls12, "-tls1_2", true)]
    [InlineData(SslProtocols.Tls12, SslProtocols.Tls12, "-tls1_3", false)]
    [InlineData(SslProtocols.Tls13, null, "-tls1_2", false)]
    [InlineData(SslProtocols.Tls13, SslProtocols.Tls13, "-tls1_3", true)]
    public async Task Versions_outside_the_window_are_refused(SslProtocols minimum, SslProtocols? maximum, string client, bool isServed)
    {
        var seen = await StartAsync(tls => (tls.MinimumProtocol, tls.MaximumProtocol) = (minimum, maximum));

        await OpenSslClient.AskAsync(Proxy.EndPoints[0]!, client);

        Assert.Equal(isServed, seen() is not null);
    }

    [Fact]
    public async Task Server_is_offered_the_ciphers_that_are_named()
    {
        var origin = TlsOrigin(static async (secure, _) => await EchoRequestsAsync(secure), "localhost", "127.0.0.1");
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0")
                .OnResponse(static rules => rules.SetHeader("X-Seen", Value.Format("%[ssl_bc_protocol] %[ssl_bc_cipher]")))
                .DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", origin.Address, s => s.Tls(tls =>
            {
                tls.CaPath = Authority.CaPath;
                tls.MaximumProtocol = SslProtocols.Tls12;
                tls.Ciphers = "ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256";
            }))));
        var client = await ConnectAsync();

        Assert.Equal("TLSv1.2 ECDHE-ECDSA-AES128-SHA256", (await GetAsync(client))["X-Seen"]);
    }

    /// <summary>A proxy; what it saw of the last request, or null.</summary>
    private async Task<Func<string?>> StartAsync(Action<BindTlsOptions> tls)
    {
        var origin = OkOrigin();
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue(), tls))
                .OnRequest(static rules => rules.SetHeader("X-Seen", Value.Format("%[ssl_fc_protocol] %[ssl_fc_cipher]")))
                .DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", origin.Address)));
        return () => origin.Requests is [.., var last] ? last["X-Seen"] : null;
    }
}
