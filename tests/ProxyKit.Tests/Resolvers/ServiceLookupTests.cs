using ProxyKit.Resolvers;

namespace ProxyKit.Tests.Resolvers;

/// <summary>What the records of a service make of servers. The lines are those that HAProxy writes for the same answers.</summary>
public sealed class ServiceLookupTests
{
    [Fact]
    public void Servers_take_the_places_of_the_service_in_their_order()
    {
        using var bench = new LookupBench(3, "_http._tcp.example");

        bench.Service().Take(LookupBench.Answer(("a.example", 8080, 0, "192.0.2.1"), ("b.example", 8081, 0, "192.0.2.2")));

        Assert.Equal(["192.0.2.1:8080 no check", "192.0.2.2:8081 no check", "nowhere MAINT (resolution)"], bench.Places);
        Assert.Equal(
            [
                "web/s1 changed its FQDN from (null) to a.example by 'SRV record'",
                "web/s1 changed its IP from (none) to 192.0.2.1 by DNS additional record.",
                "Server web/s1 ('a.example') is UP/READY (resolves again).",
                "Server web/s1 administratively READY thanks to valid DNS answer.",
            ],
            bench.Lines.Take(4));
    }

    [Theory]
    [InlineData(AcceptedAddresses.All, "[2001:db8::1]:8080 no check", "192.0.2.2:8081 no check")]
    [InlineData(AcceptedAddresses.IPv4, "nowhere MAINT (resolution)", "192.0.2.2:8081 no check")]
    [InlineData(AcceptedAddresses.IPv6, "[2001:db8::1]:8080 no check", "nowhere MAINT (resolution)")]
    public void Address_that_comes_with_a_record_counts_where_it_is_accepted(AcceptedAddresses accepts, string first, string second)
    {
        using var bench = new LookupBench(2, "_http._tcp.example", group: o => o.Accepts = accepts);

        bench.Service().Take(LookupBench.Answer(("a.example", 8080, 0, "2001:db8::1"), ("b.example", 8081, 0, "192.0.2.2")));

        Assert.Equal([first, second], bench.Places);
    }

    [Fact]
    public void Weight_of_the_record_becomes_the_servers()
    {
        using var bench = new LookupBench(2, "_http._tcp.example");

        bench.Service().Take(LookupBench.Answer(("a.example", 80, 255, "192.0.2.1"), ("b.example", 80, 1000, "192.0.2.2")));

        Assert.Equal([1, 4], bench.Backend.Servers.Select(static s => s.Weight));
    }

    [Fact]
    public void Weight_means_nothing_where_it_is_not_wanted()
    {
        using var bench = new LookupBench(1, "_http._tcp.example", static o => o.IgnoresWeight = true);

        bench.Service().Take(LookupBench.Answer(("a.example", 80, 1000, "192.0.2.1")));

        Assert.Equal(1, bench.Backend.Servers[0].Weight);
    }

    [Fact]
    public void Record_that_is_gone_frees_its_server_for_another()
    {
        using var bench = new LookupBench(2, "_http._tcp.example");
        var lookup = bench.Service();
        lookup.Take(LookupBench.Answer(("a.example", 80, 0, "192.0.2.1"), ("b.example", 80, 0, "192.0.2.2")));
        _ = bench.Lines;

        lookup.Take(LookupBench.Answer(("b.example", 80, 0, "192.0.2.2"), ("c.example", 81, 0, "192.0.2.3")));

        Assert.Equal(["192.0.2.3:81 no check", "192.0.2.2:80 no check"], bench.Places);
        Assert.StartsWith("Server web/s1 is going DOWN for maintenance (entry removed from SRV record). ", bench.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_are_given_up_where_the_service_is_gone_for_too_long()
    {
        using var bench = new LookupBench(1, "_http._tcp.example", group: static o => o.HoldNotFound = TimeSpan.FromSeconds(3));
        var lookup = bench.Service();
        lookup.Take(LookupBench.Answer(("a.example", 80, 0, "192.0.2.1")));

        lookup.Take(new DnsAnswer(DnsStatus.NotFound));
        Assert.Equal(["192.0.2.1:80 no check"], bench.Places);

        bench.Time.Advance(TimeSpan.FromSeconds(3));
        lookup.Take(new DnsAnswer(DnsStatus.NotFound));
        Assert.Equal(["nowhere MAINT (resolution)"], bench.Places);
    }
}
