using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Conformance.Gateway;

/// <summary>A gateway that passes everything through, by the ids of the guide's behaviours. Others of them: PT-01 and PT-08 in
/// <c>Tcp/TcpModeTests</c>, PT-02 in <c>Http/PassThroughTests</c>, WebSocket and HTTP/2 of PT-04 in <c>Clients/KestrelOriginTests</c>.</summary>
public abstract class PassthroughTests(Carrier carrier) : Tls.TlsTest(carrier)
{
    /// <summary>PT-03, without the routing by SNI: the server's certificate is seen; the gateway has none.</summary>
    [Fact]
    public async Task Tls_passes_through_a_gateway_without_a_key()
    {
        X509Certificate2? server = null;
        var origin = TlsOrigin(async (wire, _) =>
        {
            await wire.ExpectAsync("hello");
            await wire.SendAsync("from within");
        });
        await StartAsync(origin, client: false, server: false, mode: ProxyMode.Tcp);
        var (_, client) = await ConnectTlsAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                server = certificate as X509Certificate2;
                return chain?.ChainPolicy.ExtraStore.Any(c => c.Subject == Authority.Intermediate.Subject) ?? false;
            },
        });

        await client.SendRawAsync("hello");

        await client.ExpectAsync("from within");
        Assert.NotNull(server);
    }

    /// <summary>PT-04: whoever speaks first, and whatever it says: SSH and SMTP.</summary>
    [Theory]
    [InlineData("SSH-2.0-server\r\n", "SSH-2.0-client\r\n")]
    [InlineData("220 mail.example ESMTP\r\n", "EHLO a\r\n")]
    public async Task Protocol_in_which_the_server_speaks_first_passes(string banner, string answer)
    {
        var origin = RawOrigin(async wire =>
        {
            await wire.SendAsync(banner);
            await wire.ExpectAsync(answer);
            await wire.SendAsync("\0\x01\x02\xff");
        });
        await StartAsync(origin, client: false, server: false, mode: ProxyMode.Tcp);
        var client = await ConnectAsync();

        await client.ExpectAsync(banner);
        await client.SendRawAsync(answer);

        await client.ExpectAsync("\0\x01\x02\xff");
    }

    /// <summary>PT-04: REST and GraphQL are requests like others, whose bodies nobody looks at.</summary>
    [Theory]
    [InlineData("PUT", "/v1/things/7", "{\"name\":\"x\"}")]
    [InlineData("POST", "/graphql", "{\"query\":\"{ thing(id: 7) { name } }\"}")]
    [InlineData("REPORT", "/dav", "<x/>")]
    public async Task Request_of_any_api_passes(string method, string target, string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var origin = Origin(async exchange => await exchange.AnswerOkAsync(System.Text.Encoding.ASCII.GetString(exchange.Request.Body)));
        await StartAsync(origin, client: false, server: false);
        var client = await ConnectAsync();
        var request = $"{method} {target} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n";

        await client.SendRawAsync(request + body);

        await client.ExpectAsync("HTTP/1.1 200 OK", $"Content-Length: {body.Length}", "", body);
        Assert.Equal(request, origin.Requests[0].Head);
    }

    /// <summary>PT-05: with the guide's limits an idle client is closed at 50 seconds, and not before.</summary>
    [Fact]
    public async Task Idle_client_is_closed_at_its_limit_and_not_before()
    {
        var origin = RawOrigin(async wire => await wire.ReadToEndAsync());
        await StartAsync(
            Compose(
                [origin],
                frontend => frontend.Mode(ProxyMode.Tcp).MaxConnections(2000).ClientTimeout(TimeSpan.FromMilliseconds(50_000)),
                backend => backend.Mode(ProxyMode.Tcp).ConnectTimeout(TimeSpan.FromMilliseconds(5000)).ServerTimeout(TimeSpan.FromMilliseconds(60_000))));
        await ConnectAsync();

        var line = await AdvanceUntilAsync(LoggedAsync());

        Assert.Equal("cD", line.End);
        Assert.InRange(line.Duration, 50_000, 53_000); // the test's clock goes on in steps
    }

    /// <summary>PT-06, without the checks that would take a server out of the pool and bring it back: all get the same share, and one that fails
    /// costs no client anything.</summary>
    [Fact]
    public async Task Load_is_spread_evenly_and_a_server_that_fails_is_passed_over()
    {
        var first = Origin(exchange => exchange.AnswerOkAsync("1"));
        var second = Origin(exchange => exchange.AnswerOkAsync("2"));
        await StartAsync(Compose([first, second], backend: backend => backend.Configure(o => o.CloseServerConnections = true)));

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await GetAsync()).Status);
        }

        Assert.Equal((5, 5), (first.Requests.Count, second.Requests.Count));
        second.StopListening();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(200, (await GetAsync()).Status);
        }

        Assert.Equal((15, 5), (first.Requests.Count, second.Requests.Count));
    }

    /// <summary>PT-11, without the stats: requests that reach no server say so in the log.</summary>
    [Fact]
    public async Task Request_that_reaches_no_server_is_told_apart_in_the_log()
    {
        var origin = OkOrigin();
        await StartAsync(Compose([origin], backend: backend => backend.Retries(0)));
        origin.StopListening();
        Assert.Equal(503, (await GetAsync()).Status);
        var stopped = await LoggedAsync();
        await ReloadAsync(Compose([]));
        Assert.Equal(503, (await GetAsync()).Status);

        var none = await LoggedAsync(2);
        Assert.Equal(("SC", "web/s1", -1), (stopped.End, stopped.Server, stopped.Connect));
        Assert.Equal(("SC", "web/<NOSRV>", -1), (none.End, none.Server, none.Connect));
    }

    public sealed class OverSockets() : PassthroughTests(Carrier.Sockets);

    public sealed class InMemory() : PassthroughTests(Carrier.Memory);
}
