using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ProxyKit.Conformance.Http;

namespace ProxyKit.Conformance.Tls;

/// <summary>HTTP/1.1 from clients that speak TLS.</summary>
public abstract class ClientTlsTests(Carrier carrier) : TlsTest(carrier)
{
    /// <summary>GW1-07: TLS ends at the gateway, with one PEM that holds chain and key.</summary>
    [Fact]
    public async Task Client_sees_the_leaf_of_the_pem_and_the_server_a_plain_request()
    {
        var origin = OkOrigin();
        var pem = Authority.Issue();
        await StartAsync(origin, client: true, server: false, pem);
        string? seen = null;
        var (_, client) = await ConnectTlsAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, certificate, _, _) => (seen = certificate?.GetCertHashString()) is not null,
        });

        Assert.Equal(200, (await GetAsync(client)).Status);

        using var leaf = X509Certificate2.CreateFromPemFile(pem);
        Assert.Equal(leaf.Thumbprint, seen);
        Assert.Equal("GET / HTTP/1.1\r\nHost: a\r\n\r\n", origin.Requests[0].Head);
        Assert.Contains(" public~ ", (await LoggedAsync()).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "CH")]
    [InlineData(true, "KH")]
    public async Task Certificate_that_was_shown_is_known_when_the_connection_is_broken(bool byProxy, string end)
    {
        using var asked = new Gate();
        var origin = Origin(async exchange =>
        {
            asked.Open();
            await exchange.Wire.ReadToEndAsync();
        });
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue()))
                .Configure(static o => o.LogFormat = "%ts %[ssl_fc] %[ssl_fc_protocol] %[ssl_f_sha1,hex,length] %[ssl_f_version]")
                .DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", origin.Address)));
        var (plain, client) = await ConnectTlsAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await asked.PassAsync();

        if (byProxy)
        {
            await Proxy.StopAsync(new CancellationToken(canceled: true));
        }
        else
        {
            plain.Reset();
        }

        Assert.Matches($@"^{end} 1 TLSv1\.[23] 40 3$", (await LoggedAsync()).Text);
    }

    /// <summary>SEC-04: a hello of TLS 1.1 is answered by an alert, or not at all; the same hello of TLS 1.2 by the server's own.</summary>
    /// <param name="minor">3 for TLS 1.2, 2 for TLS 1.1.</param>
    /// <param name="isMet">Whether the minimum, 1.2, is met.</param>
    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public async Task Hello_of_a_version_below_the_least_is_refused(byte minor, bool isMet)
    {
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue(), static tls => tls.MinimumProtocol = System.Security.Authentication.SslProtocols.Tls12))
                .DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", OkOrigin().Address)));
        var client = await ConnectAsync();
        byte[] body =
        [
            3, minor, .. new byte[32], 0, // the version, a random and no session
            0, 4, 0xc0, 0x2b, 0xc0, 0x09, // ECDHE-ECDSA with AES-128, by GCM and by CBC
            1, 0, // no compression
            0, 26, // extensions:
            0, 10, 0, 4, 0, 2, 0, 23, // P-256,
            0, 11, 0, 2, 1, 0, // its points as they are,
            0, 13, 0, 4, 0, 2, 4, 3, // ECDSA with SHA-256,
            0, 23, 0, 0, // and the extended master secret
        ];
        await client.SendRawAsync((byte[])[22, 3, 1, 0, (byte)(body.Length + 4), 1, 0, 0, (byte)body.Length, .. body]);

        var answer = await FirstByteAsync();

        Assert.Equal(isMet ? 22 : 21, answer ?? 21); // handshake, alert

        async Task<byte?> FirstByteAsync()
        {
            try
            {
                return (await client.Wire.ReadExactlyAsync(1))[0];
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>SEC-05: on encrypted answers only, and once, whatever the server says.</summary>
    [Fact]
    public async Task Strict_transport_security_is_told_to_those_who_come_encrypted()
    {
        const string Name = "Strict-Transport-Security";
        var origin = OriginAnswering("HTTP/1.1 200 OK", $"{Name}: max-age=1", "Content-Length: 0", "", "");
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue()))
                .Bind("127.0.0.1:0")
                .OnResponse(static rules => rules.DelHeader(Name).SetHeader(Name, "max-age=63072000", Match.Secure))
                .DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", origin.Address)));
        var (_, secure) = await ConnectTlsAsync();
        var plain = await ConnectAsync(bind: 1);

        Assert.Equal(["max-age=63072000"], (await GetAsync(secure)).Headers.Where(static h => h.Name.Equals(Name, StringComparison.OrdinalIgnoreCase)).Select(static h => h.Value));
        Assert.Null((await GetAsync(plain))[Name]);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Chain_that_the_certificate_comes_without_is_found_in_a_directory(bool isThere, int expected)
    {
        var whole = File.ReadAllText(Authority.Issue());
        var issuer = Authority.Intermediate.ExportCertificatePem();
        var alone = Authority.Write("alone.pem", whole.Replace(issuer, "", StringComparison.Ordinal));
        var directory = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(alone)!, "issuers")).FullName;
        using var other = new TestAuthority();
        File.WriteAllText(Path.Combine(directory, "a.pem"), other.Intermediate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(directory, "b.pem"), (isThere ? Authority : other).Intermediate.ExportCertificatePem());
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f.Bind("127.0.0.1:0", bind => bind.Tls(alone, tls => tls.IssuersPath = directory)).DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", OkOrigin().Address)));
        var received = 0;
        await ConnectTlsAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, shown, chain, _) => (received = 1 + chain!.ChainPolicy.ExtraStore.Count(c => c.Subject != shown!.Subject)) > 0,
        });

        Assert.Equal(expected, received);
    }

    [Fact]
    public async Task Client_beyond_the_limit_on_TLS_is_closed_and_the_next_one_served_when_another_has_gone()
    {
        var origin = OkOrigin();
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f.Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue())).DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", origin.Address))
            .Configure(static o => o.MaxTlsConnections = 1));
        var (_, first) = await ConnectTlsAsync();
        Assert.Equal(200, (await GetAsync(first)).Status);

        var refused = await ConnectAsync();
        await refused.ExpectClosedAsync(); // before it has said anything
        await Log.WaitForAsync(static e => e.Message.EndsWith("there are too many connections over TLS", StringComparison.Ordinal));
        await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access" && e.Message.EndsWith("] public/1: Too many SSL connections", StringComparison.Ordinal));

        await first.DisposeAsync();
        await UntilAsync(() => Proxy.Connections == 0);
        var (_, second) = await ConnectTlsAsync();
        Assert.Equal(200, (await GetAsync(second)).Status);
    }

    [Fact]
    public async Task A_failed_handshake_is_logged_in_the_format_for_errors()
    {
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue()))
                .DefaultBackend("web")
                .Configure(o => (o.ErrorLogFormat, o.LogFormat) = ("failed %ft %b/%s %Th", "not this")))
            .AddBackend("web", b => b.AddServer("s1", "127.0.0.1:1")));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        var entry = await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access");
        Assert.StartsWith("failed public~ public/<NOSRV> ", entry.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(16_384)]
    [InlineData(200_001)]
    public async Task Bodies_pass_both_ways_over_a_kept_connection(int length)
    {
        await StartAsync(RawOrigin(EchoRequestsAsync), client: true, server: false);
        var (_, client) = await ConnectTlsAsync();

        await PassTwiceAsync(client, BodyTests.Bytes(length));
    }

    [Fact]
    public async Task Chunks_and_trailers_pass_both_ways()
    {
        var origin = OriginAnswering("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "3", "abc", "0", "X-End: yes", "", "");
        await StartAsync(origin, client: true, server: false);
        var (_, client) = await ConnectTlsAsync();

        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "", "2", "de", "0", "", "");

        await client.ExpectAsync("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "3", "abc", "0", "X-End: yes", "", "");
        Assert.Equal("de"u8.ToArray(), origin.Requests[0].Body);
    }

    [Fact]
    public async Task Response_that_lasts_until_close_ends_with_a_close_notify()
    {
        await StartAsync(RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\n\r\nall of it");
        }), client: true, server: false);
        var (_, client) = await ConnectTlsAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await client.ExpectAsync("HTTP/1.1 200 OK", "connection: close", "", "all of it");
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task Response_that_stops_short_is_no_orderly_end_for_the_client()
    {
        await StartAsync(RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        }), client: true, server: false);
        var (_, client) = await ConnectTlsAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await client.ExpectResetAsync();
        Assert.Equal("SD", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Client_cut_off_inside_its_body_without_a_close_notify_has_left()
    {
        var origin = RawOrigin(async wire => await wire.ReadToEndAsync());
        await StartAsync(origin, client: true, server: false);
        var (plain, client) = await ConnectTlsAsync();
        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
        await origin.OpenConnectionsAsync(1);

        plain.ShutdownSend();

        Assert.Equal("CH", (await LoggedAsync()).End);
        await origin.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Upgrade_becomes_a_tunnel_within_the_encryption()
    {
        await StartAsync(RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n");
            await wire.SendAsync((await wire.ReadToEndAsync()).AsMemory());
        }), client: true, server: false);
        var (_, client) = await ConnectTlsAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: chat", "", "");
        await client.ExpectAsync("HTTP/1.1 101 Switching Protocols", "Upgrade: chat", "Connection: Upgrade", "", "");
        await client.SendRawAsync("all of it");
        client.ShutdownSend();

        await client.ExpectAsync("all of it");
        await client.ExpectClosedAsync();
        Assert.Equal(("--", 101), ((await LoggedAsync(1)).End, (await LoggedAsync(1)).Status));
    }

    [Fact]
    public async Task Client_that_speaks_plainly_is_closed_and_told_of_in_the_log()
    {
        await StartAsync(OkOrigin(), client: true, server: false);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await Log.WaitForAsync(entry => entry.Category == "ProxyKit" && entry.Message.Contains("handshake", StringComparison.OrdinalIgnoreCase));
        var line = await Log.WaitForAsync(static entry => entry.Category == "ProxyKit.Access");
        Assert.Matches(@"^\S+ \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d\.\d{3}\] public/1: SSL handshake failure$", line.Message);
    }

    [Fact]
    public async Task Line_about_a_failed_handshake_has_the_name_of_the_bind()
    {
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue()).Name("edge"))
                .DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", "127.0.0.1:1")));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.EndsWith("] public/edge: SSL handshake failure", (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_that_goes_away_before_it_says_anything_is_worth_no_line()
    {
        await StartAsync(OkOrigin(), client: true, server: false);
        var client = await ConnectAsync();

        client.ShutdownSend();

        await Log.WaitForAsync(static e => e.Message.EndsWith("failed: Connection closed during SSL handshake", StringComparison.Ordinal));
        var (_, secure) = await ConnectTlsAsync();
        await GetAsync(secure);
        Assert.Contains(" 200 ", (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message, StringComparison.Ordinal);
    }

    public sealed class OverSockets() : ClientTlsTests(Carrier.Sockets)
    {
        [Fact]
        public async Task Session_can_be_resumed()
        {
            await StartAsync(OkOrigin(), client: true, server: false);
            var start = new System.Diagnostics.ProcessStartInfo(
                Clients.OutsideProgram.Find("openssl"), ["s_client", "-connect", $"{Proxy.EndPoints[0]}", "-tls1_2", "-reconnect"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var openssl = System.Diagnostics.Process.Start(start);
            Assert.NotNull(openssl);
            openssl.StandardInput.Close();
            var text = await openssl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).InTimeAsync();
            await openssl.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Contains("\nNew, TLSv1.2", text, StringComparison.Ordinal);
            Assert.Contains("\nReused, TLSv1.2", text, StringComparison.Ordinal);
        }
    }

    public sealed class InMemory() : ClientTlsTests(Carrier.Memory);

    public sealed class InPieces() : ClientTlsTests(Carrier.Pieces);
}
