using ProxyKit.Conformance.Http;

namespace ProxyKit.Conformance.Relay;

public abstract class BackpressureTests(Carrier carrier) : ProxyTest(carrier)
{
    private const int Length = 3_000_000;

    [Fact]
    public async Task Slow_client_costs_no_more_than_a_few_buffers()
    {
        var bytes = BodyTests.Bytes(Length);
        using var sent = new Gate();
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerRawAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
            await exchange.AnswerRawAsync(bytes);
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await client.ExpectAsync("HTTP/1.1 200 OK", $"Content-Length: {Length}", "", "");
        var received = await ReadSlowlyAsync(client.Wire, Length);

        Assert.True(bytes.AsSpan().SequenceEqual(received));
        Assert.InRange(Buffers.Most, 1, 6);
    }

    [Fact]
    public async Task Slow_server_costs_no_more_than_a_few_buffers()
    {
        var bytes = BodyTests.Bytes(Length);
        byte[] received = [];
        var origin = Origin(
            async exchange =>
            {
                received = await ReadSlowlyAsync(exchange.Wire, Length);
                await exchange.AnswerOkAsync();
                exchange.Close();
            },
            early: true);
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {Length}\r\n\r\n");
        await client.SendRawAsync(bytes);

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.True(bytes.AsSpan().SequenceEqual(received));
        Assert.InRange(Buffers.Most, 1, 6);
    }

    [Fact]
    public async Task Idle_connections_hold_no_buffer()
    {
        await StartAsync(OkOrigin());
        for (var i = 0; i < 5; i++)
        {
            var client = await ConnectAsync();
            Assert.Equal(200, (await GetAsync(client)).Status);
        }

        Assert.Equal(5, Proxy.Connections);
        Assert.Equal(0, Buffers.Now);
    }

    private static async Task<byte[]> ReadSlowlyAsync(Wire wire, int length)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var part = await wire.ReadExactlyAsync(Math.Min(50_000, length - read));
            part.CopyTo(bytes, read);
            read += part.Length;
            await Task.Yield();
        }

        return bytes;
    }

    public sealed class OverSockets() : BackpressureTests(Carrier.Sockets);

    public sealed class InMemory() : BackpressureTests(Carrier.Memory);
}
