using System.Globalization;
using System.Net;
using System.Text;
using ProxyKit.Conformance.Tls;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Conformance.ProxyProtocol;

/// <summary>Servers that are told whose connections they get: <c>send-proxy</c>, <c>send-proxy-v2</c>.</summary>
public abstract class SentHeaderTests(Carrier carrier) : TlsTest(carrier)
{
    [Fact] // PT-07
    public async Task Line_precedes_the_bytes_of_a_tcp_connection_which_are_unchanged()
    {
        var origin = RawOrigin(static async wire =>
        {
            var line = await wire.ReadLineAsync();
            await wire.SendAsync($"{line}|");
            await wire.SendAsync(await wire.ReadExactlyAsync(3));
        });
        await StartAsync(origin, static f => f.Mode(ProxyMode.Tcp), b => Sending(b.Mode(ProxyMode.Tcp), static h => h.Version = ProxyProtocolVersion.Text));
        var client = await ConnectAsync();

        await client.SendRawAsync("\0\r\n");

        Assert.Equal($"{LineOf(client)}|\0\r\n", await ReadAsync(client));
    }

    [Fact] // PT-07
    public async Task Binary_header_precedes_the_request_of_an_http_connection()
    {
        var origin = RawOrigin(static async wire =>
        {
            var header = Convert.ToHexString(await wire.ReadExactlyAsync(28));
            var head = await wire.ReadHeadAsync();
            await wire.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {header.Length}\r\n\r\n{header}");
            Assert.StartsWith("GET /a HTTP/1.1\r\n", head, StringComparison.Ordinal);
        });
        await StartAsync(origin, backend: b => Sending(b));
        var client = await ConnectAsync();

        var header = (await GetAsync(client, "/a")).Text;

        Assert.Equal($"0D0A0D0A000D0A515549540A2111000C{Hex(client.LocalEndPoint)[..8]}7F000001{Hex(client.LocalEndPoint)[8..]}{Hex(Proxy.EndPoints[0])[8..]}", header);
    }

