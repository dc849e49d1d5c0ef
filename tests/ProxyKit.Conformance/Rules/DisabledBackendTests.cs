namespace ProxyKit.Conformance.Rules;

/// <summary>Backends that nothing is to go to.</summary>
public abstract class DisabledBackendTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Routes_that_lead_there_are_passed_over()
    {
        await StartAsync(Compose([OkOrigin()], static f => f
            .Configure(static o => o.Routes.Add(new(Match.Always, "") { Name = Value.Format("%[path,field(2,/)]") }))
            .Route(Match.Path("/off"), to: "off")
            .Route(Match.Path("/off"), to: "web")
            .DefaultBackend("off")) + Off);

        Assert.Equal(200, (await GetAsync("/off")).Status);
        Assert.Equal(200, (await GetAsync("/web")).Status);
        Assert.Equal(503, (await GetAsync("/none")).Status);
    }

    [Fact]
    public async Task Default_that_is_one_gets_nothing_and_is_named_in_the_log()
    {
        await StartAsync(Compose([OkOrigin()], static f => f.DefaultBackend("off")) + Off);

        Assert.Equal(503, (await GetAsync()).Status);

        var line = await LoggedAsync();
        Assert.Equal(("off/<NOSRV>", "SC", 503), (line.Server, line.End, line.Status));
    }

    [Fact]
    public async Task Tunnel_that_would_go_there_is_closed()
    {
        await StartAsync(Compose([OkOrigin()], static f => f.Mode(ProxyMode.Tcp).DefaultBackend("off"), static b => b.Mode(ProxyMode.Tcp))
            + (static proxy => proxy.AddBackend("off", static b => b.Mode(ProxyMode.Tcp).Configure(static o => o.IsDisabled = true))));
        var client = await ConnectAsync();

        await client.ExpectClosedAsync();

        Assert.Equal(("off/<NOSRV>", "SC"), ((await LoggedAsync()).Server, (await LoggedAsync()).End));
    }

    private Action<ProxyBuilder> Off => proxy => proxy.AddBackend(
        "off", b => b.AddServer("s1", OkOrigin().Address).Configure(static o => o.IsDisabled = true));

    public sealed class OverSockets() : DisabledBackendTests(Carrier.Sockets);

    public sealed class InMemory() : DisabledBackendTests(Carrier.Memory);
}
