using System.Net.Security;
using ProxyKit.Backends;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Replies;

namespace ProxyKit.Conformance.Tls;

/// <summary>The name that servers are asked for and have to prove, where each request says which one. HAProxy: <c>sni req.hdr(host)</c>.</summary>
public abstract class RequestedNameTests(Carrier carrier) : TlsTest(carrier)
{
    private static readonly Expression Host = Value.Parse("req.hdr(host),host_only");

    [Theory]
    [InlineData("a.example", "a.example")]
    [InlineData("A.Example:8443", "a.example")]
    [InlineData("a.example.", "a.example")]
    [InlineData("b.example", "b.example")]
    public async Task Server_is_asked_for_the_name_that_the_request_says(string host, string expected)
    {
        await StartAsync(NamedOrigin("a.example", "b.example"));

        var response = await AskAsync(host);

        Assert.Equal((200, expected), (response.Status, response.Text));
    }

    [Fact]
    public async Task Server_that_cannot_prove_the_name_gets_no_request()
    {
        var origin = NamedOrigin("a.example");
        await StartAsync(origin);

        Assert.Equal(503, (await AskAsync("other.example")).Status);
        Assert.Equal(1, origin.Connections); // and is not asked again
    }

    [Fact]
    public async Task Names_that_clients_come_up_with_do_not_open_the_circuit_of_a_server()
    {
        await StartAsync(NamedOrigin("a.example"), backend: static b => b.CircuitBreaker(static c => c.MinimumThroughput(2).SampleOver(TimeSpan.FromSeconds(10))));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(503, (await AskAsync("other.example")).Status);
        }

