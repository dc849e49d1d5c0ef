using ProxyKit.Transport;

namespace ProxyKit.Conformance.Failures;

public abstract class ClientFailureTests(Carrier carrier) : ProxyTest(carrier)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_that_leaves_while_the_server_thinks_has_the_server_broken_off(bool resets)
    {
        using var heard = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            heard.Open();
            await wire.ReadToEndAsync();
        });
        await StartAsync(origin);
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await heard.PassAsync();

        Leave(client, resets);

        await origin.OpenConnectionsAsync(0);
        Assert.Equal("CH", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Client_that_leaves_is_waited_for_where_the_backend_says_so()
    {
        using var go = new Gate();
        var origin = Origin(async exchange =>
        {
            await go.PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartAsync(origin, backend: backend => backend.Configure(o => o.AbortOnClose = false));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await origin.RequestAsync();

        client.ShutdownSend();
        go.Open();

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        await client.ExpectClosedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_that_leaves_inside_its_body_has_the_server_broken_off(bool resets)
    {
        using var heard = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            heard.Open();
            await wire.ReadToEndAsync();
        });
        await StartAsync(origin);
        var client = await ConnectAsync();
        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
        await heard.PassAsync();

        Leave(client, resets);

        await origin.OpenConnectionsAsync(0);
        Assert.Equal("CH", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Client_that_leaves_inside_its_head_gets_a_400_in_the_log()
    {
        await StartAsync(OkOrigin());
        var client = await ConnectAsync();

        await client.SendRawAsync("GET / HTTP/1.1\r\nHo");
        client.ShutdownSend();

        Assert.Equal(400, (await client.ReadResponseAsync()).Status);
        Assert.Equal("CR", (await LoggedAsync()).End);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_that_leaves_while_data_flow_has_the_server_broken_off(bool resets)
    {
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            var chunk = $"1000\r\n{new string('x', 0x1000)}\r\n";
            while (true)
            {
                await wire.SendAsync(chunk);
            }
        });
        await StartAsync(origin);
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await client.Wire.ReadExactlyAsync(100_000);

        Leave(client, resets);
        await client.DisposeAsync();

        await origin.OpenConnectionsAsync(0);
        Assert.Equal("CD", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Client_that_leaves_a_silent_stream_is_noticed()
    {
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
            await wire.ReadToEndAsync();
        });
        await StartAsync(origin);
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await client.ExpectAsync("HTTP/1.1 200 OK\r\n");

        client.ShutdownSend();

        await origin.OpenConnectionsAsync(0);
        Assert.Equal("CD", (await LoggedAsync()).End);
    }

    private static void Leave(WireClient client, bool resets)
    {
        if (resets)
        {
            client.Reset();
        }
        else
        {
            client.ShutdownSend();
        }
    }

    public sealed class OverSockets() : ClientFailureTests(Carrier.Sockets);

    /// <summary>And what sockets cannot be made to do.</summary>
    public sealed class InMemory() : ClientFailureTests(Carrier.Memory)
    {
        [Fact]
        public async Task Client_that_leaves_while_connecting_gives_the_attempt_up()
        {
            var origin = OkOrigin();
            await StartAsync(origin);
            using var connecting = new Gate();
            Network.Connecting = async (options, cancellation) =>
            {
                if (options.EndPoint.Equals(origin.EndPoint))
                {
                    connecting.Open();
                    await Task.Delay(Timeout.Infinite, cancellation);
                }

                return TransportError.None;
            };
            var client = await ConnectAsync();
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
            await connecting.PassAsync();

            client.ShutdownSend();

            var line = await LoggedAsync();
            Assert.Equal(("CC", -1), (line.End, line.Status));
            await client.ExpectClosedAsync();
        }

        [Fact]
        public async Task Request_that_comes_ahead_while_connecting_does_not_harm_the_body_of_the_one_before()
        {
            var origin = OkOrigin();
            await StartAsync(origin);
            using var connecting = new Gate();
            using var connect = new Gate();
            Network.Connecting = async (options, _) =>
            {
                if (options.EndPoint.Equals(origin.EndPoint))
                {
                    connecting.Open();
                    await connect.PassAsync();
                }

                return TransportError.None;
            };
            var client = await ConnectAsync();
            await client.SendAsync("POST /1 HTTP/1.1", "Host: a", "Content-Length: 16", "", "0123456789abcdef");
            await connecting.PassAsync();

            await client.SendAsync("GET /2 HTTP/1.1", "Host: a", "", "");
            Stillness.Wait(); // so that it is there already; without it the test still holds, and shows less
            connect.Open(2);

            Assert.Equal(200, (await client.ReadResponseAsync()).Status);
            Assert.Equal(200, (await client.ReadResponseAsync()).Status);
            Assert.Equal("0123456789abcdef", origin.Requests[0].Text);
            Assert.Equal("/2", origin.Requests[1].Target);
        }
    }
}