    [Fact]
    public async Task Header_comes_before_tls_to_the_server()
    {
        using var seen = new Gate();
        var told = "";
        var server = RawOrigin(async wire =>
        {
            told = await wire.ReadLineAsync();
            var record = await wire.ReadExactlyAsync(2);
            told += $" {Convert.ToHexString(record)}";
            seen.Open();
        });
        await StartAsync(proxy => proxy
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", b => b.Retries(0).AddServer("s1", server.Address, static s => s.Tls()
                .ProxyProtocol(static h => h.Version = ProxyProtocolVersion.Text))));
        var client = await ConnectAsync();

        Assert.Equal(503, (await GetAsync(client)).Status);

        await seen.PassAsync();
        Assert.Equal($"{LineOf(client)} 1603", told);
    }

    [Fact]
    public async Task Client_keeps_its_connection_and_no_other_gets_it()
    {
        var origin = HeaderOrigin();
        await StartAsync(origin, backend: b => Sending(b, static h => h.Version = ProxyProtocolVersion.Text).Reuse(ConnectionReuse.Always));
        var (first, second) = (await ConnectAsync(), await ConnectAsync());

        Assert.Equal(LineOf(first), (await GetAsync(first)).Text);
        Assert.Equal(LineOf(second), (await GetAsync(second)).Text);
        Assert.Equal(LineOf(first), (await GetAsync(first)).Text);

        Assert.Equal(2, origin.Connections);
    }

    [Fact]
    public async Task Request_that_is_another_clients_by_a_rule_gets_a_connection_of_its_own()
    {
        var origin = HeaderOrigin();
        await StartAsync(
            origin,
            static f => f.OnRequest(static rules => rules.SetSource(Value.Parse("req.hdr(x-src)"), Match.Parse("{ req.hdr(x-src) -m found }"))),
            b => Sending(b, static h => h.Version = ProxyProtocolVersion.Text));
        var client = await ConnectAsync();

        await GetAsync(client);
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "X-Src: 192.0.2.9", "", "");
        var other = (await client.ReadResponseAsync()).Text;

        Assert.StartsWith("PROXY TCP4 192.0.2.9 127.0.0.1 ", other, StringComparison.Ordinal);
        Assert.Equal(LineOf(client), (await GetAsync(client)).Text);
        Assert.Equal(2, origin.Connections);
    }

    [Fact]
    public async Task Header_tells_what_it_is_asked_to()
    {
        var origin = RawOrigin(static async wire =>
        {
            var head = await wire.ReadExactlyAsync(16);
            var rest = await wire.ReadExactlyAsync((head[14] << 8) | head[15]);
            await wire.ReadHeadAsync();
            var text = Convert.ToHexString(rest.AsSpan(12));
            await wire.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\n\r\n{text}");
        });
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue()))
                .DefaultBackend("web")
                .Configure(static o => o.UniqueIdFormat = "the-%[path]"))
            .AddBackend("web", b => b.AddServer("s1", origin.Address, static s => s.ProxyProtocol(static h =>
            {
                h.Facts = ProxyProtocolFacts.Authority | ProxyProtocolFacts.UniqueId | ProxyProtocolFacts.Tls;
                h.Fields[0xE1] = Value.Format("%[path]-mine");
                h.Fields[0xE2] = Value.Parse("req.hdr(none)");
            }))));
        var (_, client) = await ConnectTlsAsync();

        var fields = Encoding.Latin1.GetString(Convert.FromHexString((await GetAsync(client, "/p")).Text));

        Assert.Equal("\u0002\0\tlocalhost" + "\u00E1\0\u0007/p-mine" + "\u0005\0\u0006the-/p" + "\u0020\0\u000F\u0001\0\0\0\0" + "\u0021\0\u0007TLSv1.3", fields);
    }

    [Fact]
    public async Task Server_learns_its_name_at_each_attempt()
    {
        var (failing, other) = (Origin(static exchange =>
        {
            exchange.Close();
            return Task.CompletedTask;
        }), OkOrigin());
        await StartAsync(Compose([failing, other], backend: static b => b.Retries(1).Configure(static o =>
        {
            o.ServerNameHeader = "X-Dst-Server";
            o.RetryOn = RetryCauses.EmptyResponse;
            o.RedispatchInterval = 1;
        })));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "x-dst-server: forged", "", "");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);

        Assert.Equal("GET / HTTP/1.1\r\nHost: a\r\nx-dst-server: s1\r\n\r\n", (await failing.RequestAsync()).Head);
        Assert.Equal("GET / HTTP/1.1\r\nHost: a\r\nx-dst-server: s2\r\n\r\n", (await other.RequestAsync()).Head);
    }

    [Fact]
    public async Task Server_is_on_the_port_that_the_client_has_asked_for()
    {
        var origin = OkOrigin();
        var shift = origin.Port - 5000;
        await StartAsync(proxy => proxy
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web")
                .OnRequest(static rules => rules.SetDestinationPort(Value.Parse("int(5000)"))))
            .AddBackend("web", b => b.AddServer("s1", $"127.0.0.1:{shift.ToString("+0;-0", CultureInfo.InvariantCulture)}")));

        Assert.Equal(200, (await GetAsync()).Status);
        Assert.Equal(200, (await GetAsync()).Status);
        Assert.Equal(2, origin.Connections); // where that is, another client need not want to go
    }

    private static BackendBuilder Sending(BackendBuilder backend, Action<Backends.ProxyProtocolOptions>? configure = null) => backend.Configure(o =>
    {
        var header = new Backends.ProxyProtocolOptions();
        configure?.Invoke(header);
        foreach (var server in o.Servers)
        {
            server.ProxyProtocol = header;
        }
    });

    /// <summary>Answers each request with the line that its connection began with.</summary>
    private WireOrigin HeaderOrigin() => RawOrigin(static async wire =>
    {
        var line = await wire.ReadLineAsync();
        while (await wire.ReadHeadAsync(mayIdle: true) is not null)
        {
            await wire.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {line.Length}\r\n\r\n{line}");
        }
    });

    private string LineOf(WireClient client)
    {
        var (from, to) = ((IPEndPoint)client.LocalEndPoint!, (IPEndPoint)Proxy.EndPoints[0]!); // both have addresses
        return FormattableString.Invariant($"PROXY TCP4 {from.Address} {to.Address} {from.Port} {to.Port}");
    }

    private static string Hex(EndPoint? endPoint) => endPoint is IPEndPoint ip
        ? Convert.ToHexString(ip.Address.GetAddressBytes()) + ip.Port.ToString("X4", CultureInfo.InvariantCulture)
        : "";

    private static async Task<string> ReadAsync(WireClient client) => Encoding.Latin1.GetString(await client.Wire.ReadToEndAsync());

    public sealed class OverSockets() : SentHeaderTests(Carrier.Sockets);

    public sealed class InMemory() : SentHeaderTests(Carrier.Memory);

    public sealed class InPieces() : SentHeaderTests(Carrier.Pieces);
}
