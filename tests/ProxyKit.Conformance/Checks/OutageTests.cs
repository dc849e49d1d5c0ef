using System.Net;
using ProxyKit.Checks;
using ProxyKit.Conformance.HAProxy;
using ProxyKit.Transport;

namespace ProxyKit.Conformance.Checks;

/// <summary>A server that stops and comes back, seen by its clients: HC-01, HC-04, HC-24 and PT-06.</summary>
public sealed class OutageTests : ConfiguredTest
{
    private EndPoint? _stopped;

    [Fact]
    public async Task Server_that_stops_leaves_the_pool_and_comes_back() // HC-01, PT-06
    {
        var origin = await StartCheckedAsync("check");
        Assert.Equal(10, await ShareAsync("s1", 20));

        _stopped = IPEndPoint.Parse(origin.Address);
        await PassAsync(TimeSpan.FromSeconds(5.8)); // two checks, one in two seconds
        Assert.Equal("UP 1/3", Server().Status);
        await PassAsync(TimeSpan.FromSeconds(0.2)); // and the third
        Assert.Equal(("DOWN", CheckStatus.Layer4Failed), (Server().Status, Server().LastCheck?.Status));
        Assert.Equal(20, await ShareAsync("s2", 20));

        _stopped = null;
        await PassAsync(TimeSpan.FromSeconds(3.8));
        Assert.Equal("DOWN 1/2", Server().Status);
        await PassAsync(TimeSpan.FromSeconds(0.2));
        Assert.Equal(("UP", CheckStatus.Layer4Passed), (Server().Status, Server().LastCheck?.Status));
        Assert.Equal(10, await ShareAsync("s1", 20));
        Assert.Equal(20, origin.Requests.Count); // checks connect, and say nothing
    }

    [Fact]
    public async Task Checks_come_sooner_once_one_has_failed() // HC-04
    {
        var origin = await StartCheckedAsync("check inter 10s fastinter 1s downinter 5s fall 3");

        _stopped = IPEndPoint.Parse(origin.Address);
        while (Server().Status == "UP")
        {
            await PassAsync(TimeSpan.FromSeconds(0.1));
        }

        await PassAsync(TimeSpan.FromSeconds(1.8));
        Assert.Equal("UP 1/3", Server().Status);
        await PassAsync(TimeSpan.FromSeconds(0.3));
        Assert.Equal("DOWN", Server().Status);

        _stopped = null;
        await PassAsync(TimeSpan.FromSeconds(4.6));
        Assert.Equal("DOWN", Server().Status);
        await PassAsync(TimeSpan.FromSeconds(0.5));
        Assert.Equal("DOWN 1/2", Server().Status);
        await PassAsync(TimeSpan.FromSeconds(1.1)); // in between again
        Assert.Equal("UP", Server().Status);
    }

    [Theory] // HC-24
    [InlineData("", 10, 0)]
    [InlineData("option allbackups", 5, 5)]
    public async Task Backups_serve_while_all_others_are_down(string option, int ofFirst, int ofSecond)
    {
        var (origin, first, second) = (Origin(static e => e.AnswerOkAsync("s1")), OkOrigin(), OkOrigin());
        await StartAsync($$"""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                {{option}}
                server s1 {s1}
                server s2 {s4}
                server b1 {s2} backup
                server b2 {s3} backup
            """, origin, first, second, Origin(static e => e.AnswerOkAsync("s2")));
        Assert.Equal(5, await ShareAsync("s1", 10));

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Down);
        Assert.Equal(10, await ShareAsync("s2", 10));
        Assert.Equal((0, 0), (first.Requests.Count, second.Requests.Count));

        Proxy.SetServerHealth("web", "s2", ForcedHealth.Down);
        Assert.Equal(10, await ShareAsync("ok", 10));
        Assert.Equal((ofFirst, ofSecond), (first.Requests.Count, second.Requests.Count));

        Proxy.SetServerHealth("web", "s1", ForcedHealth.Up);
        Assert.Equal(10, await ShareAsync("s1", 10));
    }

    private async Task<WireOrigin> StartCheckedAsync(string check)
    {
        var origin = Origin(static e => e.AnswerOkAsync("s1"));
        Network.Connecting = (options, _) => new(options.EndPoint.Equals(_stopped) ? TransportError.Refused : TransportError.None);
        await StartAsync($$"""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                http-reuse never
                server s1 {s1} {{check}}
                server s2 {s2}
            """, origin, Origin(static e => e.AnswerOkAsync("s2")));
        await PassAsync(TimeSpan.FromSeconds(10.1));
        Assert.Equal("UP", Server().Status);
        return origin;
    }
}
