using System.Net.Security;
using ProxyKit.Conformance.Http;
using ProxyKit.Rules;

namespace ProxyKit.Conformance.Tls;

/// <summary>HTTP/1.1 to servers that speak TLS, and bytes through TLS on both sides.</summary>
public abstract class ServerTlsTests(Carrier carrier) : TlsTest(carrier)
{
    [Theory]
    [InlineData(false, 5)]
    [InlineData(false, 200_001)]
    [InlineData(true, 200_001)]
    public async Task Bodies_pass_both_ways(bool clientToo, int length)
    {
        var origin = TlsOrigin((wire, _) => EchoRequestsAsync(wire));
        await StartAsync(origin, client: clientToo, server: true);
        var client = clientToo ? (await ConnectTlsAsync()).Secure : await ConnectAsync();

        await PassTwiceAsync(client, BodyTests.Bytes(length));
    }

    [Fact]
    public async Task Encrypted_connection_is_kept_for_further_requests()
    {
        var origin = TlsOrigin((wire, _) => EchoRequestsAsync(wire));
        await StartAsync(origin, client: false, server: true);
        var client = await ConnectAsync();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(200, (await GetAsync(client)).Status);
        }

        Assert.Equal(1, origin.Connections);
    }

    [Fact]
    public async Task Rules_on_the_response_know_what_was_agreed_on_with_the_server()
    {
        var origin = TlsOrigin((wire, _) => EchoRequestsAsync(wire));
        await StartAsync(origin, client: false, server: true, backend: static backend => backend.OnResponse(static rules => rules
            .SetHeader("X-Tls", Value.Format("%[ssl_bc],%[ssl_bc_protocol],%[ssl_bc_cipher],%[ssl_bc_use_keysize],%[ssl_bc_err]"))
            .SetHeader("X-Names", Value.Format("%[ssl_bc_sni],%[ssl_s_i_dn(CN),field(1,' '),length],%[ssl_s_sha1,hex,length],%[ssl_s_version]"))));

        var response = await GetAsync();

        Assert.Matches("^1,TLSv1\\.[23],[A-Z0-9_-]+,(128|256),0$", response["X-Tls"]);
        Assert.Matches("^.*,4,40,3$", response["X-Names"]);
    }

    [Theory]
    [InlineData("http/1.1", "<http/1.1>")]
    [InlineData(null, "<>")]
    public async Task Server_chooses_of_the_protocols_that_it_is_offered(string? offered, string agreed)
    {
        OriginProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        var origin = TlsOrigin((wire, _) => EchoRequestsAsync(wire));
        await StartAsync(
            origin,
            client: false,
            server: true,
            backend: static backend => backend.OnResponse(static rules => rules.SetHeader("X-Alpn", Value.Format("<%[ssl_bc_alpn]>"))),
            protocols: offered is null ? null : [offered]);

        Assert.Equal(agreed, (await GetAsync())["X-Alpn"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rules_on_the_response_know_all_certificates_that_the_server_has_sent(bool startsWithout)
    {
        var origin = TlsOrigin((wire, _) => EchoRequestsAsync(wire));
        await StartAsync(origin, client: false, server: true, backend: startsWithout ? null : Asking);
        var client = await ConnectAsync();
        if (startsWithout)
        {
            await GetAsync(client); // on a connection that is kept
            await ReloadAsync(proxy => proxy
                .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
                .AddBackend("web", b => Asking(b.AddServer("s1", origin.Address, s => s.Tls(tls => tls.CaPath = Authority.CaPath)))));
        }

        var response = await GetAsync(client);

        var chain = response["X-Own"] + Convert.ToHexString(Authority.Intermediate.RawData);
        Assert.Equal(startsWithout ? "<>" : $"<{chain}>", response["X-Chain"]);

        static void Asking(BackendBuilder backend) => backend.OnResponse(static rules => rules
            .SetHeader("X-Own", Value.Parse("ssl_s_der,hex"))
            .SetHeader("X-Chain", Value.Format("<%[ssl_s_chain_der,hex]>")));
    }

    [Fact]
    public async Task Chunks_pass_both_ways()
    {
        var origin = TlsOrigin(async (wire, _) =>
        {
            await wire.ExpectAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n");
            await wire.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-End: yes\r\n\r\n");
            await wire.ReadToEndAsync();
        });
        await StartAsync(origin, client: false, server: true);
        var client = await ConnectAsync();

        await client.SendAsync("POST / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", "", "2", "de", "0", "", "");

        await client.ExpectAsync("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "3", "abc", "0", "X-End: yes", "", "");
    }

    [Fact]
    public async Task Server_with_the_wrong_certificate_is_refused_once_and_never_sees_the_request()
    {
        var origin = TlsOrigin(async (wire, _) => Assert.Empty(await wire.ReadToEndAsync()), "elsewhere.example");
        await StartAsync(origin, client: false, server: true);

        Assert.Equal(503, (await GetAsync()).Status);

        var line = await LoggedAsync();
        Assert.Equal(("SC", "0", "web/s1"), (line.End, line.Retries, line.Server));
        Assert.Equal(1, origin.Connections);
    }

    [Fact]
    public async Task Server_cut_off_inside_its_body_without_a_close_notify_has_broken_off()
    {
        var origin = TlsOrigin(async (wire, _) =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        });
        await StartAsync(origin, client: false, server: true);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await client.ExpectResetAsync();
        Assert.Equal("SD", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Server_cut_off_before_its_head_is_a_502()
    {
        await StartAsync(TlsOrigin(async (wire, _) => await wire.ReadHeadAsync()), client: false, server: true);

        Assert.Equal(502, (await GetAsync()).Status);

        Assert.Equal("SH", (await LoggedAsync()).End);
    }

    /// <summary>PT-08, where both sides are encrypted.</summary>
    [Theory]
    [InlineData(ProxyMode.Tcp)]
    [InlineData(ProxyMode.Http)]
    public async Task Half_close_of_the_client_is_carried_through_both_encryptions(ProxyMode mode)
    {
        var origin = TlsOrigin(async (wire, _) =>
        {
            if (mode == ProxyMode.Http)
            {
                await wire.ReadHeadAsync();
                await wire.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n");
            }

            await wire.SendAsync((await wire.ReadToEndAsync()).AsMemory());
            wire.ShutdownSend();
        });
        await StartAsync(origin, client: true, server: true, mode: mode);
        var (_, client) = await ConnectTlsAsync();
        if (mode == ProxyMode.Http)
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: chat", "", "");
            Assert.Equal(101, (await client.ReadResponseAsync()).Status);
        }

        await client.SendRawAsync("all of it");
        client.ShutdownSend();

        await client.ExpectAsync("all of it");
        await client.ExpectClosedAsync();
        Assert.Equal("--", (await LoggedAsync()).End);
    }

    public sealed class OverSockets() : ServerTlsTests(Carrier.Sockets);

    public sealed class InMemory() : ServerTlsTests(Carrier.Memory);

    public sealed class InPieces() : ServerTlsTests(Carrier.Pieces);
}
