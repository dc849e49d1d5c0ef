using ProxyKit.Conformance.Tls;

namespace ProxyKit.Conformance.Rules;

/// <summary>What log lines, which are written behind it all, know of the connection to the server.</summary>
public sealed class ServerConnectionLogTests() : TlsTest(Carrier.Sockets)
{
    private const string Errors = "%[bc_err]|%[bc_err_name]|%[bc_err_str]|%[bc_http_major]";
    private const string Encryption = "%[ssl_bc]|%[ssl_bc_protocol]|%[ssl_bc_cipher]|%[ssl_bc_use_keysize]|%[ssl_bc_sni]|%[ssl_s_sha1,hex,length]";
    private const string Encrypted = @"^1\|TLSv1\.[23]\|[A-Z0-9_-]+\|(128|256)\|localhost\|40$";

    [Fact]
    public async Task Connection_that_was_made_has_no_error()
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o => o.LogFormat = Errors));

        await GetAsync();

        Assert.Equal("0|-|Success|1", await LineAsync());
    }

    [Fact]
    public async Task Connection_that_is_kept_has_none_either()
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o => o.LogFormat = Errors));
        var client = await ConnectAsync();
        await GetAsync(client);
        await GetAsync(client);

        Assert.Equal("0|-|Success|1", await LineAsync(2));
    }

    [Fact]
    public async Task Connection_that_is_refused_says_so()
    {
        var origin = OkOrigin();
        await StartAsync(origin, static f => f.Configure(static o => o.LogFormat = Errors), static b => b.Retries(0, redispatch: false));
        origin.StopListening();

        Assert.Equal(503, (await GetAsync()).Status);

        Assert.Equal("47|EREFUSED|Connection refused|-", await LineAsync());
    }

    [Fact]
    public async Task Server_of_an_authority_that_is_not_trusted_fails_the_handshake()
    {
        using var other = new TestAuthority();
        var origin = TlsOrigin((wire, _) => EchoRequestsAsync(wire), "localhost");
        await StartAsync(proxy => proxy
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").Configure(static o => o.LogFormat = Errors).DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", origin.Address, s => s.Tls(tls => (tls.CaPath, tls.HostName) = (other.CaPath, "localhost")))));

        Assert.Equal(503, (await GetAsync()).Status);

        Assert.Equal("34|SSL_HANDSHAKE|SSL handshake failure|-", await LineAsync());
    }

    [Fact]
    public async Task Request_that_comes_to_no_server_has_no_connection()
    {
        await StartAsync(OkOrigin(), static f => f.OnRequest(static rules => rules.Deny()).Configure(static o => o.LogFormat = Errors));

        await GetAsync();

        Assert.Equal("-|-|-|-", await LineAsync());
    }

    [Fact]
    public async Task Encryption_is_known_of_a_connection_that_is_kept()
    {
        var origin = TlsOrigin(static (wire, _) => EchoRequestsAsync(wire), "localhost");
        await StartAsync(origin, Encryption);
        var client = await ConnectAsync();

        await GetAsync(client);
        await GetAsync(client);

        Assert.Matches(Encrypted, await LineAsync(2));
        Assert.Equal(1, origin.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("")]
    public async Task Encryption_is_known_of_a_connection_that_is_closed(string answer)
    {
        var origin = TlsOrigin(
            async (wire, _) =>
            {
                await wire.ReadHeadAsync();
                await wire.SendAsync(answer);
            },
            "localhost");
        await StartAsync(origin, Encryption);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Matches(Encrypted, await LineAsync());
    }

    [Fact]
    public async Task Encryption_is_known_when_the_client_has_left()
    {
        using var asked = new Gate();
        var origin = TlsOrigin(
            async (wire, _) =>
            {
                await wire.ReadHeadAsync();
                asked.Open();
                await wire.ReadToEndAsync();
            },
            "localhost");
        await StartAsync(origin, Encryption);
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await asked.PassAsync();

        await client.DisposeAsync();

        Assert.Matches(Encrypted, await LineAsync());
    }

    private Task StartAsync(WireOrigin origin, string logFormat) => StartAsync(proxy => proxy
        .AddFrontend("public", f => f.Bind("127.0.0.1:0").Configure(o => o.LogFormat = logFormat).DefaultBackend("web"))
        .AddBackend("web", b => b.AddServer("s1", origin.Address, s => s.Tls(tls => (tls.CaPath, tls.HostName) = (Authority.CaPath, "localhost")))));

    private async Task<string> LineAsync(int number = 1)
    {
        var seen = 0;
        return (await Log.WaitForAsync(entry => entry.Category == "ProxyKit.Access" && ++seen == number)).Message;
    }
}
