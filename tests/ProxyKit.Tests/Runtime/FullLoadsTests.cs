using ProxyKit.Runtime;

namespace ProxyKit.Tests.Runtime;

public sealed class FullLoadsTests
{
    /// <summary>Q-20.</summary>
    [Theory]
    [InlineData(200, 20)]
    [InlineData(201, 21)]
    [InlineData(1, 1)]
    [InlineData(int.MaxValue, 214_748_365)]
    public void Full_load_is_a_tenth_of_what_the_frontend_may_bring(int most, int expected) =>
        Assert.Equal(expected, Of(p => p.AddFrontend("f", f => f.DefaultBackend("b").MaxConnections(most))));

    [Fact]
    public void Frontends_that_name_the_backend_count_once_each() =>
        Assert.Equal(30, Of(p => p
            .AddFrontend("f", f => f.DefaultBackend("b").Route(Match.Path("/b/*"), "b").MaxConnections(100))
            .AddFrontend("g", f => f.Route(Match.Path("/b/*"), "b").MaxConnections(200))
            .AddFrontend("h", f => f.DefaultBackend("other").MaxConnections(400))));

    [Fact]
    public void Frontend_without_a_limit_counts_with_the_proxys()
    {
        Assert.Equal(7, Of(p => p.AddFrontend("f", f => f.DefaultBackend("b")).Configure(o => o.MaxConnections = 70)));
        Assert.Equal(100, Of(p => p.AddFrontend("f", f => f.DefaultBackend("b"))));
    }

    [Fact]
    public void Backend_that_nobody_names_is_full_at_once() => Assert.Equal(1, Of(_ => { }));

    private static int Of(Action<ProxyBuilder> configure)
    {
        var builder = new ProxyBuilder();
        configure(builder);
        builder.AddBackend("b", _ => { }).AddBackend("other", _ => { });
        var options = builder.Build();
        return new FullLoads(options, most: 1000).Of(options.Backends[0]);
    }
}
