using ProxyKit.Frontends;
using ProxyKit.Runtime;
using ProxyKit.Testing.InMemory;

namespace ProxyKit.Tests.Runtime;

/// <summary>What a reload cannot do with an address that is listened on.</summary>
public sealed class ReloadedBindTests
{
    [Theory]
    [InlineData(null, "eth0")]
    [InlineData("eth0", null)]
    public async Task Address_that_moves_to_another_set_of_interfaces_is_refused_and_the_old_one_goes_on(string? before, string? after)
    {
        await using var proxy = Proxy.Create(Listening(before), new ProxyEnvironment { Transport = new InMemoryTransport() });
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        var old = proxy.EndPoints;

        var fault = await Assert.ThrowsAsync<ListenException>(() => proxy.ReloadAsync(Listening(after), TestContext.Current.CancellationToken));

        Assert.Equal(
            "frontend \"f\" > bind \"127.0.0.1:80\": the proxy listens there already, and another Interface, IPv6Only, IsTransparent, "
            + "SocketMode, SocketUser or SocketGroup needs a start",
            fault.Message);
        Assert.Equal(old, proxy.EndPoints);
        await proxy.ReloadAsync(Listening(before), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("127.0.0.1:80", "eth0", "eth1", false)]
    [InlineData("127.0.0.1:80", "eth0", null, true)]
    [InlineData("127.0.0.1:0", "eth0", null, false)] // a port of its own
    public void Addresses_overlap_where_an_interface_has_both(string address, string? one, string? other, bool overlaps)
    {
        var (a, b) = (Key(address, one), Key(address, other));

        Assert.Equal((overlaps, overlaps), (a.Overlaps(b), b.Overlaps(a)));
    }

    [Fact]
    public async Task Socket_that_others_are_to_use_is_not_left_as_it_was_in_silence()
    {
        await using var proxy = Proxy.Create(With(static o => o.SocketMode = UnixFileMode.UserRead), new ProxyEnvironment { Transport = new InMemoryTransport() });
        await proxy.StartAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<ListenException>(() => proxy.ReloadAsync(With(static o => o.SocketMode = UnixFileMode.UserWrite), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ListenException>(() => proxy.ReloadAsync(With(static _ => { }), TestContext.Current.CancellationToken));
        await proxy.ReloadAsync(With(static o => o.SocketMode = UnixFileMode.UserRead), TestContext.Current.CancellationToken);
    }

    private static ProxyOptions With(Action<BindOptions> configure)
    {
        var builder = new ProxyBuilder();
        builder.AddFrontend("f", f => f.Bind("unix@/run/f.sock", b => b.Configure(configure)));
        return builder.Build();
    }

    private static BindKey Key(string address, string? device)
    {
        var options = Listening(device, address);
        return BindKey.For(options.Frontends[0], options.Frontends[0].Binds[0], 0);
    }

    private static ProxyOptions Listening(string? device, string address = "127.0.0.1:80")
    {
        var builder = new ProxyBuilder();
        builder.AddFrontend("f", f => f.Bind(address, b => b.Configure(o => o.Interface = device)));
        return builder.Build();
    }
}
