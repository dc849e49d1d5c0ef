using ProxyKit.Checks;
using ProxyKit.Resolvers;

namespace ProxyKit.Tests.Resolvers;

/// <summary>What answers make of servers. The lines are those that HAProxy writes for the same answers.</summary>
public sealed class AddressLookupTests
{
    private const string Rest = " and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.";

    [Fact]
    public void Server_without_an_address_is_in_maintenance()
    {
        using var bench = new LookupBench(1, "a.example:80");

        Assert.Equal(["nowhere MAINT (resolution)"], bench.Places);
        Assert.Equal(0, bench.Backend.CandidateCount);
        Assert.Null(bench.Backend.Servers[0].ConnectOptionsFor(null));
    }

    [Fact]
    public void First_answer_brings_the_server_up()
    {
        using var bench = new LookupBench(1, "a.example:80");

        bench.Addresses().Take(LookupBench.Answer("192.0.2.1"));

        Assert.Equal(["192.0.2.1:80 no check"], bench.Places);
        Assert.Equal(
            [
                "web/s1 changed its IP from (none) to 192.0.2.1 by dns/ns1.",
                "Server web/s1 ('a.example') is UP/READY (resolves again).",
                "Server web/s1 administratively READY thanks to valid DNS answer.",
            ],
            bench.Lines);
    }

    [Fact]
    public void Server_moves_with_its_name()
    {
        using var bench = new LookupBench(1, "a.example:80");
        var lookup = bench.Addresses();
        lookup.Take(LookupBench.Answer("192.0.2.1"));
        _ = bench.Lines;

        lookup.Take(LookupBench.Answer("192.0.2.9"));

        Assert.Equal(["192.0.2.9:80 no check"], bench.Places);
        Assert.Equal(["web/s1 changed its IP from 192.0.2.1 to 192.0.2.9 by dns/ns1."], bench.Lines);
    }

    [Fact]
    public void Server_keeps_the_address_that_it_has_where_there_are_others()
    {
        using var bench = new LookupBench(1, "a.example:80");
        var lookup = bench.Addresses();
        lookup.Take(LookupBench.Answer("192.0.2.1"));

        lookup.Take(LookupBench.Answer("192.0.2.9", "192.0.2.1"));

        Assert.Equal(["192.0.2.1:80 no check"], bench.Places);
    }

    [Fact]
    public void Servers_of_one_name_have_addresses_of_their_own()
    {
        using var bench = new LookupBench(3, "a.example:80");

        bench.Addresses().Take(LookupBench.Answer("192.0.2.1", "192.0.2.2"));

        Assert.Equal(["192.0.2.1:80 no check", "192.0.2.2:80 no check", "nowhere MAINT (resolution)"], bench.Places);
        Assert.Contains("web/s2 changed its IP from (none) to 192.0.2.2 by DNS cache.", bench.Lines);
    }

    [Fact]
    public void Servers_may_share_an_address_where_that_is_allowed()
    {
        using var bench = new LookupBench(2, "a.example:80", static o => o.AllowsSameAddress = true);

        bench.Addresses().Take(LookupBench.Answer("192.0.2.1"));

        Assert.Equal(["192.0.2.1:80 no check", "192.0.2.1:80 no check"], bench.Places);
    }

    [Fact]
    public void Address_that_is_gone_takes_its_server_out()
    {
        using var bench = new LookupBench(2, "a.example:80");
        var lookup = bench.Addresses();
        lookup.Take(LookupBench.Answer("192.0.2.1", "192.0.2.2"));
        _ = bench.Lines;

        lookup.Take(LookupBench.Answer("192.0.2.2"));

        Assert.Equal(["nowhere MAINT (resolution)", "192.0.2.2:80 no check"], bench.Places);
        Assert.Equal(["Server web/s1 is going DOWN for maintenance (No IP for server ). 1 active" + Rest], bench.Lines);
    }

    [Fact]
    public void Server_that_was_taken_out_stays_out_when_its_name_leads_somewhere_again()
    {
        using var bench = new LookupBench(1, "a.example:80");
        var lookup = bench.Addresses();
        bench.Servers[0].State.Health.Administer(ServerMode.Maintenance, null);
        _ = bench.Lines;

        lookup.Take(LookupBench.Answer("192.0.2.1"));

        Assert.Equal(["192.0.2.1:80 MAINT"], bench.Places);
        Assert.Contains("Server web/s1 ('a.example') resolves again but remains in maintenance.", bench.Lines);
        bench.Servers[0].State.Health.Administer(ServerMode.Ready, null);
        Assert.Equal(["192.0.2.1:80 no check"], bench.Places);
        Assert.Equal(["Server web/s1 is UP/READY (leaving forced maintenance)."], bench.Lines);
    }

