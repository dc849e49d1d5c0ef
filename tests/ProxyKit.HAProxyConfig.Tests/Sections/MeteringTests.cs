using ProxyKit.Metering;

namespace ProxyKit.HAProxyConfig.Tests.Sections;

/// <summary>Metering in words of ProxyKit's own.</summary>
public sealed class MeteringTests
{
    private const string Frontend = "frontend f\nmode http\ntimeout client 1s\nbind :80\n";

    [Fact]
    public void Section_becomes_options()
    {
        var result = Reading.Of(
            $"""
            metering
            journal /var/lib/usage flush-interval 50ms max-buffered 8m segment-size 1m segment-age 2h compact-after 7d known-ids 100
            durability before-response
            count-by src
            tier-by req.hdr(x-plan)
            route-by var(txn.route)
            meter tokens res.hdr(x-tokens)
            {Frontend}meter size res.body_size

            """);

        Assert.True(result.IsValid, result.ToString());
        var (options, frontend) = (result.Options.Metering!, Assert.Single(result.Options.Frontends));
        Assert.Equal(("/var/lib/usage", Durability.BeforeResponse, "tokens"), (options.JournalPath, options.Durability, Assert.Single(options.Meters).Name));
        Assert.Equal(("src", "req.hdr(x-plan)", "var(txn.route)"), (options.Client!.ToString(), options.Tier!.ToString(), options.Route!.ToString()));
        Assert.Equal((TimeSpan.FromMilliseconds(50), 8 * 1024 * 1024, 1024L * 1024), (options.Journal.FlushInterval, options.Journal.MaxBufferedBytes, options.Journal.SegmentBytes));
        Assert.Equal((TimeSpan.FromHours(2), TimeSpan.FromDays(7), 100), (options.Journal.SegmentAge, options.Journal.CompactAfter, options.Journal.KnownIds));
        Assert.Equal((true, "size"), (frontend.IsMetered, Assert.Single(frontend.Meters).Name));
    }

    [Fact]
    public void Frontend_may_be_left_out()
    {
        var result = Reading.Of($"metering\njournal /var/lib/usage\ncount-by src\n{Frontend}unmetered\n");

        Assert.False(Assert.Single(result.Options!.Frontends).IsMetered); // it was read
    }

    [Theory]
    [InlineData("journal /a flsh 1s", "parsing [a.cfg:3] : 'journal' : unknown parameter 'flsh'")]
    [InlineData("journal /a known-ids", "parsing [a.cfg:3] : 'journal' : 'known-ids' expects a value.")]
    [InlineData("journal /a segment-size 1x", "parsing [a.cfg:3] : 'journal' : unexpected character 'x' in 'segment-size'.")]
    [InlineData("durability never", "parsing [a.cfg:3] : 'durability' only supports 'batched', 'before-response' (got 'never')")]
    [InlineData("route-by nothing", "parsing [a.cfg:3] : 'route-by' : ")]
    [InlineData("meter a nothing", "parsing [a.cfg:3] : 'meter' : ")]
    [InlineData("tier gold", "parsing [a.cfg:3] : unknown keyword 'tier' in 'metering' section")]
    [InlineData("metering", "parsing [a.cfg:3] : there is a 'metering' section already, at a.cfg:1.")]
    [InlineData("journal /a segment-size 1m\njournal /b", "parsing [a.cfg:4] : 'journal' : there is one already, at a.cfg:3.")]
    [InlineData("journal /a segment-size 1m known-ids 9 segment-size 2m", "parsing [a.cfg:3] : 'journal' : 'segment-size' is there already.")]
    [InlineData("count-by src_port", "parsing [a.cfg:3] : 'count-by' : there is one already, at a.cfg:2.")]
    [InlineData("durability batched\ndurability batched", "parsing [a.cfg:4] : 'durability' : there is one already, at a.cfg:3.")]
    public void Fault_is_told(string line, string message) =>
        Assert.StartsWith(message, Reading.Alert($"metering\ncount-by src\n{line}\n{Frontend}"), StringComparison.Ordinal);

    [Fact]
    public void Name_of_the_section_is_refused() =>
        Assert.StartsWith("parsing [a.cfg:1] : 'metering' cannot handle unexpected argument 'x'.", Reading.Alert($"metering x\ncount-by src\n{Frontend}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("frontend f\nmode http\ntimeout client 1s\nbind :80\nmeter size res.body_size\n", "Metering does not say where they are kept", 5)]
    [InlineData("metering\njournal /a\ncount-by src\nfrontend f\nmode tcp\ntimeout client 1s\nbind :80\n", "connections in TCP mode are not metered", 4)]
    [InlineData("metering\njournal /a\ncount-by src\nfrontend f\nmode http\ntimeout client 1s\nbind :80\nunmetered\nmeter a src_port\n", "count nothing", 9)]
    public void What_would_not_be_counted_is_told_with_its_line(string text, string message, int line)
    {
        var result = Reading.Of(text);

        var fault = Assert.Single(Proxy.Check(result.Options!)); // it was read

        Assert.Contains(message, fault, StringComparison.Ordinal);
        Assert.Equal(line, result.Locate(fault).Line);
    }

    [Theory]
    [InlineData("journal /a known-ids 2000000", "KnownIds", 1)]
    [InlineData("journal /a\nmeter requests src_port", "requests", 4)]
    public void Fault_of_the_options_is_told_with_its_line(string lines, string word, int line)
    {
        var result = Reading.Of($"metering\ncount-by src\n{lines}\n{Frontend}");

        var fault = Assert.Single(Proxy.Check(result.Options!), f => f.Contains(word, StringComparison.Ordinal)); // it was read

        Assert.Equal(line, result.Locate(fault).Line);
    }
}
