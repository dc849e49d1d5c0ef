using ProxyKit.Backends;
using ProxyKit.StickTables;

namespace ProxyKit.Conformance.Stickiness;

/// <summary>ST-11: stick tables instead of cookies; and the cookies of remote desktops.</summary>
public abstract class StickTableTests(Carrier carrier) : ProxyTest(carrier)
{
    [Theory]
    [InlineData("req.hdr(x-k)")]
    [InlineData("req.cook(k)")]
    [InlineData("src")]
    public async Task Key_stays_with_its_server_until_it_expires_also_over_a_reload(string key)
    {
        var compose = Compose3(key);
        await StartAsync(compose);
        var server = (await AskAsync("k")).Text;
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(server, (await AskAsync("k")).Text);
        }

        await ReloadAsync(compose);
        Assert.Equal(server, (await AskAsync("k")).Text);
        Time.Advance(TimeSpan.FromMinutes(2));
        var seen = new HashSet<string>();
        for (var i = 0; i < 3; i++)
        {
            seen.Add((await AskAsync("k")).Text);
            Time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.True(seen.Count > 1, "a key that has expired is free to go anywhere");
    }

    [Fact]
    public async Task Key_of_a_server_that_went_down_is_learnt_anew()
    {
        await StartAsync(Compose3());
        var first = (await AskAsync("k")).Text;
        var number = first[1] - '0';
        Server(number).State.SetAvailability(ServerAvailability.Down);

        var second = (await AskAsync("k")).Text;
        Assert.NotEqual(first, second);
        Server(number).State.SetAvailability(ServerAvailability.Open);

        Assert.Equal(second, (await AskAsync("k")).Text);
    }

    [Fact]
    public async Task Server_that_answered_behind_a_retry_is_the_one_that_is_learnt()
    {
        var (dead, alive) = (NamedOrigin("s1"), NamedOrigin("s2"));
        await StartAsync(Table + Compose([dead, alive], backend: static b => b.StickOn(Value.Parse("req.hdr(x-k)"), "keys").UseServer("s1", Match.Path("/s1"))));
        dead.StopListening();

        Assert.Equal("s2", (await AdvanceUntilAsync(AskAsync("k", "/s1"))).Text);
        Assert.Equal("s2", (await AskAsync("k")).Text);
        Assert.Equal("s2", (await AskAsync("k")).Text);
    }

    [Fact]
    public async Task Request_that_nobody_answered_teaches_nothing()
    {
        var (dead, alive) = (NamedOrigin("s1"), NamedOrigin("s2"));
        await StartAsync(Table + Compose([dead, alive], backend: static b => b
            .StickOn(Value.Parse("req.hdr(x-k)"), "keys").UseServer("s1", Match.Path("/s1")).Retries(0, redispatch: false)));
        dead.StopListening();

        Assert.Equal(503, (await AdvanceUntilAsync(AskAsync("k", "/s1"))).Status);
        for (var i = 0; i < 2; i++)
        {
            Server(1).State.SetWeight(0);
            Assert.Equal("s2", (await AskAsync("k")).Text);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Remote_desktop_goes_back_to_the_server_that_its_cookie_names(int number)
    {
        if (IsInMemory)
        {
            return; // its servers have no address of four bytes that could be named
        }

        WireOrigin[] origins = [RawNamed("s1"), RawNamed("s2"), RawNamed("s3")];
        await StartAsync(Compose(
            origins,
            f => f.Mode(ProxyMode.Tcp).OnContent(static r => r.Accept(Match.That(Value.Parse("req.rdp_cookie_cnt"), "1"))).Configure(static o => o.Rules.InspectDelay = TimeSpan.FromSeconds(5)),
            b => b.Mode(ProxyMode.Tcp).Configure(static o => o.RdpCookie = "msts")));
        var port = origins[number - 1].Port;
        var cookie = $"{0x0100007F}.{(port >> 8) | ((port & 0xFF) << 8)}.0000";
        for (var i = 0; i < 3; i++)
        {
            var client = await ConnectAsync();
            await client.SendRawAsync($"\u0003\0\0\u002f\u002a\u00e0\0\0\0\0\0Cookie: msts={cookie}\r\n\u0001\0\b\0\0\0\0\0");

            await client.ExpectAsync($"s{number}");
        }
    }

    private static Action<ProxyBuilder> Table => static proxy => proxy.AddStickTable("keys", StickKeyType.String, 100, TimeSpan.FromMinutes(1));

    private Action<ProxyBuilder> Compose3(string key = "req.hdr(x-k)") => Table + Compose(
        [NamedOrigin("s1"), NamedOrigin("s2"), NamedOrigin("s3")], backend: b => b.StickOn(Value.Parse(key), "keys"));

    private WireOrigin NamedOrigin(string name) => Origin(exchange => exchange.AnswerOkAsync(name));

    private WireOrigin RawNamed(string name) => RawOrigin(wire => wire.SendAsync(name));

    private async Task<WireMessage> AskAsync(string key, string target = "/")
    {
        await using var client = await ConnectAsync();
        await client.SendAsync($"GET {target} HTTP/1.1", "Host: a", $"X-K: {key}", $"Cookie: k={key}", "", "");
        return await client.ReadResponseAsync();
    }

    /// <summary>Over sockets.</summary>
    public sealed class OverSockets() : StickTableTests(Carrier.Sockets);

    /// <summary>In memory.</summary>
    public sealed class InMemory() : StickTableTests(Carrier.Memory);
}
