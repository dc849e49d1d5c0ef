namespace ProxyKit.Conformance.Timeouts;

/// <summary>Peers that take what they get slowly, but do take it: far longer over one of the proxy's buffers than the limit is. In memory, where
/// little is under way; what sockets hold back would hide it.</summary>
public sealed class SlowPeerTests() : ProxyTest(Carrier.Memory, Capacity)
{
    private const int Capacity = 8 * 1024;
    private const int Portion = 3 * Capacity; // so much at once cannot have been under way: the sender has been seen moving since the last step
    private const int Portions = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Client_that_reads_a_response_slowly_is_not_cut()
    {
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerRawAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Portion * Portions}\r\n\r\n");
            await exchange.AnswerRawAsync(new byte[Portion * Portions]);
        });
        await StartAsync(origin, frontend => frontend.ClientTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await client.ExpectAsync("HTTP/1.1 200 OK", $"Content-Length: {Portion * Portions}", "", "");
        await TakeSlowlyAsync(client.Wire);

        Assert.Equal("--", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Server_that_reads_a_request_slowly_is_not_cut()
    {
        var origin = Origin(
            async exchange =>
            {
                await TakeSlowlyAsync(exchange.Wire);
                await exchange.AnswerOkAsync();
                exchange.Close();
            },
            early: true);
        await StartAsync(origin, frontend => frontend.ClientTimeout(null), backend => backend.ServerTimeout(Limit));
        var client = await ConnectAsync();

        await client.SendRawAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {Portion * Portions}\r\n\r\n");
        await client.SendRawAsync(new byte[Portion * Portions]);

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task Client_of_a_tunnel_that_only_takes_and_does_so_slowly_is_not_silent()
    {
        var origin = RawOrigin(wire => wire.SendAsync(new byte[Portion * Portions]));
        await StartAsync(origin, frontend => frontend.Mode(ProxyMode.Tcp).ClientTimeout(Limit), backend => backend.Mode(ProxyMode.Tcp));
        var client = await ConnectAsync();

        await TakeSlowlyAsync(client.Wire);

        client.ShutdownSend();
        Assert.Equal("--", (await LoggedAsync()).End);
    }

    private async Task TakeSlowlyAsync(Wire wire)
    {
        for (var i = 0; i < Portions; i++)
        {
            await wire.ReadExactlyAsync(Portion);
            Time.Advance(Limit * 0.9);
        }
    }
}
