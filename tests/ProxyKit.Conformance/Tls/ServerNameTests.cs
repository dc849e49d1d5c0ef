using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyKit.Rules.Replies;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Conformance.Tls;

/// <summary>Which of a bind's certificates a client gets, by the name that it asks for and the keys that it can do with.</summary>
public abstract class ServerNameTests(Carrier carrier) : TlsTest(carrier)
{
    private readonly Dictionary<string, string> _words = []; // by thumbprint

    [Theory]
    [InlineData("api.example", "api")]
    [InlineData("API.Example", "api")]
    [InlineData("a.example", "wild")]
    [InlineData("b.a.example", "first")]
    [InlineData("example", "first")]
    [InlineData("other.test", "first")]
    [InlineData("10.0.0.1", "first")] // addresses are not sent
    public async Task Name_is_looked_up_whole_and_then_below_a_star(string name, string expected)
    {
        await StartAsync(tls => tls.AddCertificate(Issue("wild", "*.example")).AddCertificate(Issue("api", "api.example")), Issue("first", "first.test"));

        Assert.Equal(expected, await ShownAsync(name));
    }

    [Theory]
    [InlineData("a.example", "wild")]
    [InlineData("admin.example", "spare")]
    [InlineData("elsewhere.test", "first")]
    [InlineData("in-the-certificate.test", "first")]
    public async Task Names_that_are_given_stand_for_those_in_the_certificate(string name, string expected)
    {
        await StartAsync(
            tls => tls
                .AddCertificate(Issue("wild", "in-the-certificate.test"), static c => Add(c.Names, "*.Example", "!admin.example"))
                .AddCertificate(Issue("spare", "in-the-certificate.test"), static c => Add(c.Names, "*.example")),
            Issue("first", "first.test"));

        Assert.Equal(expected, await ShownAsync(name));
    }

    [Fact]
    public async Task First_one_of_a_name_is_taken()
    {
        await StartAsync(tls => tls.AddCertificate(Issue("one", "a.example")).AddCertificate(Issue("two", "a.example")), Issue("first", "first.test"));

        Assert.Equal("one", await ShownAsync("a.example"));
    }

    [Theory]
    [InlineData("a.example", "first")]
    [InlineData("b.example", null)]
    [InlineData("10.0.0.1", null)] // no name at all
    public async Task Name_that_is_not_known_is_refused_where_that_is_wanted(string name, string? expected)
    {
        await StartAsync(static tls => tls.RefusesUnknownNames = true, Issue("first", "a.example"));

        Assert.Equal(expected, await ShownAsync(name));
    }

    [Fact]
    public async Task Key_of_the_better_kind_is_taken_where_the_client_knows_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other platforms let nobody choose suites.");
        await StartAsync(
            tls => tls.AddCertificate(IssueRsa("rsa", "a.example")).AddCertificate(Issue("curve", "a.example")), Issue("first", "first.test"));

        Assert.Equal("curve", await ShownAsync("a.example"));
        Assert.Equal("rsa", await ShownAsync("a.example", TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256));
    }

    [Fact]
    public async Task Files_of_a_directory_are_taken_in_the_order_of_their_names()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(Authority.CaPath)!, "certificates")).FullName;
        File.Move(Issue("b", "b.example"), Path.Combine(folder, "b.pem"));
        File.Move(Issue("a", "a.example"), Path.Combine(folder, "a.pem"));
        File.WriteAllText(Path.Combine(folder, ".hidden.pem"), "not read");
        File.WriteAllText(Path.Combine(folder, "a.pem.ocsp"), "not read");
        await StartAsync(static _ => { }, folder);

        Assert.Equal("b", await ShownAsync("b.example"));
        Assert.Equal("a", await ShownAsync("elsewhere.test"));

        File.Move(Issue("new", "new.example"), Path.Combine(folder, "c.pem"));
        await ReloadAsync(Compose(static _ => { }, folder));
        Assert.Equal("new", await ShownAsync("new.example"));
    }

    [Fact]
    public async Task Name_decides_who_has_to_show_a_certificate()
    {
        await StartAsync(
            tls => tls.AddCertificate(Issue("admin", "admin.example"), c => c.ClientCertificates = new ClientCertificateOptions { CaPath = Authority.CaPath }),
            Issue("first", "first.test"));

        Assert.Equal("first", await ShownAsync("a.example"));
        Assert.Null(await ShownAsync("admin.example"));
    }

    [Fact]
    public async Task Hello_that_comes_in_two_records_is_refused_since_its_name_is_hidden()
    {
        await StartAsync(tls => tls.AddCertificate(Issue("api", "api.example")), Issue("first", "first.test"));
        var client = await ConnectAsync();

        // A message of 200 bytes, 56 of them in the first record; no byte more than tells that it is one, or what is left would reset the connection.
        await client.SendRawAsync((byte[])[0x16, 3, 1, 0, 60, 1, 0, 0, 200, .. new byte[56], 0x16, 3, 1, 0, 144, .. new byte[139]]);

        await client.ExpectClosedAsync();
    }

    private static void Add(IList<string> names, params string[] more)
    {
        foreach (var name in more)
        {
            names.Add(name);
        }
    }

    private string Issue(string word, params string[] names) => Known(word, Authority.Issue(names));

    private string IssueRsa(string word, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return Known(word, Authority.Write($"{word}.pem", $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n"));
    }

    private string Known(string word, string path)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(path);
        _words[certificate.Thumbprint] = word;
        return path;
    }

    private Task StartAsync(Action<BindTlsOptions> tls, string first) => StartAsync(Compose(tls, first));

    private static Action<ProxyBuilder> Compose(Action<BindTlsOptions> tls, string first) => proxy => proxy
        .AddFrontend("public", f => f.Bind("127.0.0.1:0", bind => bind.Tls(first, tls)).OnRequest(static rules => rules.Return(Reply.Text("", "text/plain"))));

    /// <summary>The certificate that a client is shown; null where it is refused.</summary>
    private async Task<string?> ShownAsync(string name, TlsCipherSuite? suite = null)
    {
        string? seen = null;
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => (seen = certificate?.GetCertHashString()) is not null,
        };
        if (suite is { } only && OperatingSystem.IsLinux())
        {
            (options.CipherSuitesPolicy, options.EnabledSslProtocols) = (new CipherSuitesPolicy([only]), SslProtocols.Tls12);
        }

        try
        {
            await using var plain = await ConnectAsync();
            await using var secure = await plain.SecureAsync(options);
            await GetAsync(secure);
            return _words[seen!]; // it was shown one
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return null;
        }
    }

    public sealed class OverSockets() : ServerNameTests(Carrier.Sockets)
    {
        [Fact]
        public async Task Client_without_a_name_hears_why_it_is_refused()
        {
            await StartAsync(static tls => tls.RefusesUnknownNames = true, Issue("first", "a.example"));
            var start = new System.Diagnostics.ProcessStartInfo(
                Clients.OutsideProgram.Find("openssl"), ["s_client", "-connect", $"{Proxy.EndPoints[0]}", "-servername", "b.example"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var openssl = System.Diagnostics.Process.Start(start);
            openssl!.StandardInput.Close(); // it has started
            var errors = openssl.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await openssl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).InTimeAsync();

            Assert.Contains("unrecognized name", await errors.InTimeAsync(), StringComparison.Ordinal);
            await openssl.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    public sealed class InMemory() : ServerNameTests(Carrier.Memory);

    public sealed class InPieces() : ServerNameTests(Carrier.Pieces);
}
