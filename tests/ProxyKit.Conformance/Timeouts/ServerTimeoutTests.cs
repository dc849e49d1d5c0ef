using ProxyKit.Transport;

namespace ProxyKit.Conformance.Timeouts;

public abstract class ServerTimeoutTests(Carrier carrier) : ProxyTest(carrier)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Server_that_does_not_answer_is_a_504()
    {
        var origin = RawOrigin(async wire => await wire.ReadToEndAsync());
        await StartAsync(origin, backend: backend => backend.ServerTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Equal(504, (await AdvanceUntilAsync(client.ReadResponseAsync())).Status);
        Assert.Equal("sH", (await LoggedAsync()).End);
        await origin.OpenConnectionsAsync(0);
    }

    [Fact]
    public async Task Server_that_stops_inside_its_head_is_a_504()
    {
        await StartAsync(Stalling("HTTP/1.1 200 OK\r\nX-"), backend: backend => backend.ServerTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Equal(504, (await AdvanceUntilAsync(client.ReadResponseAsync())).Status);
        Assert.Equal("sH", (await LoggedAsync()).End);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nX-")]
    [InlineData("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 2")]
    public async Task Server_that_stalls_behind_a_body_that_came_in_pieces_is_a_504(string start)
    {
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.ReadExactlyAsync(6);
            await wire.SendAsync(start);
            await wire.ReadToEndAsync();
        });
        await StartAsync(origin, backend: backend => backend.ServerTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
        await origin.OpenConnectionsAsync(1);
        await client.SendRawAsync("def");
        if (start.Contains("103", StringComparison.Ordinal))
        {
            await client.ExpectAsync("HTTP/1.1 103 Early Hints", "", "");
        }

        Assert.Equal(504, (await AdvanceUntilAsync(client.ReadResponseAsync())).Status);
        Assert.Equal("sH", (await LoggedAsync()).End);
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nabc")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")]
    [InlineData("\r\nabc")]
    public async Task Body_of_a_server_that_stalls_is_cut_and_the_client_can_tell(string start)
    {
        await StartAsync(Stalling($"HTTP/1.1 200 OK\r\n{start}"), backend: backend => backend.ServerTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await client.ExpectAsync("HTTP/1.1 200 OK\r\n");

        await AdvanceUntilAsync(client.ExpectResetAsync());
        Assert.Equal("sD", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Body_that_comes_slowly_but_steadily_is_not_cut()
    {
        using var next = new Gate();
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerRawAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
            for (var i = 0; i < 6; i++)
            {
                await next.PassAsync();
                await exchange.AnswerRawAsync("x");
            }
        });
        await StartAsync(origin, frontend => frontend.ClientTimeout(Limit), backend => backend.ServerTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 6", "", "");
        for (var i = 0; i < 6; i++)
        {
            Time.Advance(Limit / 2);
            next.Open();
            await client.ExpectAsync("x");
        }
    }

    [Theory]
    [InlineData("Content-Length: 3\r\n\r\na", "bc")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", "2\r\nbc\r\n0\r\n\r\n")]
    public async Task Body_that_pauses_while_the_client_still_sends_is_not_cut(string start, string rest)
    {
        using var heard = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync($"HTTP/1.1 200 OK\r\n{start}");
            for (var i = 0; i < 8; i++)
            {
                await wire.ReadExactlyAsync(1);
                heard.Open();
            }

            await wire.SendAsync(rest);
            await wire.ReadToEndAsync();
        });
        await StartAsync(origin, frontend => frontend.ClientTimeout(Limit), backend => backend.ServerTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n");
        await client.ExpectAsync($"HTTP/1.1 200 OK\r\n{start}");
        for (var i = 0; i < 8; i++)
        {
            await client.SendRawAsync("x");
            await heard.PassAsync();
            Time.Advance(Limit * 0.9);
        }

        await client.ExpectAsync(rest);
        Assert.Equal("--", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Body_that_stalls_behind_a_body_that_came_in_pieces_is_cut()
    {
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na");
            await wire.ReadToEndAsync();
        });
        await StartAsync(origin, frontend => frontend.ClientTimeout(null), backend => backend.ServerTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
        await client.ExpectAsync("HTTP/1.1 200 OK", "Content-Length: 3", "", "a");
        await client.SendRawAsync("def");

        await AdvanceUntilAsync(client.ExpectResetAsync());
        Assert.Equal("sD", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Server_that_does_not_read_a_body_is_a_failure_of_the_server()
    {
        using var done = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await done.PassAsync();
        });
        await StartAsync(origin, backend: backend => backend.ServerTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
        var sending = SendUntilBrokenAsync(client, 100_000_000);
        var line = await AdvanceUntilAsync(LoggedAsync());

        Assert.Equal('H', line.End[1]);
        client.Reset();
        done.Open();
        await sending;
    }

    private static async ValueTask<TransportError> HangAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return TransportError.None;
    }

    private static async Task SendUntilBrokenAsync(WireClient client, int length)
    {
        try
        {
            for (var sent = 0; sent < length; sent += 100_000)
            {
                await client.SendRawAsync(new byte[100_000]);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // As expected: the server never took it.
        }
    }

    private WireOrigin Stalling(string start) => RawOrigin(async wire =>
    {
        await wire.ReadHeadAsync();
        await wire.SendAsync(start);
        await wire.ReadToEndAsync();
    });

    public sealed class OverSockets() : ServerTimeoutTests(Carrier.Sockets);

    /// <summary>And what sockets cannot be made to do.</summary>
    public sealed class InMemory() : ServerTimeoutTests(Carrier.Memory)
    {
        [Fact]
        public async Task Connect_that_hangs_is_tried_again_and_then_a_503()
        {
            await StartAsync(proxy => proxy
                .AddFrontend("public", frontend => frontend.Bind("127.0.0.1:0").DefaultBackend("web"))
                .AddBackend("web", backend => backend.AddServer("s1", "192.0.2.1:80").ConnectTimeout(Limit).Retries(2)));
            Network.Connecting = (options, cancellation) => options.EndPoint.ToString() == "192.0.2.1:80" ? HangAsync(cancellation) : default;
            var client = await ConnectAsync();

            await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

            Assert.Equal(503, (await AdvanceUntilAsync(client.ReadResponseAsync())).Status);
            var line = await LoggedAsync();
            Assert.Equal(("sC", "2"), (line.End, line.Retries));
            Assert.True(line.Duration >= 3 * Limit.TotalMilliseconds, line.Text);
        }
    }
}