    [Fact]
    public void Address_that_is_gone_is_held_for_a_time()
    {
        using var bench = new LookupBench(2, "a.example:80", group: static o => o.HoldObsolete = TimeSpan.FromSeconds(5));
        var lookup = bench.Addresses();
        lookup.Take(LookupBench.Answer("192.0.2.1", "192.0.2.2"));

        bench.Time.Advance(TimeSpan.FromSeconds(4));
        lookup.Take(LookupBench.Answer("192.0.2.2"));
        Assert.Equal(["192.0.2.1:80 no check", "192.0.2.2:80 no check"], bench.Places);

        bench.Time.Advance(TimeSpan.FromSeconds(1));
        lookup.Take(LookupBench.Answer("192.0.2.2"));
        Assert.Equal(["nowhere MAINT (resolution)", "192.0.2.2:80 no check"], bench.Places);
    }

    [Theory]
    [InlineData("NotFound", "DNS NX status")]
    [InlineData("Refused", "DNS refused status")]
    [InlineData("TimedOut", "DNS timeout status")]
    [InlineData("Other", "unspecified DNS error")]
    public void Server_is_held_for_a_time_where_nobody_knows_its_name_any_more(string status, string cause)
    {
        using var bench = new LookupBench(1, "a.example:80", group: static o =>
            (o.HoldNotFound, o.HoldRefused, o.HoldTimedOut, o.HoldOther) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3)));
        var lookup = bench.Addresses();
        lookup.Take(LookupBench.Answer("192.0.2.1"));
        _ = bench.Lines;
        var nothing = new DnsAnswer(Enum.Parse<DnsStatus>(status));

        bench.Time.Advance(TimeSpan.FromSeconds(2));
        lookup.Take(nothing);
        Assert.Equal(["192.0.2.1:80 no check"], bench.Places);

        bench.Time.Advance(TimeSpan.FromSeconds(1));
        lookup.Take(nothing);
        Assert.Equal(["nowhere MAINT (resolution)"], bench.Places);
        Assert.Equal(
            [$"Server web/s1 is going DOWN for maintenance ({cause}). 0 active{Rest}", "backend 'web' has no server available!"], bench.Lines);
    }

    [Theory]
    [InlineData(AddressPreference.IPv6, "[2001:db8::1]:80 no check")]
    [InlineData(AddressPreference.IPv4, "192.0.2.1:80 no check")]
    public void Preferred_family_is_taken_where_both_are_held(AddressPreference preference, string place)
    {
        using var bench = new LookupBench(1, "a.example:80", o => o.Prefer = preference);

        bench.Addresses().Take(LookupBench.Answer("192.0.2.1", "2001:db8::1"));

        Assert.Equal([place], bench.Places);
    }

    [Fact]
    public void Preferred_network_is_taken_rather_than_the_address_it_has()
    {
        using var bench = new LookupBench(1, "a.example:80", static o => o.PreferredNetworks.Add("10.0.0.0/8"));
        var lookup = bench.Addresses();
        lookup.Take(LookupBench.Answer("192.0.2.1"));

        lookup.Take(LookupBench.Answer("192.0.2.1", "10.1.2.3"));

        Assert.Equal(["10.1.2.3:80 no check"], bench.Places);
    }

    [Fact]
    public void Server_begins_at_its_first_address()
    {
        using var bench = new LookupBench(1, "a.example:80", static o => o.InitialAddress = "192.0.2.7");

        Assert.Equal(["192.0.2.7:80 no check"], bench.Places);
        Assert.Equal("192.0.2.7:80", bench.Backend.Servers[0].ConnectOptionsFor(null)!.EndPoint.ToString());
    }

    [Fact]
    public void Who_was_taken_out_stays_out_where_the_name_comes_back()
    {
        using var bench = new LookupBench(1, "a.example:80");
        bench.Servers[0].State.Health.Administer(ServerMode.Maintenance, null);

        bench.Addresses().Take(LookupBench.Answer("192.0.2.1"));

        Assert.Equal(["192.0.2.1:80 MAINT"], bench.Places);
    }
}
