using ProxyKit.Transport;

namespace ProxyKit.Conformance.Failures;

public abstract class ServerFailureTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Server_that_refuses_costs_the_client_nothing_while_there_is_another()
    {
        var dead = OkOrigin();
        var alive = OkOrigin();
        await StartAsync(Compose([dead, alive]));
        dead.StopListening();

        for (var i = 1; i <= 4; i++)
        {
            Assert.Equal(200, (await GetAsync()).Status);
            Assert.Equal("web/s2", (await LoggedAsync(i)).Server);
        }

        Assert.True((await LoggedAsync(1)).Retries is "0" or "+1");
        Assert.Equal(4, alive.Requests.Count);
    }

    [Fact]
    public async Task All_servers_that_refuse_are_a_503()
    {
        var origins = new[] { OkOrigin(), OkOrigin() };
        await StartAsync(Compose(origins, backend: backend => backend.Retries(3)));
        foreach (var origin in origins)
        {
            origin.StopListening();
        }

        var response = await AdvanceUntilAsync(GetAsync());

        Assert.Equal(503, response.Status);
        var line = await LoggedAsync();
        Assert.Equal(("SC", "+3", -1), (line.End, line.Retries, line.Connect));
    }

    [Fact]
    public async Task Only_server_that_refuses_is_tried_again_after_a_pause()
    {
        var origin = OkOrigin();
        await StartAsync(origin, backend: backend => backend.Retries(2));
        origin.StopListening();

        Assert.Equal(503, (await AdvanceUntilAsync(GetAsync())).Status);

        var line = await LoggedAsync();
        Assert.Equal(("SC", "2"), (line.End, line.Retries));
        Assert.True(line.Duration >= 2000, line.Text);
    }

    [Fact]
    public async Task Backend_without_servers_is_a_503()
    {
        await StartAsync(Compose([]));

        Assert.Equal(503, (await GetAsync()).Status);

        var line = await LoggedAsync();
        Assert.Equal(("SC", "web/<NOSRV>"), (line.End, line.Server));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("HTTP/1.1 20", false)]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: b\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: b\r\n", true)]
    public async Task Server_that_dies_before_its_head_is_whole_is_a_502(string start, bool resets)
    {
        await StartAsync(Dying(start, resets));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Equal(502, (await client.ReadResponseAsync()).Status);
        Assert.Equal("SH", (await LoggedAsync()).End);
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", ""); // the client is kept
        Assert.Equal(502, (await client.ReadResponseAsync()).Status);
    }

    [Theory]
    [InlineData("Content-Length: 10\r\n\r\nabc", false)]
    [InlineData("Content-Length: 10\r\n\r\nabc", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n", false)]
    [InlineData("\r\nabc", true)]
    public async Task Server_that_dies_inside_its_body_has_the_client_broken_off(string start, bool resets)
    {
        using var go = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync($"HTTP/1.1 200 OK\r\n{start}");
            await go.PassAsync();
            if (resets)
            {
                wire.Reset();
            }
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await client.ExpectAsync("HTTP/1.1 200 OK\r\n");
        go.Open();

        await client.ExpectResetAsync();
        Assert.Equal("SD", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Truncated_chunks_for_a_client_of_http10_end_with_a_reset()
    {
        using var go = new Gate();
        await StartAsync(RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
            await go.PassAsync();
        }));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.0", "", "");
        await client.ExpectAsync("HTTP/1.1 200 OK", "connection: close", "", "");
        go.Open();

        await client.ExpectResetAsync();
    }

    [Fact]
    public async Task Server_that_answers_and_resets_while_the_body_still_comes_is_heard()
    {
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno");
        });
        await StartAsync(origin);
        var client = await ConnectAsync();

        await client.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
        await client.ExpectAsync("HTTP/1.1 413 Too Large", "Content-Length: 2", "", "no");
        await client.SendRawAsync(new byte[2_000_000]);

        Assert.Equal(413, (await GetAsync(client)).Status);
    }

    private WireOrigin Dying(string start, bool resets) => RawOrigin(async wire =>
    {
        await wire.ReadHeadAsync();
        await wire.SendAsync(start);
        if (resets)
        {
            wire.Reset();
        }
    });

    public sealed class OverSockets() : ServerFailureTests(Carrier.Sockets);

    /// <summary>And what sockets cannot be made to do.</summary>
    public sealed class InMemory() : ServerFailureTests(Carrier.Memory)
    {
        [Fact]
        public async Task Want_of_descriptors_is_a_503_that_says_so()
        {
            var origin = OkOrigin();
            await StartAsync(origin, backend: backend => backend.Retries(0));
            Network.Connecting = (options, _) => new(
                options.EndPoint.Equals(origin.EndPoint) ? TransportError.ResourceExhausted : TransportError.None);

            Assert.Equal(503, (await GetAsync()).Status);
            Assert.Equal("RC", (await LoggedAsync()).End);
        }
    }
}
