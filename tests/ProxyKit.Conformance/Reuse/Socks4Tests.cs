using System.Net;
using System.Text;
using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Conformance.Reuse;

/// <summary>Servers that connections go to by a proxy of SOCKS version 4.</summary>
public sealed class Socks4Tests() : ProxyTest(Carrier.Sockets)
{
    private static readonly byte[] Asked = [4, 1, 0x1F, 0x90, 192, 0, 2, 7, .. "HAProxy\0"u8]; // which HAProxy 2.6 sends too
    private static readonly byte[] Granted = [0, 90, 0, 0, 0, 0, 0, 0];

    [Fact]
    public async Task Server_is_reached_by_its_proxy_and_the_connection_is_kept()
    {
        var asked = new List<byte[]>();
        await StartAsync(LeadingProxy(asked));
        var client = await ConnectAsync();

        Assert.Equal("hi", (await GetAsync(client)).Text);
        Assert.Equal("hi", (await GetAsync(client)).Text);

        Assert.Equal(Asked, Assert.Single(asked));
    }

    /// <summary>What is looked up is what the proxy leads to: an address of IPv4. And its connections are known to lead there.</summary>
    [Fact]
    public async Task Server_that_is_looked_up_is_reached_by_its_proxy_and_the_connection_is_kept()
    {
        await using var nameserver = WireNameserver.Start();
        nameserver.Set("a.example", "2001:db8::7", "192.0.2.7");
        var asked = new List<byte[]>();
        var socks = LeadingProxy(asked);
        await StartAsync(proxy => proxy
            .AddResolvers("dns", r => r.Nameserver("a", nameserver.Address))
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", "a.example:8080", static s => s.Resolve("dns")).Configure(o => o.Servers[0].Socks4Proxy = socks.Address)));
        await AdvanceUntilAsync(Log.WaitForAsync(static e => e.Message.Contains("Server web/s1 administratively READY", StringComparison.Ordinal)));
        var client = await ConnectAsync();

        Assert.Equal("hi", (await GetAsync(client)).Text);
        Assert.Equal("hi", (await GetAsync(client)).Text);

        Assert.Equal(Asked, Assert.Single(asked));
        Assert.All(nameserver.Questions, static q => Assert.Equal(1, q.Type)); // A
    }

    [Fact]
    public async Task Log_names_the_server_and_not_its_proxy()
    {
        var socks = LeadingProxy([]);
        await StartAsync(proxy => proxy
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web").Configure(static o => o.LogFormat = "%si:%sp"))
            .AddBackend("web", b => b.AddServer("s1", "192.0.2.7:8080").Configure(o => o.Servers[0].Socks4Proxy = socks.Address)));

        await GetAsync();

        Assert.Equal("192.0.2.7:8080", (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message);
    }

    [Fact]
    public async Task Answer_may_begin_with_the_version()
    {
        var socks = RawOrigin(static async wire =>
        {
            await wire.ReadExactlyAsync(Asked.Length);
            await wire.SendAsync((byte[])[4, .. Granted[1..]]);
            await wire.ReadHeadAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        });
        await StartAsync(socks);

        Assert.Equal("hi", (await GetAsync()).Text);
    }

    [Fact]
    public async Task Server_that_speaks_first_is_heard_behind_the_answer()
    {
        var socks = RawOrigin(static async wire =>
        {
            await wire.ReadExactlyAsync(Asked.Length);
            await wire.SendAsync((byte[])[.. Granted, .. "hello"u8]);
            await wire.ReadToEndAsync();
        });
        await StartAsync(proxy => proxy
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").Mode(ProxyMode.Tcp).DefaultBackend("web"))
            .AddBackend("web", b => b.Mode(ProxyMode.Tcp).AddServer("s1", "192.0.2.7:8080").Configure(o => o.Servers[0].Socks4Proxy = socks.Address)));
        var client = await ConnectAsync();

        Assert.Equal("hello"u8.ToArray(), await client.Wire.ReadExactlyAsync(5));
        client.ShutdownSend();
    }

    [Theory]
    [InlineData(new byte[] { 0, 91, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 90, 0 })]
    public async Task Proxy_that_does_not_lead_there_is_a_server_that_cannot_be_reached(byte[] answer)
    {
        var socks = RawOrigin(async wire =>
        {
            await wire.ReadExactlyAsync(Asked.Length);
            await wire.SendAsync(answer);
        });
        await StartAsync(socks);

        Assert.Equal(503, (await GetAsync()).Status);
        Assert.Equal("SC", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Proxy_that_says_nothing_has_the_time_that_connecting_has()
    {
        var socks = RawOrigin(static async wire => await wire.ReadToEndAsync());
        await StartAsync(socks);

        Assert.Equal(503, (await AdvanceUntilAsync(GetAsync())).Status);
        Assert.Equal("sC", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Server_whose_name_cannot_be_looked_up_is_not_asked_for()
    {
        var socks = RawOrigin(static _ => Task.CompletedTask);
        using var wheel = new TimerWheel(Time);
        using var attempt = new WorkLimit(wheel);
        var options = new ConnectOptions { EndPoint = new DnsEndPoint("a..b", 80) };

        var result = await Socks4.ConnectAsync(new SocketTransport(), IPEndPoint.Parse(socks.Address), options, attempt);

        Assert.Equal((null, TransportError.NameNotResolved), (result.Connection, result.Error));
        Assert.Equal(0, socks.Connections);
    }

    [Fact]
    public async Task Checks_go_by_the_proxy_where_that_is_said()
    {
        var asked = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var socks = RawOrigin(async wire =>
        {
            asked.TrySetResult(await wire.ReadExactlyAsync(Asked.Length));
            await wire.SendAsync(Granted);
            await wire.ReadToEndAsync();
        });
        await StartAsync(socks, static o => o.CheckServers = new ServerCheckOptions { GoesBySocks4 = true });

        Assert.Equal(Asked, await AdvanceUntilAsync(asked.Task));
        await AdvanceUntilAsync(() => Server().LastCheck?.Status == CheckStatus.Layer4Passed);
    }

    [Fact]
    public async Task Header_of_checks_that_go_by_the_proxy_names_the_server()
    {
        const string Expected = "PROXY TCP4 127.0.0.1 192.0.2.7 ";
        var told = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var socks = RawOrigin(async wire =>
        {
            await wire.ReadExactlyAsync(Asked.Length);
            await wire.SendAsync(Granted);
            told.TrySetResult(await wire.ReadExactlyAsync(Expected.Length));
            await wire.ReadToEndAsync();
        });
        await StartAsync(socks, static o => o.CheckServers = new ServerCheckOptions { GoesBySocks4 = true, SendsProxyHeader = true });

        Assert.Equal(Expected, Encoding.ASCII.GetString(await AdvanceUntilAsync(told.Task)));
    }

    [Theory]
    [InlineData("192.0.2.7:8080", "proxy:1080", "\"proxy:1080\" is not an IP address with a port")]
    [InlineData("192.0.2.7:8080", "192.0.2.9", "\"192.0.2.9\" is not an IP address with a port")]
    [InlineData("192.0.2.7:8080", "0.0.0.0:1080", "\"0.0.0.0:1080\" is the address of no proxy")]
    [InlineData("192.0.2.7:8080", "[::]:1080", "\"[::]:1080\" is the address of no proxy")]
    [InlineData("[2001:db8::7]:8080", "192.0.2.9:1080", "leads to addresses of IPv4 alone, and '[2001:db8::7]:8080' is none")]
    public void Proxy_that_cannot_be_is_a_fault(string server, string socks, string fault) => Assert.Contains(
        Proxy.Check(new ProxyBuilder().AddBackend("web", b => b.AddServer("s1", server).Configure(o => o.Servers[0].Socks4Proxy = socks)).Build()),
        f => f.StartsWith($"backend \"web\" > server \"s1\" > Socks4Proxy: {fault}", StringComparison.Ordinal));

    [Theory]
    [InlineData("2001:db8::1", "[2001:db8::9]:1080", null)]
    [InlineData("192.0.2.1", "192.0.2.9:1080", null)]
    [InlineData("192.0.2.1", "[2001:db8::9]:1080", "Source: '192.0.2.1' cannot connect to '[2001:db8::9]:1080', an address of another kind")]
    [InlineData("2001:db8::1", "192.0.2.9:1080", "Source: '2001:db8::1' cannot connect to '192.0.2.9:1080', an address of another kind")]
    public void Address_to_connect_from_is_of_the_proxys_kind(string source, string socks, string? fault) => Assert.Equal(
        fault is null ? [] : [$"backend \"web\" > server \"s1\" > {fault}."],
        Proxy.Check(new ProxyBuilder().AddBackend("web", b => b.AddServer("s1", "192.0.2.7:8080")
            .Configure(o => (o.Servers[0].Source, o.Servers[0].Socks4Proxy) = (source, socks))).Build())
            .Where(static f => f.StartsWith("backend", StringComparison.Ordinal)));

    /// <summary>A proxy of SOCKS that leads to a server of HTTP, and notes what it was asked for.</summary>
    private WireOrigin LeadingProxy(List<byte[]> asked) => RawOrigin(async wire =>
    {
        asked.Add(await wire.ReadExactlyAsync(Asked.Length));
        await wire.SendAsync(Granted.AsMemory(0, 3));
        await wire.SendAsync(Granted.AsMemory(3));
        while (await wire.ReadHeadAsync(mayIdle: true) is not null)
        {
            await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        }
    });

    private Task StartAsync(WireOrigin socks, Action<BackendOptions>? backend = null) => StartAsync(proxy => proxy
        .AddFrontend("public", static f => f.Bind("127.0.0.1:0").DefaultBackend("web"))
        .AddBackend("web", b => b.AddServer("s1", "192.0.2.7:8080").Configure(o =>
        {
            (o.Retries, o.Servers[0].Socks4Proxy) = (0, socks.Address);
            backend?.Invoke(o);
        })));
}
