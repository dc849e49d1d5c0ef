using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.Runtime;

namespace ProxyKit.Tests.Runtime;

public sealed class NumberingTests
{
    [Fact]
    public void Numbers_are_positions_or_the_next_that_are_free() => Assert.Equal([3, 4, 7, 2, 8], FreeNumbers.Of([3, null, 7, 2, null]));

    [Fact]
    public void Frontends_and_backends_are_numbered_together()
    {
        var (frontends, backends) = Numbering.OfProxies(Options(2, null, null));

        Assert.Equal((2, 3), (frontends["f"], frontends["l"]));
        Assert.Equal((3, 4), (backends["l"], backends["b"]));
    }

    [Fact]
    public void Numbers_given_twice_are_faults()
    {
        Assert.Equal(["backend \"b\" > Id: 2 is that of frontend \"f\" already."], Proxy.Check(Options(2, null, 2)));
        Assert.Empty(Proxy.Check(Options(2, 5, null)));
    }

    [Fact]
    public void Numbers_that_are_preferred_give_way_to_those_that_are_given()
    {
        var options = Options(null, null, 9);
        (options.Frontends[0].PreferredId, options.Frontends[1].PreferredId, options.Backends[1].PreferredId) = (9, 5, 7); // of which the last has one of its own
        options.Backends.Add(new BackendOptions { Name = "c", PreferredId = 5 });

        var (frontends, backends) = Numbering.OfProxies(options);

        Assert.Equal((1, 5), (frontends["f"], frontends["l"]));
        Assert.Equal((5, 9, 4), (backends["l"], backends["b"], backends["c"])); // of two who prefer the same the first has it
        Assert.Empty(Proxy.Check(options));
    }

    [Fact]
    public void Numbers_that_are_preferred_are_1_or_more()
    {
        var options = Options(null, null, null);
        options.Frontends[0].PreferredId = options.Backends[0].PreferredId = 0;

        Assert.Equal(
            ["frontend \"f\" > PreferredId: 0 is out of range (1 or more).", "backend \"l\" > PreferredId: 0 is out of range (1 or more)."], Proxy.Check(options));
    }

    [Fact]
    public void Binds_of_a_frontend_are_numbered_alone()
    {
        var options = Options(null, null, null);
        options.Frontends[0].Binds.Add(new BindOptions { Address = "127.0.0.1:0", Id = 2 });
        options.Frontends[0].Binds.Add(new BindOptions { Address = "127.0.0.1:0" });

        Assert.Equal([1, 2, 3], Numbering.OfBinds(options.Frontends[0]));
        Assert.Equal([1], Numbering.OfBinds(options.Frontends[1]));
    }

    [Fact]
    public void Binds_of_one_number_are_a_fault()
    {
        var options = Options(null, null, null);
        options.Frontends[0].Binds[0].Id = 2;
        options.Frontends[0].Binds.Add(new BindOptions { Address = "127.0.0.1:0", Id = 2 });

        Assert.Equal(["frontend \"f\" > Binds: \"127.0.0.1:0\" and \"127.0.0.1:0\" have the same Id, 2."], Proxy.Check(options));
    }

    private static ProxyOptions Options(int? first, int? second, int? backend)
    {
        var options = new ProxyOptions();
        options.Frontends.Add(new FrontendOptions { Name = "f", Id = first, Binds = { new BindOptions { Address = "127.0.0.1:0" } } });
        options.Frontends.Add(new FrontendOptions { Name = "l", Id = second, Binds = { new BindOptions { Address = "127.0.0.1:0" } } });
        options.Backends.Add(new BackendOptions { Name = "l" });
        options.Backends.Add(new BackendOptions { Name = "b", Id = backend });
        return options;
    }
}
