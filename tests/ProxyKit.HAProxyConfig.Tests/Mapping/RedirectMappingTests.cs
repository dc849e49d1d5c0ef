namespace ProxyKit.HAProxyConfig.Tests.Mapping;

public sealed class RedirectMappingTests
{
    [Fact]
    public void Redirects_stand_behind_all_rules_and_go_on_behind_allow()
    {
        var rules = Reading.Frontend("redirect location /a code 301 if TRUE\nhttp-request allow\nredirect prefix /b drop-query").Rules.Request;

        Assert.Equal(["allow", "redirect location /a code 301", "redirect prefix /b code 302 drop-query"], rules.Select(static r => r.Action.ToString()));
        Assert.Equal([false, true, true], rules.Select(static r => r.RunsAfterAllow));
        Assert.Null(rules[2].Condition);
        Assert.NotNull(rules[1].Condition);
        Assert.Equal("a.cfg:5", rules[1].Origin);
    }

    [Fact]
    public void Text_is_as_it_stands() =>
        Assert.Contains("%%[path]", Assert.Single(Reading.Backend("redirect location /r%[path]").Rules.Request).Action.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Options_may_stand_before_the_destination() => Assert.Equal(
        "redirect location /a code 301 set-cookie A=1",
        Assert.Single(Reading.Backend("redirect code 301 set-cookie A=1 location /a").Rules.Request).Action.ToString());

    [Fact]
    public void In_a_listen_section_they_run_once()
    {
        var result = Reading.Of(
            "listen l\nmode http\nbind :80\ntimeout client 1s\ntimeout connect 1s\ntimeout server 1s\nserver s 10.0.0.1:80\nredirect location /a\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Single(result.Options.Frontends[0].Rules.Request);
        Assert.Empty(result.Options.Backends[0].Rules.Request);
    }

    [Theory]
    [InlineData("redirect", "parsing [a.cfg:2] : 'redirect' expects {location|prefix|scheme} <to> [<option> ...] [{if|unless} <condition> ...].")]
    [InlineData("redirect foo /x", "parsing [a.cfg:2] : error detected in frontend 'f' while parsing 'redirect' rule : redirection type expected ('prefix', 'location', or 'scheme').")]
    [InlineData("redirect location /x code 200", "parsing [a.cfg:2] : error detected in frontend 'f' while parsing 'redirect' rule : unsupported HTTP code '200' (must be one of 301, 302, 303, 307 or 308).")]
    [InlineData("redirect location /x if nothing", "parsing [a.cfg:2] : error detected in frontend 'f' while parsing 'if' condition : no such ACL : 'nothing'.")]
    public void Fault_is_told(string line, string message) =>
        Assert.Equal(message, Reading.Alert($"frontend f\n{line}\nmode http\nbind :80\ntimeout client 1s\n"));

    [Fact]
    public void Defaults_have_none() =>
        Assert.Equal("parsing [a.cfg:2] : 'redirect' not allowed in 'defaults' section.", Reading.Of("defaults d\nredirect location /x\n").Alerts().First());

    [Fact]
    public void Rule_behind_one_is_warned_of() => Assert.Contains(
        "parsing [a.cfg:3] : a 'http-request' rule placed after a 'redirect' rule will still be processed before.",
        Reading.Of("frontend f\nredirect location /x\nhttp-request deny\nmode http\nbind :80\ntimeout client 1s\n").Warnings());
}
