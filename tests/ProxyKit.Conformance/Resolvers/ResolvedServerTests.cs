using System.Net;
using ProxyKit.Checks;
using ProxyKit.Resolvers;

namespace ProxyKit.Conformance.Resolvers;

/// <summary>Servers that are looked up while traffic flows.</summary>
public sealed class ResolvedServerTests() : ProxyTest(Carrier.Memory)
{
    private readonly WireNameserver _nameserver = WireNameserver.Start();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _nameserver.DisposeAsync();
    }

    [Fact]
    public async Task Server_serves_once_its_name_has_an_address()
    {
        At("192.0.2.1:80");
        await StartAsync(static b => b.AddServer("s1", "a.example:80", static s => s.Resolve("dns")));
        Assert.Equal(503, (await GetAsync()).Status);
        Assert.Equal("MAINT (resolution)", Server().Status);

        _nameserver.Set("a.example", "192.0.2.1");
        await SaidAsync("Server web/s1 administratively READY");

        Assert.Equal("192.0.2.1:80", (await GetAsync()).Text);
    }

    [Fact]
    public async Task Requests_follow_a_server_that_moves()
    {
        At("192.0.2.1:80");
        At("192.0.2.2:80");
        _nameserver.Set("a.example", "192.0.2.1");
        await StartAsync(static b => b.AddServer("s1", "a.example:80", static s => s.Resolve("dns")));
        await SaidAsync("to 192.0.2.1");
        var client = await ConnectAsync();
        Assert.Equal("192.0.2.1:80", (await GetAsync(client)).Text);

        _nameserver.Set("a.example", "192.0.2.2");
        await SaidAsync("to 192.0.2.2 by"); // from the other, unless a machine at its limits has held up so many answers that it lost that before

        Assert.Equal("192.0.2.2:80", (await GetAsync(client)).Text);
    }

    [Fact]
    public async Task Template_takes_all_addresses_of_a_name()
    {
        At("192.0.2.1:80");
        At("192.0.2.2:80");
        _nameserver.Set("a.example", "192.0.2.1", "192.0.2.2");
        await StartAsync(static b => b.AddServers("s", 3, "a.example:80", static s => s.Resolve("dns")));
        await SaidAsync("Server web/s2 administratively READY");

        var answers = new[] { (await GetAsync()).Text, (await GetAsync()).Text };

        Assert.Equal(["192.0.2.1:80", "192.0.2.2:80"], answers.Order(StringComparer.Ordinal));
        Assert.Equal("MAINT (resolution)", Server(3).Status);
    }

    [Fact]
    public async Task Service_says_hosts_and_ports()
    {
        At("192.0.2.1:8081");
        _nameserver.SetService("_http._tcp.example", ("a.example", 8081, 0));
        _nameserver.Set("a.example", "192.0.2.1");
        await StartAsync(static b => b.AddServers("s", 2, "_http._tcp.example", static s => s.Resolve("dns")));
        await SaidAsync("Server web/s1 administratively READY");

        Assert.Equal("192.0.2.1:8081", (await GetAsync()).Text);
    }

    [Fact]
    public async Task Server_is_checked_where_it_is()
    {
        _nameserver.Set("a.example", "192.0.2.1"); // where nobody listens
        await StartAsync(static b => b.AddServer("s1", "a.example:80", static s => s.Resolve("dns").Configure(static o => o.Check = new ServerCheckOptions())));

        await SaidAsync("Server web/s1 is DOWN, reason: Layer4 connection problem");

        Assert.Equal("DOWN", Server().Status);
    }

    [Fact]
    public async Task Agent_is_asked_before_its_server_has_an_address()
    {
        var agent = RawOrigin(static async wire => await wire.SendAsync("50%\n"));
        await StartAsync(b => b.AddServer("s1", "a.example:80", s => s
            .Resolve("dns")
            .Configure(static o => o.Weight = 100)
            .Agent(agent.Port, o => o.Address = agent.Address.Split(':')[0])));

        await AdvanceUntilAsync(() => Server().Weight == 50);

        Assert.Equal("MAINT (resolution)", Server().Status);
    }

    [Fact]
    public async Task Server_keeps_its_address_over_a_reload()
    {
        At("192.0.2.1:80");
        _nameserver.Set("a.example", "192.0.2.1");
        await StartAsync(static b => b.AddServer("s1", "a.example:80", static s => s.Resolve("dns")));
        await SaidAsync("Server web/s1 administratively READY");
        _nameserver.Silence("a.example");

        await ReloadAsync(proxy => Compose(proxy, static b => b.AddServer("s1", "a.example:80", static s => s.Resolve("dns", static o => o.Prefer = AddressPreference.IPv4))));

        Assert.Equal("192.0.2.1:80", (await GetAsync()).Text);
    }

    [Fact]
    public async Task Faults_of_the_configuration_are_told_with_their_place()
    {
        var fault = await Assert.ThrowsAsync<Runtime.ProxyConfigurationException>(() => StartAsync(proxy => proxy
            .AddResolvers("dns", static r => r.Nameserver("a", "example:53").Configure(static o => o.MaxPayloadBytes = 100))
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", static b => b
                .AddServer("s1", "a.example:80", static s => s.Resolve("none", static o => o.InitialAddress = "x"))
                .AddServer("s2", "_http._tcp.example")
                .AddServer("s3", "a.example:80", static s => s.Resolve("six", static o => o.InitialAddress = "2001:db8::1"))
                .Configure(static o => o.Servers[2].Socks4Proxy = "10.0.0.1:1080"))
            .AddResolvers("six", static r => r.Nameserver("a", "10.0.0.53:53").Configure(static o => o.Accepts = AcceptedAddresses.IPv6))));

        Assert.Equal(
            [
                "resolvers \"dns\" > nameserver \"a\" > Address: \"example:53\" is not an IP address and a port.",
                "resolvers \"dns\" > MaxPayloadBytes: 100 is out of range (512-65535).",
                "backend \"web\" > server \"s1\" > Resolution > Resolvers: there are no resolvers \"none\".",
                "backend \"web\" > server \"s1\" > Resolution > InitialAddress: \"x\" is not an IP address.",
                "backend \"web\" > server \"s2\" > Address: a service can only be looked up by resolvers: see Resolution.",
                "backend \"web\" > server \"s3\" > Resolution > Resolvers: 'six' take addresses of IPv6 alone, and a proxy of SOCKS version 4 leads to none.",
                "backend \"web\" > server \"s3\" > Resolution > InitialAddress: '2001:db8::1' is none of IPv4, to which alone a proxy of SOCKS version 4 leads.",
            ],
            fault.Faults);
    }

    private Task StartAsync(Action<BackendBuilder> backend) => StartAsync(proxy => Compose(proxy, backend));

    private void Compose(ProxyBuilder proxy, Action<BackendBuilder> backend) => proxy
        .AddResolvers("dns", r => r.Nameserver("a", _nameserver.Address))
        .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
        .AddBackend("web", backend);

    /// <summary>An origin that answers with its address.</summary>
    private void At(string address) => DisposeFirst(WireOrigin.Start(Network, IPEndPoint.Parse(address), e => e.AnswerOkAsync(address)));

    private async Task SaidAsync(string text) => await AdvanceUntilAsync(Log.WaitForAsync(e => e.Message.Contains(text, StringComparison.Ordinal)));
}
