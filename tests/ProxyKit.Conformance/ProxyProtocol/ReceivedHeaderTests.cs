using System.Globalization;
using System.Text;
using ProxyKit.Conformance.Tls;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Conformance.ProxyProtocol;

/// <summary>Binds whose connections begin with a header of the PROXY protocol: <c>accept-proxy</c>, <c>expect-proxy</c>.</summary>
public abstract class ReceivedHeaderTests(Carrier carrier) : TlsTest(carrier)
{
    private const string Line = "PROXY TCP4 192.0.2.7 198.51.100.2 51000 443\r\n";

    [Fact]
    public async Task Client_is_the_one_that_the_header_names()
    {
        await StartAsync(
            OkOrigin(),
            static f => f.Configure(static o =>
            {
                Accept(o);
                o.ForwardedHeaders = ForwardedHeaders.XForwardedFor;
                o.LogFormat = "%ci:%cp %fi:%fp %[src] %[dst] %[fc_src] %[fc_rcvd_proxy]";
            }).OnRequest(static rules => rules.Deny(when: !Match.Source("192.0.2.0/24"))));
        var client = await ConnectAsync();

        await client.SendRawAsync(Line + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal("192.0.2.7:51000 198.51.100.2:443 192.0.2.7 198.51.100.2 192.0.2.7 1", await LineAsync());
    }

    [Fact]
    public async Task Server_is_told_of_the_client_that_the_header_names()
    {
        var origin = OkOrigin();
        await StartAsync(origin, static f => f.Configure(Accept).Forwarded(ForwardedHeaders.XForwardedFor));
        var client = await ConnectAsync();

        await client.SendRawAsync(Line);
        await GetAsync(client);

        Assert.Equal("192.0.2.7", (await origin.RequestAsync())["x-forwarded-for"]);
    }

    [Fact]
    public async Task Fields_of_the_header_are_known_to_rules()
    {
        await StartAsync(
            OkOrigin(),
            static f => f.Configure(static o =>
            {
                Accept(o);
                o.LogFormat = "%[fc_pp_authority] %[fc_pp_unique_id] %[fc_pp_tlv(0xE1)] %[fc_pp_tlv(Authority)]";
            }).OnRequest(static rules => rules.Deny(when: Match.Parse("!{ fc_pp_tlv(225) two }"))));
        var client = await ConnectAsync();

        await client.SendRawAsync(Binary(Ends + Field('\u0002', "a.ex") + Field('\u0005', "id") + Field('\u00E1', "one") + Field('\u00E1', "two")));

        Assert.Equal(200, (await GetAsync(client)).Status);
        Assert.Equal("a.ex id one a.ex", await LineAsync());
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0")]
    public async Task Sender_that_speaks_for_itself_is_the_client(string header)
    {
        await StartAsync(
            OkOrigin(), static f => f.Configure(static o =>
            {
                Accept(o);
                o.LogFormat = "%ci %[fc_rcvd_proxy]";
            }));
        var client = await ConnectAsync();

        await client.SendRawAsync(header);

        Assert.Equal(200, (await GetAsync(client)).Status);
        Assert.Equal("127.0.0.1 1", await LineAsync());
    }

    [Fact]
    public async Task Handshake_of_tls_follows_the_header()
    {
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0", bind => bind.Tls(Authority.Issue()).AcceptProxyProtocol())
                .DefaultBackend("web")
                .Configure(static o => o.LogFormat = "%ci %[ssl_fc]"))
            .AddBackend("web", b => b.AddServer("s1", OkOrigin().Address)));
        var client = await ConnectAsync();
        await client.SendRawAsync(Line);

        var secure = await client.SecureAsync();

        Assert.Equal(200, (await GetAsync(secure)).Status);
        Assert.Equal("192.0.2.7 1", await LineAsync());
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "Received something which does not look like a PROXY protocol header", 15)]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.2 51000 65536\r\n", "Received an invalid PROXY protocol header", 16)]
    [InlineData("PROXY UDP4 192.0.2.7 198.51.100.2 51000 443\r\n", "Received an unhandled protocol in the PROXY protocol header", 17)]
    public async Task Connection_that_begins_with_something_else_is_closed(string text, string reason, int error)
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o =>
        {
            Accept(o);
            o.ErrorLogFormat = "%ci %[fc_err] %[fc_err_str]";
        }));
        var client = await ConnectAsync();

        await client.SendRawAsync(text);

        await GoneAsync(client);
        Assert.Equal($"127.0.0.1 {error.ToString(CultureInfo.InvariantCulture)} {reason}", await LineAsync());
        Assert.Contains(Log.Entries, e => e.Message.EndsWith(reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sender_that_stops_in_the_middle_is_let_go_when_its_time_is_up()
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o =>
        {
            Accept(o);
            o.HandshakeTimeout = TimeSpan.FromSeconds(3);
        }));
        var client = await ConnectAsync();
        await client.SendRawAsync("PROXY TCP4 192");

        await AdvanceUntilAsync(GoneAsync(client));

        await Log.WaitForAsync(static e => e.Message.EndsWith("Timeout while waiting for PROXY protocol header", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sender_that_closes_in_the_middle_is_told_of()
    {
        await StartAsync(OkOrigin(), static f => f.Configure(Accept));
        var client = await ConnectAsync();
        await client.SendRawAsync("PROXY TCP4 192");
        client.ShutdownSend();

        await GoneAsync(client);

        await Log.WaitForAsync(static e => e.Message.EndsWith("Truncated PROXY protocol header received", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sender_that_is_not_trusted_is_not_listened_to()
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o =>
        {
            Accept(o);
            o.Binds[0].TrustedSenders.Add("10.0.0.0/8");
            o.ErrorLogFormat = "%[fc_err] %[fc_err_name]";
        }));
        var client = await ConnectAsync();

        await GoneAsync(client); // before it has said anything: nobody waits for that

        await Log.WaitForAsync(static e => e.Message.EndsWith("it may send no PROXY protocol header", StringComparison.Ordinal));
        Assert.Equal("12 PRX_ABORT", await LineAsync());
    }

    [Fact]
    public async Task Sender_in_a_trusted_network_is_listened_to()
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o =>
        {
            Accept(o);
            o.Binds[0].TrustedSenders.Add("127.0.0.0/8");
        }));
        var client = await ConnectAsync();
        await client.SendRawAsync(Line);

        Assert.Equal(200, (await GetAsync(client)).Status);
    }

    [Fact]
    public async Task Rule_decides_who_has_to_send_a_header()
    {
        await StartAsync(
            OkOrigin(),
            static f => f.Configure(static o => o.LogFormat = "%ci %[var(sess.peer)]")
                .OnConnection(static rules => rules.SetVariable("sess.peer", Value.Parse("src")).ExpectProxyProtocol(Match.Source("127.0.0.0/8")))
                .OnSession(static rules => rules.Reject(!Match.Source("192.0.2.7"))));
        var client = await ConnectAsync();
        await client.SendRawAsync(Line);

        Assert.Equal(200, (await GetAsync(client)).Status);
        Assert.Equal("192.0.2.7 127.0.0.1", await LineAsync());
    }

    [Fact]
    public async Task Rule_that_does_not_hold_asks_for_none()
    {
        await StartAsync(OkOrigin(), static f => f.OnConnection(static rules => rules.ExpectProxyProtocol(Match.Source("10.0.0.0/8"))));

        Assert.Equal(200, (await GetAsync()).Status);
    }

    private const string Ends = "\u00C0\0\u0002\u0007\u00C6\u0033\u0064\u0002\u00C7\u0038\u0001\u00BB";

    private static ReadOnlyMemory<byte> Binary(string rest) =>
        Encoding.Latin1.GetBytes($"\r\n\r\n\0\r\nQUIT\n\u0021\u0011{(char)(rest.Length >> 8)}{(char)(rest.Length & 255)}{rest}");

    private static string Field(char type, string value) => $"{type}\0{(char)value.Length}{value}";

    private static void Accept(Frontends.FrontendOptions options) => options.Binds[0].AcceptsProxyProtocol = true;

    private async Task<string> LineAsync() => (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message;

    /// <summary>Waits for the end, in whichever way the connection comes to it.</summary>
    private static async Task GoneAsync(WireClient client)
    {
        try
        {
            Assert.Empty(await client.Wire.ReadToEndAsync());
        }
        catch (IOException)
        {
            // broken off, with what was not read
        }
    }

    public sealed class OverSockets() : ReceivedHeaderTests(Carrier.Sockets);

    public sealed class InMemory() : ReceivedHeaderTests(Carrier.Memory);

    public sealed class InPieces() : ReceivedHeaderTests(Carrier.Pieces);
}
