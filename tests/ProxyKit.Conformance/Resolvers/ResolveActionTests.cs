using System.Net;
using ProxyKit.Resolvers;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Conformance.Resolvers;

/// <summary>Rules that look names up.</summary>
public sealed class ResolveActionTests() : ProxyTest(Carrier.Memory)
{
    private readonly WireNameserver _nameserver = WireNameserver.Start();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _nameserver.DisposeAsync();
    }

    [Fact]
    public async Task Request_goes_where_its_host_is()
    {
        At("192.0.2.1:80");
        At("192.0.2.2:80");
        _nameserver.Set("a.example", "192.0.2.1");
        _nameserver.Set("b.example", "192.0.2.2");
        await StartToHostAsync();

        Assert.Equal("192.0.2.1:80", (await AskAsync("a.example")).Text);
        Assert.Equal("192.0.2.2:80", (await AskAsync("b.example")).Text);
    }

    [Fact]
    public async Task Answer_is_asked_for_once_while_it_is_fresh()
    {
        At("192.0.2.1:80");
        _nameserver.Set("a.example", "192.0.2.1");
        await StartToHostAsync();

        await AskAsync("a.example");
        await AskAsync("a.example");
        Assert.Single(_nameserver.Questions);
        Time.Advance(TimeSpan.FromSeconds(10));
        await AskAsync("a.example");

        Assert.Equal(2, _nameserver.Questions.Count);
    }

    [Theory]
    [InlineData("none.example")]
    [InlineData("no name")]
    public async Task Name_without_an_address_leaves_the_variable_as_it_was(string host)
    {
        await StartToHostAsync();

        Assert.Equal(403, (await AskAsync(host)).Status);
    }

    [Fact]
    public async Task Name_that_nobody_answers_for_is_given_up()
    {
        _nameserver.Silence("a.example");
        await StartToHostAsync();

        Assert.Equal(403, (await AdvanceUntilAsync(AskAsync("a.example"))).Status);
    }

    [Fact]
    public async Task Client_that_leaves_ends_its_request()
    {
        _nameserver.Silence("a.example");
        await StartToHostAsync();
        await using (var client = await ConnectAsync())
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "X-To: a.example", "", "");
            await _nameserver.AskedAsync("a.example");
        }

        Assert.Equal("CR", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Connection_goes_where_a_name_is()
    {
        DisposeFirst(WireOrigin.StartRaw(Network, IPEndPoint.Parse("192.0.2.1:22"), static wire => wire.SendAsync("banner")));
        _nameserver.Set("ssh.example", "192.0.2.1");
        await StartAsync(proxy => Compose(
            proxy,
            static f => f.Mode(ProxyMode.Tcp).OnContent(static r => r
                .Resolve("sess.to", "dns", Value.Parse("str(ssh.example)"), AddressPreference.IPv4)
                .SetDestination(Value.Parse("var(sess.to)"))),
            static b => b.Mode(ProxyMode.Tcp).AddServer("any", "0.0.0.0:22")));

        var client = await ConnectAsync();

        Assert.Equal("banner", System.Text.Encoding.ASCII.GetString(await client.Wire.ReadToEndAsync()));
    }

    [Fact]
    public async Task Resolvers_that_are_not_there_are_told()
    {
        var fault = await Assert.ThrowsAsync<Runtime.ProxyConfigurationException>(() => StartAsync(proxy => Compose(
            proxy, static f => f.OnRequest(static r => r.Resolve("txn.a", "none", Value.Parse("path"))), static b => b.AddServer("s1", "127.0.0.1:1"))));

        Assert.Contains("unable to find resolvers 'none'", Assert.Single(fault.Faults), StringComparison.Ordinal);
    }

    /// <summary>Each request goes to the host in its field X-To.</summary>
    private Task StartToHostAsync() => StartAsync(proxy => Compose(
        proxy,
        static f => f.OnRequest(static r => r
            .Resolve("txn.to", "dns", Value.Parse("req.hdr(x-to)"), AddressPreference.IPv4)
            .Deny(403, when: Match.Parse("! { var(txn.to) -m found }"))
            .SetDestination(Value.Parse("var(txn.to)"))),
        static b => b.AddServer("any", "0.0.0.0:80")));

    private async Task<WireMessage> AskAsync(string host)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", $"X-To: {host}", "", "");
        return await client.ReadResponseAsync();
    }

    private void Compose(ProxyBuilder proxy, Action<FrontendBuilder> frontend, Action<BackendBuilder> backend) => proxy
        .AddResolvers("dns", r => r.Nameserver("a", _nameserver.Address))
        .AddFrontend("public", f =>
        {
            f.Bind("127.0.0.1:0").DefaultBackend("web");
            frontend(f);
        })
        .AddBackend("web", backend);

    /// <summary>An origin that answers with its address.</summary>
    private void At(string address) => DisposeFirst(WireOrigin.Start(Network, IPEndPoint.Parse(address), e => e.AnswerOkAsync(address)));
}
