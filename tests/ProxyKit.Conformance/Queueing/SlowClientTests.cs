namespace ProxyKit.Conformance.Queueing;

/// <summary>Clients that take their time over the end of a response, when its server is long done.</summary>
public sealed class SlowClientTests() : QueueTest(Carrier.Memory)
{
    /// <summary>What the network holds in one direction for who does not read.</summary>
    private const int Capacity = 64 * 1024;

    /// <param name="surplus">What the server sends behind its response, for which its connection serves nobody else.</param>
    /// <param name="connections">How many connections it needs for two requests.</param>
    [Theory]
    [InlineData("", 1)]
    [InlineData("surplus", 2)]
    public async Task Client_that_does_not_read_keeps_nobody_from_a_server_that_is_done(string surplus, int connections)
    {
        // All of it is here at once, and with the field that is added it is more than the network takes: its end waits for the client.
        var origin = Origin(e => e.Request.Target == "/long"
            ? e.AnswerAsync("HTTP/1.1 200 OK", $"Content-Length: {Capacity - 500}", "", new string('x', Capacity - 500) + surplus)
            : e.AnswerOkAsync());
        await StartAsync(
            origin,
            static f => f.OnResponse(static rules => rules.SetHeader("X-Long", new string('y', 1000))),
            static b => b.Configure(static o => (o.Servers[0].MaxConnections, o.Reuse) = (1, Backends.ConnectionReuse.Always)));
        var slow = await BeginAsync("/long");
        await origin.RequestAsync();

        Assert.Equal("ok", (await GetAsync()).Text);

        Assert.Equal(Capacity - 500, (await slow.ReadResponseAsync()).Text.Length);
        Assert.Equal(connections, origin.Connections);
    }
}
