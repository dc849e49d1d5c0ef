namespace ProxyKit.HAProxyConfig.Tests.Mapping;

public sealed class NumberMappingTests
{
    [Fact]
    public void Given_numbers_become_options()
    {
        var result = Reading.Of(
            "frontend f\nid 50\nmode http\ntimeout client 1s\nbind :80 id 7\nbind :81\nbackend b\nid 3\nmode http\n");

        Assert.True(result.IsValid, result.ToString());
        var frontend = result.Options.Frontends[0];
        Assert.Equal((50, 7, null, 3), (frontend.Id, frontend.Binds[0].Id, frontend.Binds[1].Id, result.Options.Backends[0].Id));
    }

    [Fact]
    public void Numbers_that_options_have_anyway_are_not_said()
    {
        var result = Reading.Of(
            "frontend f\nmode http\ntimeout client 1s\nbind :80\nlisten l\nmode http\ntimeout client 1s\nbind :81\ntimeout server 1s\ntimeout connect 1s\nserver s 10.0.0.1:80\n"
            + "backend b\nmode http\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.All(result.Options.Frontends, static f => Assert.Null(f.Id ?? f.PreferredId));
        Assert.All(result.Options.Backends, static b => Assert.Null(b.Id ?? b.PreferredId));
    }

    [Fact]
    public void Numbers_go_by_the_order_of_the_file()
    {
        var result = Reading.Of(
            "backend off\ndisabled\nbackend b\nmode http\nfrontend f\nmode http\ntimeout client 1s\nbind :80\nfrontend g\nid 2\nmode http\ntimeout client 1s\nbind :81\nbackend c\nmode http\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal([(null, 4), (2, null)], result.Options.Frontends.Select(static f => (f.Id, f.PreferredId)));
        Assert.Equal([(null, null), (null, 6)], result.Options.Backends.Select(static b => (b.Id, b.PreferredId))); // the first has 3 anyway
    }

    [Theory]
    [InlineData("id 0", "parsing [a.cfg:2] : 'id' expects an integer of 1 or more (got '0').")]
    [InlineData("id x", "parsing [a.cfg:2] : 'id' expects an integer of 1 or more (got 'x').")]
    [InlineData("id 3\nfrontend g\nid 3", "parsing [a.cfg:4] : frontend 'g' reuses same custom id as frontend 'f' (declared at a.cfg:1).")]
    [InlineData("bind :80,:81 id 4", "parsing [a.cfg:2] : 'bind' : 'id' can only be used with a single socket.")]
    [InlineData("bind :80 id 4\nbind :81 id 4", "parsing [a.cfg:3] : 'bind :81' : 'id' : custom id 4 already used at a.cfg:2.")]
    public void Number_that_cannot_be_is_refused(string lines, string alert) =>
        Assert.Equal(alert, Reading.Of($"frontend f\n{lines}\n").Alerts().First());

    [Fact]
    public void Defaults_have_no_number() =>
        Assert.Equal("parsing [a.cfg:2] : 'id' not allowed in 'defaults' section.", Reading.Of("defaults\nid 5\n").Alerts().First());

    [Fact]
    public void Rule_that_leads_to_a_disabled_backend_is_left_out()
    {
        var frontend = Reading.Of(
            "frontend f\nmode http\ntimeout client 1s\nbind :80\nuse_backend off if TRUE\nuse_backend b\nbackend b\nmode http\nbackend off\nmode http\ndisabled\n").GetOptionsOrThrow().Frontends[0];

        Assert.Equal("b", Assert.Single(frontend.Routes).Backend);
    }

    [Theory]
    [InlineData("backend b\nserver x ipv6@127.0.0.1:80\n", "parsing [a.cfg:2] : 'server x' : address '127.0.0.1' is not of the family that 'ipv6@127.0.0.1:80' asks for.")]
    [InlineData("defaults a\nhttp-request deny\ndefaults b from a\n", "parsing [a.cfg:3] : a defaults section cannot start from defaults 'a', which has rules (see a.cfg:2).")]
    [InlineData("backend b\nbakend c\n", "parsing [a.cfg:2] : unknown keyword 'bakend' in 'backend' section; did you mean 'backend' maybe ?")]
    [InlineData("backend b\nbalance rondrobin\n", "; did you mean 'roundrobin' maybe ?.")]
    public void Slip_is_told(string text, string alert) => Assert.Contains(alert, Reading.Of(text).Alerts().First(), StringComparison.Ordinal);

    [Theory]
    [InlineData("content-length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("content-type")]
    public void Field_that_a_reply_has_from_its_body_is_ignored_with_a_warning(string name)
    {
        var result = Reading.Of($"frontend f\nmode http\ntimeout client 1s\nbind :80\nhttp-request return status 200 hdr {name} 5 hdr x y\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Contains($"header '{name}' is always ignored", Assert.Single(result.Warnings()), StringComparison.Ordinal);
        Assert.Equal("return status 200 hdr x y", Assert.Single(result.Options.Frontends[0].Rules.Request).ToString());
    }
}
