using System.Security.Cryptography.X509Certificates;
using ProxyKit.Backends;
using ProxyKit.Conformance.Clients;
using ProxyKit.Rules;
using ProxyKit.Rules.Replies;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Conformance.Tls;

/// <summary>Sessions that are taken up again, by OpenSSL's own client: who it is stays known, and stays what it was.</summary>
public sealed class ResumptionTests() : TlsTest(Carrier.Sockets)
{
    private WireOrigin? _origin;

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Session_that_is_taken_up_has_the_certificate_of_the_first(string version)
    {
        using var bob = Authority.IssueClient("CN=bob");
        await StartAsync(static tls => tls.ClientCertificates!.IsRequired = true);

        await TakeUpAsync(version, "-cert_chain", ChainOf(bob), "-cert", Authority.Write(bob));

        Assert.Equal(["0 1 1 0 bob", "1 0 1 0 bob"], _origin!.Requests.TakeLast(2).Select(static r => r["X-Seen"]));
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Session_keeps_what_was_overlooked(string version)
    {
        using var other = new TestAuthority();
        using var eve = other.IssueClient("CN=eve");
        await StartAsync(static tls =>
        {
            tls.ClientCertificates!.IgnoredAuthorityErrors.Add(20);
            tls.ClientCertificates.TellsAuthorities = false;
        });

        await TakeUpAsync(version, "-cert_chain", Authority.Write("chain.pem", other.Intermediate.ExportCertificatePem()), "-cert", other.Write(eve));

        Assert.Equal(["0 1 1 20 eve", "1 0 1 20 eve"], _origin!.Requests.TakeLast(2).Select(static r => r["X-Seen"]));
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Session_of_a_bind_is_nothing_at_another(string version)
    {
        await StartAsync(static tls => tls.ClientCertificates = null);
        var session = SessionFile();
        Assert.Contains("HTTP/1.1 200", await AskAsync(0, version, "-sess_out", session), StringComparison.Ordinal);

        Assert.DoesNotContain("HTTP/1.1", await AskAsync(1, version, "-sess_in", session), StringComparison.Ordinal); // where a certificate is required
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Session_of_a_client_that_was_refused_lets_nobody_in(string version)
    {
        using var old = Authority.IssueClient("CN=old", DateTimeOffset.UtcNow.AddHours(-1));
        await StartAsync(static tls => tls.ClientCertificates!.IsRequired = true);
        var session = SessionFile();

        await AskAsync(0, version, "-cert_chain", ChainOf(old), "-cert", Authority.Write(old), "-sess_out", session);
        if (File.Exists(session))
        {
            await AskAsync(0, version, "-sess_in", session);
        }

        Assert.Empty(_origin!.Requests);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Session_of_a_certificate_that_was_revoked_since_lets_nobody_in_after_a_reload(string version)
    {
        using var bob = Authority.IssueClient("CN=bob");
        using var eve = Authority.IssueClient("CN=eve");
        var certificate = Authority.Issue();
        var list = Authority.Revoke(eve);
        void Compose(ProxyBuilder proxy) => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0", bind => bind.Tls(certificate, tls => tls.RequireClientCertificate(Authority.CaPath, c => c.CrlPath = list)))
                .DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", _origin!.Address));
        _origin = OkOrigin();
        await StartAsync(Compose);
        var session = SessionFile();
        Assert.Contains("HTTP/1.1 200", await AskAsync(0, version, "-cert_chain", ChainOf(bob), "-cert", Authority.Write(bob), "-sess_out", session), StringComparison.Ordinal);

        File.Copy(Authority.Revoke(eve, bob), list, overwrite: true);
        await ReloadAsync(Compose);

        Assert.DoesNotContain("HTTP/1.1", await AskAsync(0, version, "-cert_chain", ChainOf(bob), "-cert", Authority.Write(bob), "-sess_in", session), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task No_session_is_taken_up_where_that_is_said(string version)
    {
        await StartAsync(static tls => tls.ResumesSessions = false);
        var session = SessionFile();

        await AskAsync(0, version, "-sess_out", session);
        await AskAsync(0, File.Exists(session) ? [version, "-sess_in", session] : [version]);

        Assert.Equal(['0', '0'], _origin!.Requests.Select(static r => r["X-Seen"]![0]));
    }

    /// <summary>The proxy is its own server, which can tell whether it came back to a session.</summary>
    [Fact]
    public async Task Session_that_is_taken_up_with_a_server_has_the_certificates_of_the_first()
    {
        var address = $"unix@{Path.Combine(Path.GetDirectoryName(Authority.CaPath)!, "inner.sock")}";
        await base.StartAsync(proxy => proxy
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddFrontend("inner", f => f
                .Bind(address, bind => bind.Tls(Authority.Issue()))
                .OnRequest(static rules => rules.Return(Reply.Empty()))
                .OnAfterResponse(static rules => rules.SetHeader("X-Resumed", Value.Parse("ssl_fc_is_resumed"))))
            .AddBackend("web", b => b
                .Reuse(ConnectionReuse.Never)
                .OnResponse(static rules => rules.SetHeader("X-Chain", Value.Format("%[ssl_s_der,hex] %[ssl_s_chain_der,hex]")))
                .AddServer("s1", address, s => s.Tls(tls => (tls.CaPath, tls.HostName) = (Authority.CaPath, "localhost")))));
        var first = await GetAsync();
        Assert.Equal("0", first["X-Resumed"]);

        WireMessage again;
        var tries = 0;
        do
        {
            again = await GetAsync();
        }
        while (again["X-Resumed"] != "1" && ++tries < 5);

        var own = first["X-Chain"]!.Split(' ')[0];
        Assert.Equal($"{own} {own}{Convert.ToHexString(Authority.Intermediate.RawData)}", first["X-Chain"]);
        Assert.Equal(("1", first["X-Chain"]), (again["X-Resumed"], again["X-Chain"]));
    }

    private Task StartAsync(Action<BindTlsOptions> tls)
    {
        _origin = OkOrigin();
        return StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue(), options => tls(options.AskForClientCertificate(Authority.CaPath))))
                .Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue(), options => options.RequireClientCertificate(Authority.CaPath)))
                .OnRequest(static rules => rules.SetHeader(
                    "X-Seen", Value.Format("%[ssl_fc_is_resumed] %[ssl_fc_has_crt] %[ssl_c_used] %[ssl_c_verify] %[ssl_c_s_dn(CN)]")))
                .DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", _origin.Address)));
    }

    /// <summary>Two requests, the second of which takes up the session of the first. No side has to take one up (RFC 8446 §2.2): where it was not, they are
    /// made anew.</summary>
    private async Task TakeUpAsync(string version, params string[] arguments)
    {
        for (var i = 0; i < 5; i++)
        {
            await AskAsync(0, [version, .. arguments, "-sess_out", SessionFile()]);
            var answer = await AskAsync(0, version, "-sess_in", SessionFile());
            if (answer.Contains("Reused, ", StringComparison.Ordinal) && answer.Contains("HTTP/1.1 200", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail("no session was taken up");
    }

    private string SessionFile() => Path.Combine(Path.GetDirectoryName(Authority.CaPath)!, "session.pem");

    private string ChainOf(X509Certificate2 certificate) => Authority.Write($"{certificate.Thumbprint}.chain.pem", Authority.Intermediate.ExportCertificatePem());

    /// <summary>What OpenSSL's client writes, to one request.</summary>
    private Task<string> AskAsync(int bind, params string[] arguments) => OpenSslClient.AskAsync(Proxy.EndPoints[bind]!, arguments);
}
