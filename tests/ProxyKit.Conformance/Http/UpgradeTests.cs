namespace ProxyKit.Conformance.Http;

public abstract class UpgradeTests(Carrier carrier) : ProxyTest(carrier)
{
    // The example of RFC 6455 §1.3.
    private const string Key = "dGhlIHNhbXBsZSBub25jZQ==", Accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    [Fact]
    public async Task WebSocket_with_the_right_accept_becomes_a_tunnel()
    {
        var origin = Upgrading($"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {Accept}\r\n");
        await StartAsync(origin);
        var client = await ConnectAsync();

        await SendUpgradeAsync(client, "Upgrade: websocket", $"Sec-WebSocket-Key: {Key}", "Sec-WebSocket-Version: 13");

        await client.ExpectAsync(
            "HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", $"Sec-WebSocket-Accept: {Accept}", "", "");
        await client.SendRawAsync("\x81\x85\x01\0\xff");
        await client.ExpectAsync("\x81\x85\x01\0\xff");
        client.ShutdownSend();
        await client.ExpectClosedAsync();
        var line = await LoggedAsync();
        Assert.Equal(("--", 101), (line.End, line.Status));
    }

    [Theory]
    [InlineData("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n")]
    [InlineData("Upgrade: websocket\r\nConnection: Upgrade\r\n")]
    [InlineData("Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")]
    public async Task WebSocket_with_a_wrong_answer_is_a_502(string fields)
    {
        var origin = Upgrading(fields);
        await StartAsync(origin);
        var client = await ConnectAsync();

        await SendUpgradeAsync(client, "Upgrade: websocket", $"Sec-WebSocket-Key: {Key}");

        Assert.Equal(502, (await client.ReadResponseAsync()).Status);
        Assert.Equal("PH", (await LoggedAsync()).End);
        await origin.OpenConnectionsAsync(0);
    }

    [Theory]
    [InlineData("X-Plain: yes")]
    [InlineData("Upgrade: h2c")]
    public async Task Answer_101_to_a_request_without_an_upgrade_is_a_502(string field)
    {
        await StartAsync(Upgrading("Upgrade: chat\r\nConnection: Upgrade\r\n"));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", field, "", "");

        Assert.Equal(502, (await client.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Other_protocols_upgrade_too_and_their_bytes_are_not_looked_at()
    {
        await StartAsync(Upgrading("Upgrade: chat\r\nConnection: Upgrade\r\n"));
        var client = await ConnectAsync();

        await SendUpgradeAsync(client, "Upgrade: chat", $"Sec-WebSocket-Key: {new string('k', 300)}");

        Assert.Equal(101, (await client.ReadResponseAsync()).Status);
        await client.SendRawAsync("\n\n\0");
        await client.ExpectAsync("\n\n\0");
    }

    [Fact]
    public async Task Idle_tunnel_holds_no_buffer_and_is_logged_with_its_request_all_the_same()
    {
        await StartAsync(Upgrading("Upgrade: chat\r\nConnection: Upgrade\r\n"));
        var client = await ConnectAsync();
        await SendUpgradeAsync(client, "Upgrade: chat");
        Assert.Equal(101, (await client.ReadResponseAsync()).Status);
        await client.SendRawAsync("ping");
        await client.ExpectAsync("ping");

        await NoBuffersAsync();

        client.ShutdownSend();
        await client.ExpectClosedAsync();
        Assert.Equal("GET /chat HTTP/1.1", (await LoggedAsync()).Request);
    }

    [Fact]
    public async Task What_came_right_behind_the_heads_is_the_beginning_of_the_tunnel()
    {
        await StartAsync(RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\nhello");
            await wire.ExpectAsync("early");
            await wire.SendAsync("seen");
        }));
        var client = await ConnectAsync();

        await client.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: chat\r\n\r\nearly");

        await client.ExpectAsync("HTTP/1.1 101 Switching Protocols", "Upgrade: chat", "Connection: Upgrade", "", "helloseen");
    }

    [Fact]
    public async Task Upgrade_takes_place_behind_the_body_of_the_request()
    {
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n");
            await wire.ExpectAsync("bodytunnel");
            await wire.SendAsync("seen");
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: chat\r\nContent-Length: 4\r\n\r\nbo");
        Assert.Equal(101, (await client.ReadResponseAsync()).Status);
        await client.SendRawAsync("dytunnel");

        await client.ExpectAsync("seen");
    }

    [Fact]
    public async Task Upgrade_that_the_server_ignores_is_an_ordinary_exchange()
    {
        await StartAsync(OkOrigin());
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await SendUpgradeAsync(client, "Upgrade: websocket", $"Sec-WebSocket-Key: {Key}");
            await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");
        }
    }

    [Theory]
    [InlineData("Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", "")]
    [InlineData("Upgrade: websocket\r\n", "")]
    [InlineData("Connection: upgrade\r\n", "")]
    [InlineData("Connection: upgrade, x-hop\r\n", "connection: x-hop\r\n")]
    public async Task Half_an_upgrade_is_dropped(string fields, string seen)
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync($"GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n");

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal($"GET / HTTP/1.1\r\nHost: a\r\n{seen}\r\n", origin.Requests[0].Head);
    }

    private static Task SendUpgradeAsync(WireClient client, params string[] fields) =>
        client.SendAsync(["GET /chat HTTP/1.1", "Host: a", "Connection: Upgrade", .. fields, "", ""]);

    private WireOrigin Upgrading(string fields) => RawOrigin(async wire =>
    {
        await wire.ReadHeadAsync();
        await wire.SendAsync($"HTTP/1.1 101 Switching Protocols\r\n{fields}\r\n");
        while (await wire.ReadSomeAsync() is { Length: > 0 } bytes)
        {
            await wire.SendAsync(bytes);
        }
    });

    public sealed class OverSockets() : UpgradeTests(Carrier.Sockets);

    public sealed class InMemory() : UpgradeTests(Carrier.Memory);

    public sealed class InPieces() : UpgradeTests(Carrier.Pieces);
}
