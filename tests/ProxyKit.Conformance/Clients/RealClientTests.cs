using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using ProxyKit.Conformance.Http;

namespace ProxyKit.Conformance.Clients;

/// <summary>Clients that others wrote, over sockets.</summary>
public sealed class RealClientTests() : ProxyTest(Carrier.Sockets)
{
    private Uri Address => new($"http://{Proxy.EndPoints[0]}/");

    [Fact]
    public async Task Curl_keeps_its_connection_and_waits_for_100_continue()
    {
        var origin = Origin(
            async exchange =>
            {
                if (exchange.Request["Expect"] is not null)
                {
                    await exchange.AnswerRawAsync("HTTP/1.1 100 Continue\r\n\r\n");
                }

                await exchange.AnswerOkAsync($"{(await exchange.ReadBodyAsync()).Length};");
            },
            early: true);
        await StartAsync(origin);
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, new byte[1_500_000], TestContext.Current.CancellationToken);

        var output = await OutsideProgram.RunAsync(
            "curl", "-sS", "--max-time", "20", "-H", "Expect: 100-continue", "--data-binary", $"@{file}", "-w", "%{num_connects};",
            $"{Address}one", $"{Address}two");

        File.Delete(file);
        Assert.Equal("1500000;1;1500000;0;", output);
    }

    [Fact]
    public async Task Python_speaks_chunks_and_keeps_its_connection()
    {
        var origin = Origin(exchange => exchange.AnswerRawAsync(
            $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{exchange.Request.Body.Length:x}\r\n{exchange.Request.Text}\r\n0\r\n\r\n"));
        await StartAsync(origin);
        const string Script = """
            import http.client, sys
            c = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]), timeout=20)
            for n in (1, 1000, 50000):
                c.request('POST', '/', iter([b'a' * n, b'b' * n]), {}, encode_chunked=True)
                r = c.getresponse()
                print(r.status, r.read() == b'a' * n + b'b' * n)
            """;

        var output = await OutsideProgram.RunAsync("python3", "-c", Script, Address.Host, $"{Address.Port}");

        Assert.Equal(["200 True", "200 True", "200 True"], output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task HttpClient_sends_and_receives_many_bodies_at_once()
    {
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerRawAsync($"HTTP/1.1 200 OK\r\nContent-Length: {exchange.Request.Body.Length}\r\n\r\n");
            await exchange.AnswerRawAsync(exchange.Request.Body);
        });
        await StartAsync(origin, backend: backend => backend.Reuse(ConnectionReuse.Always));
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 6 };
        using var client = new HttpClient(handler) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(20) };

        await Task.WhenAll(Enumerable.Range(0, 60).Select(async i =>
        {
            var bytes = BodyTests.Bytes(i * i * 40);
            using var content = new ByteArrayContent(bytes);
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/{i}") { Content = content };
            request.Headers.TransferEncodingChunked = i % 2 == 0 ? true : null;
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var received = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.True(bytes.AsSpan().SequenceEqual(received));
        }));
    }

    /// <summary>PT-04: WebSocket.</summary>
    [Fact]
    public async Task ClientWebSocket_talks_through_the_proxy()
    {
        await StartAsync(RawOrigin(async wire =>
        {
            var head = await wire.ReadHeadAsync() ?? "";
            var key = head.Split("\r\n").First(l => l.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase)).Split(':')[1].Trim();
#pragma warning disable CA5350 // RFC 6455 says SHA-1
            var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
            await wire.SendAsync(
                $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
            await wire.SendAsync("\x81\x05hello");
            await wire.ReadSomeAsync(); // a masked frame
            await wire.SendAsync("\x88\x02\x03\xe8");
        }));
        using var socket = new ClientWebSocket();
        using var patience = new CancellationTokenSource(Patience.Limit);

        await socket.ConnectAsync(new Uri($"ws://{Proxy.EndPoints[0]}/chat"), patience.Token);
        var buffer = new byte[100];
        var received = await socket.ReceiveAsync(buffer, patience.Token);
        await socket.SendAsync("hi"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        var end = await socket.ReceiveAsync(buffer, patience.Token);

        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, received.Count));
        Assert.Equal(WebSocketMessageType.Close, end.MessageType);
    }
}