        Assert.Equal(200, (await AskAsync("a.example")).Status);
    }

    /// <summary>What is no name is not sent, and the configured one counts: that of the certificate, so that the server is known all the same.</summary>
    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("[::1]:80")]
    [InlineData("a..example")]
    [InlineData("a~b")]
    public async Task What_is_no_name_leaves_the_configured_one(string host)
    {
        await StartAsync(NamedOrigin("known.example"), hostName: "known.example");

        Assert.Equal((200, "known.example"), ((await AskAsync(host)).Status, (await AskAsync(host)).Text));
    }

    [Fact]
    public async Task Connections_are_shared_by_the_requests_for_one_name()
    {
        var origin = NamedOrigin("a.example", "b.example");
        await StartAsync(origin, reuse: ConnectionReuse.Always);

        foreach (var host in (string[])["a.example", "b.example", "A.example:80", "b.example", "a.example"])
        {
            Assert.Equal(host.StartsWith('b') ? "b.example" : "a.example", (await AskAsync(host)).Text);
            await LoggedAsync(_asked); // by then its connection is back
        }

        Assert.Equal(2, origin.Connections);
    }

    /// <summary>A request of no pool is as good as its name, and one whose pool is called as a host has no share in that one's connections.</summary>
    [Fact]
    public async Task Connections_of_requests_that_name_no_pool_are_parted_by_the_name()
    {
        var origin = NamedOrigin("a.example", "b.example");
        await StartAsync(
            origin, reuse: ConnectionReuse.Always, backend: static b => b.Configure(static o => o.Servers[0].PoolName = Value.Parse("req.hdr(x-tenant)")));

        foreach (var (host, tenant) in ((string, string?)[])[("a.example", null), ("b.example", null), ("a.example", "b.example"), ("b.example", null)])
        {
            Assert.Equal(host, (await AskAsync(host, tenant)).Text);
            await LoggedAsync(_asked); // by then its connection is back
        }

        Assert.Equal(3, origin.Connections);
    }

    [Fact]
    public async Task Pool_keeps_no_connection_over_a_reload_that_asks_servers_for_other_names()
    {
        var origin = NamedOrigin("a.example", "b.example");
        Action<ProxyBuilder> Compose(string name) => proxy => proxy
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", b => b
                .Reuse(ConnectionReuse.Always)
                .AddServer("s1", origin.Address, s => s.Tls(tls => tls.CaPath = Authority.CaPath).TlsHostName(Value.Parse($"str({name})")))
                .Configure(static o => o.Servers[0].PoolName = Value.Parse("req.hdr(x-tenant)")));
        await StartAsync(Compose("a.example"));
        Assert.Equal("a.example", (await AskAsync("x", "t")).Text);
        await LoggedAsync(_asked); // by then its connection is back

        await ReloadAsync(Compose("b.example"));

        Assert.Equal("b.example", (await AskAsync("x", "t")).Text);
    }

    [Fact]
    public async Task Connection_of_ones_own_is_for_its_name_alone()
    {
        var origin = NamedOrigin("a.example", "b.example");
        await StartAsync(origin, reuse: ConnectionReuse.Never);
        var client = await ConnectAsync();

        foreach (var host in (string[])["a.example", "b.example", "a.example"])
        {
            await client.SendAsync("GET / HTTP/1.1", $"Host: {host}", "", "");
            Assert.Equal(host, (await client.ReadResponseAsync()).Text);
        }

        Assert.Equal(2, origin.Connections);
    }

    [Fact]
    public async Task Name_in_tcp_mode_is_the_one_that_the_client_asked_for()
    {
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f.Mode(ProxyMode.Tcp).Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue("a.example", "b.example"))).DefaultBackend("web"))
            .AddBackend("web", b => b.Mode(ProxyMode.Tcp).AddServer("s1", NamedOrigin("b.example").Address, s => s
                .Tls(tls => tls.CaPath = Authority.CaPath).TlsHostName(Value.Parse("ssl_fc_sni")))));

        var (_, client) = await ConnectTlsAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "b.example",
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        });
        await client.SendAsync("GET / HTTP/1.1", "Host: x", "", "");

        Assert.Equal("b.example", (await client.ReadResponseAsync()).Text);
    }

    /// <summary>Servers are told their own names in a field that the name to ask for comes from as well: it comes from what the client has said there.</summary>
    [Fact]
    public async Task Name_to_ask_for_at_a_retry_is_not_the_last_servers_own()
    {
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var origin = TlsOrigin(
            async (wire, _) =>
            {
                if (await WireMessage.ReadHeadAsync(wire) is not { } request)
                {
                    return;
                }

                told.Enqueue($"{wire.AskedName}: {request["x-name"]}");
                await (told.Count < 2 ? Task.CompletedTask : wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")); // the first is closed without an answer
            },
            "a.example", "s1", "s2");
        await StartAsync(proxy => proxy
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", b =>
            {
                b.Retries(1).Configure(static o => (o.ServerNameHeader, o.RetryOn, o.RedispatchInterval) = ("X-Name", RetryCauses.EmptyResponse, 1));
                foreach (var name in (string[])["s1", "s2"])
                {
                    b.AddServer(name, origin.Address, s => s.Tls(tls => tls.CaPath = Authority.CaPath).TlsHostName(Value.Parse("req.hdr(x-name)")));
                }
            }));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: b", "X-Name: a.example", "", "");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal(["a.example: s1", "a.example: s2"], told);
    }

    private int _asked;

    private async Task<WireMessage> AskAsync(string host, string? tenant = null)
    {
        _asked++;
        var client = await ConnectAsync();
        await client.SendAsync((string[])["GET / HTTP/1.1", $"Host: {host}", .. tenant is null ? [] : (string[])[$"X-Tenant: {tenant}"], "", ""]);
        return await client.ReadResponseAsync();
    }

    private Task StartAsync(WireOrigin origin, string? hostName = null, ConnectionReuse reuse = ConnectionReuse.Safe, Action<BackendBuilder>? backend = null) => StartAsync(proxy => proxy
        .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
        .AddBackend("web", b =>
        {
            b.Configure(o => o.Reuse = reuse)
                .AddServer("s1", origin.Address, s => s.Tls(tls => (tls.CaPath, tls.HostName) = (Authority.CaPath, hostName)).TlsHostName(Host));
            backend?.Invoke(b);
        }));

    /// <summary>An origin with a certificate for these names, that answers with the one it was asked for, and with the first where it was asked for none.</summary>
    private WireOrigin NamedOrigin(params string[] names) => TlsOrigin(
        async (wire, _) =>
        {
            while (await WireMessage.ReadHeadAsync(wire, mayIdle: true) is not null)
            {
                var text = wire.AskedName.Length > 0 ? wire.AskedName : names[0];
                await wire.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\n\r\n{text}");
            }
        },
        names);

    public sealed class OverSockets() : RequestedNameTests(Carrier.Sockets)
    {
        /// <summary>A server that answers a name it does not know with an alert, as another proxy with strict-sni does: that is no fault of its own either.</summary>
        [Fact]
        public async Task Name_that_a_server_refuses_is_not_asked_for_again_and_counts_nowhere()
        {
            await using var strict = Create(proxy => proxy.AddFrontend("strict", f => f
                .Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue("a.example"), static tls => tls.RefusesUnknownNames = true))
                .Configure(static o => o.AccessLog = false)
                .OnRequest(static rules => rules.Return(Reply.Text("strict", "text/plain")))));
            await strict.StartAsync(TestContext.Current.CancellationToken);
            await StartAsync(proxy => proxy
                .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
                .AddBackend("web", b => b
                    .CircuitBreaker(static c => c.MinimumThroughput(2).SampleOver(TimeSpan.FromSeconds(10)))
                    .AddServer("s1", $"{strict.EndPoints[0]}", s => s.Tls(tls => tls.CaPath = Authority.CaPath).TlsHostName(Host))));

            for (var i = 0; i < 5; i++)
            {
                Assert.Equal(503, (await AskAsync("other.example")).Status);
            }

            Assert.Equal("0", (await LoggedAsync()).Retries);
            Assert.Equal("strict", (await AskAsync("a.example")).Text);
        }
    }

    public sealed class InMemory() : RequestedNameTests(Carrier.Memory);
}
