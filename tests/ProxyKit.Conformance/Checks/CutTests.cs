using ProxyKit.Backends;
using ProxyKit.Checks;

namespace ProxyKit.Conformance.Checks;

/// <summary>Requests whose server goes down, and takes them with it, at the moment when it is done with them.</summary>
public sealed class CutTests() : ProxyTest(Carrier.Memory, capacity: 1000)
{
    [Fact] // HC-28
    public async Task Answer_that_its_server_has_ended_is_not_cut()
    {
        var body = new string('x', 1500);
        var origin = OriginAnswering("HTTP/1.1 200 OK", "Content-Length: 1500", "", body);
        await StartAsync(origin, backend: static b => b.Configure(static o => o.Servers[0].CutsSessionsWhenDown = true));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", ""); // it reads nothing: the last bytes wait in the proxy
        await origin.RequestAsync();
        Assert.Equal((0, 1), (Server().ActiveRequests, Proxy.Connections));

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);

        Assert.Equal(body, (await client.ReadResponseAsync()).Text);
        Assert.Equal("--", (await LoggedAsync()).End);
    }

    /// <summary>Whichever comes first: the client has a whole answer, or one that says that there is none, or is cut off, and nothing is left behind.</summary>
    [Fact]
    public async Task Cut_beside_the_end_of_an_answer_leaves_nothing_behind()
    {
        var origin = OriginAnswering("HTTP/1.1 200 OK", "Content-Length: 1500", "", new string('x', 1500));
        await StartAsync(origin, backend: static b => b.Configure(static o => o.Servers[0].CutsSessionsWhenDown = true));
        var proxy = Proxy;
        var random = new Random(7);

        for (var i = 0; i < 200; i++)
        {
            var asking = OutcomeAsync();
            Thread.SpinWait(random.Next(20_000));
            proxy.SetServerHealth("web", "s1", ForcedHealth.Down);
            proxy.SetServerHealth("web", "s1", ForcedHealth.Up);
            Assert.Contains(await asking, (int?[])[200, 502, 503, null]);
        }

        Assert.Equal(200, (await GetAsync()).Status);
        Assert.Equal(0, Server().ActiveRequests);
    }

    /// <returns>The status; null where the client was cut off.</returns>
    private async Task<int?> OutcomeAsync()
    {
        try
        {
            return (await GetAsync()).Status;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
