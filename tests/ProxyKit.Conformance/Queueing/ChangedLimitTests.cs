using ProxyKit.Checks;
using ProxyKit.Conformance.Checks;

namespace ProxyKit.Conformance.Queueing;

/// <summary>Limits and servers that come or change while somebody waits.</summary>
public abstract class ChangedLimitTests(Carrier carrier) : QueueTest(carrier)
{
    /// <summary>Nobody who waits is sent to a server of which nothing is known yet, where that is to start down.</summary>
    [Fact]
    public async Task Reload_that_brings_a_server_that_starts_down_has_it_take_nobody_before_its_checks()
    {
        var (origin, other) = (HoldingOrigin(), OkOrigin());
        var check = new SwitchedCheck();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync();
        await origin.RequestAsync();
        var waiting = await QueueAsync(1);

        await ReloadAsync(Compose([origin, other], backend: b => b
            .Check(check, static c => c.Every(TimeSpan.FromSeconds(1)))
            .QueueTimeout(TimeSpan.FromMinutes(10))
            .Configure(static o => (o.Servers[0].MaxConnections, o.Servers[1].InitialState) = (1, InitialServerState.FullyDown))));
        Assert.Equal((1, false), (Proxy.GetQueuedRequests("web"), Server(2).IsUp));

        Assert.Equal(200, (await AdvanceUntilAsync(waiting.ReadResponseAsync())).Status);
        Assert.True(Server(2).IsUp);
        Assert.Single(other.Requests);
        Free();
    }

    /// <summary>Q-28.</summary>
    [Fact]
    public async Task Limit_raised_while_running_lets_those_start_who_wait()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync();
        await origin.RequestAsync();
        for (var i = 1; i <= 4; i++)
        {
            await QueueAsync(i);
        }

        Proxy.SetMaxConnections("web", "s1", 5);

        await origin.RequestAsync(5);
        await QueuedAsync(0);
        Proxy.SetMaxConnections("web", "s1", null);
        await QueueAsync(1);
        Proxy.SetMaxConnections("web", "s1", 0);
        await origin.RequestAsync(6);
        Free(6);
    }

    [Fact]
    public async Task Limit_is_set_on_servers_that_are_there()
    {
        await StartAsync(OkOrigin());

        Assert.Throws<ArgumentException>(() => Proxy.SetMaxConnections("none", "s1", 1));
        Assert.Throws<ArgumentException>(() => Proxy.SetMaxConnections("web", "s9", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Proxy.SetMaxConnections("web", "s1", -1));
    }

    [Fact]
    public async Task Reload_that_raises_the_limit_lets_those_start_who_wait()
    {
        var origin = HoldingOrigin();
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync();
        await origin.RequestAsync();
        await QueueAsync(1);

        await ReloadAsync(Compose([origin], backend: Limited(2)));

        await origin.RequestAsync(2);
        Free(2);
    }

    [Fact]
    public async Task Reload_that_brings_another_server_has_it_take_those_who_wait()
    {
        var (origin, other) = (HoldingOrigin(), OkOrigin());
        await StartAsync(origin, backend: Limited(1));
        await BeginAsync();
        await origin.RequestAsync();
        var waiting = await QueueAsync(1);

        await ReloadAsync(Compose([origin, other], backend: Limited(1)));

        Assert.Equal(200, (await waiting.ReadResponseAsync()).Status);
        Assert.Single(other.Requests);
        Free();
    }

    public sealed class OverSockets() : ChangedLimitTests(Carrier.Sockets);

    public sealed class InMemory() : ChangedLimitTests(Carrier.Memory);
}
