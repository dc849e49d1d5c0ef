namespace ProxyKit.HAProxyConfig.Tests.Mapping;

public sealed class ErrorPageMappingTests
{
    [Fact]
    public void Pages_are_inherited_and_added_to()
    {
        var result = Reading.Of(
            "defaults\nmode http\ntimeout client 1s\nerrorloc 503 http://a.example/\nfrontend f\nbind :80\nerrorloc303 404 http://b.example/\nfrontend g\nbind :81\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(
            ["errorloc302 503 http://a.example/", "errorloc303 404 http://b.example/"], result.Options.Frontends[0].ErrorPages.Select(static p => p.ToString()));
        Assert.Single(result.Options.Frontends[1].ErrorPages);
    }

    [Fact]
    public void Page_that_cannot_be_is_told()
    {
        Assert.Equal(
            "parsing [a.cfg:2] : error reading file '/none.http' for custom error message: there is no such file.",
            Reading.Of("frontend f\nerrorfile 503 /none.http\n").Alerts().First());
        Assert.StartsWith("parsing [a.cfg:2] : 'errorloc' : ", Reading.Of("frontend f\nerrorloc 418 /x\n").Alerts().First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_become_options_and_are_used_by_name()
    {
        var result = Reading.Of(
            "http-errors site\nerrorfile 404 /dev/null\nerrorfile 503 /dev/null\ndefaults\nmode http\ntimeout client 1s\nerrorfiles site 404\n"
            + "frontend f\nbind :80\nerrorfiles site\n");

        Assert.True(result.IsValid, result.ToString());
        var section = Assert.Single(result.Options.ErrorSections);
        Assert.Equal("site", section.Name);
        Assert.Equal([(404, "/dev/null"), (503, "/dev/null")], section.Files.Select(static f => (f.Key, f.Value)).Order());
        Assert.Equal(["errorfiles site 404", "errorfiles site"], result.Options.Frontends[0].ErrorPages.Select(static p => p.ToString()));
    }

    [Fact]
    public void Section_that_is_not_there_is_told_and_so_is_a_page_it_lacks()
    {
        Assert.Equal(
            "parsing [a.cfg:5] : proxy 'f': unable to find the http-errors section 'nope'.",
            Reading.Alert("frontend f\nmode http\nbind :80\ntimeout client 1s\nerrorfiles nope\n"));
        Assert.Equal(
            ["parsing [a.cfg:7] : proxy 'f': status code '503' not declared in the http-errors section 'e'."],
            Reading.Of("http-errors e\nerrorfile 404 /dev/null\nfrontend f\nmode http\nbind :80\ntimeout client 1s\nerrorfiles e 404 503\n").Warnings());
    }

    [Theory]
    [InlineData("http-request return status 404 errorfiles e", "404")]
    [InlineData("http-request deny deny_status 429 errorfiles e", "429")]
    [InlineData("http-response return status 404 errorfiles e if TRUE", "404")]
    [InlineData("http-error status 404 errorfiles e", "404")]
    [InlineData("http-request return status 503 errorfiles e", null)]
    [InlineData("http-request return status 404 default-errorfiles", null)]
    public void Page_that_a_reply_refers_to_and_its_section_lacks_is_told(string line, string? status) => Assert.Equal(
        status is null ? [] : [$"parsing [a.cfg:7] : frontend 'f': status '{status}' referenced by an http reply not declared in http-errors section 'e'."],
        Reading.Of($"http-errors e\nerrorfile 503 /dev/null\nfrontend f\nmode http\nbind :80\ntimeout client 1s\n{line}\n").Warnings());

    [Theory]
    [InlineData("defaults d\nmode http\ntimeout client 1s\n{0}\nfrontend f from d\nbind :80\nfrontend g from d\nbind :81\n", 6, "defaults 'd'")]
    [InlineData("defaults d\nmode http\ntimeout client 1s\n{0}\ndefaults\nmode http\ntimeout client 1s\nfrontend f\nbind :80\n", 0, "")]
    [InlineData("frontend f\nmode http\nbind :80\n{0}\ndisabled\nfrontend g\nbind :81\ntimeout client 1s\n", 0, "")]
    public void Page_that_a_section_lacks_is_told_once_and_only_where_the_rule_runs(string text, int line, string proxy) => Assert.Equal(
        line == 0 ? [] : [$"parsing [a.cfg:{line}] : {proxy}: status '404' referenced by an http reply not declared in http-errors section 'e'."],
        Reading.Of($"http-errors e\nerrorfile 503 /dev/null\n{text.Replace("{0}", "http-request return status 404 errorfiles e", StringComparison.Ordinal)}").Warnings());

    [Fact]
    public void Page_that_a_reply_by_reason_refers_to_and_its_section_lacks_is_told() => Assert.Equal(
        ["parsing [a.cfg:4] : authentication 'a': status '404' referenced by an http reply not declared in http-errors section 'e'."],
        Reading.Of(
            "http-errors e\nerrorfile 503 /dev/null\nauthentication a\nrefusal expired status 404 errorfiles e\ncertificate\n"
            + "frontend f\nmode http\nbind :80\ntimeout client 1s\nauthenticate a\n").Warnings());

    [Theory]
    [InlineData("status 429 content-type text/plain string hi hdr x-a %[path]")]
    [InlineData("status 404 default-errorfiles")]
    [InlineData("status 503 content-type text/plain lf-string \"%[src]\"")]
    public void Replies_are_pages(string words) =>
        Assert.StartsWith("http-error status ", Assert.Single(Reading.Backend($"http-error {words}").ErrorPages).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("content-type text/plain string x", "expects at least 'status <code>'.")]
    [InlineData("status 418 content-type text/plain string x", "status code '418' not handled")]
    [InlineData("status 404 content-type text/plain string x if TRUE", "cannot handle unexpected argument 'if'.")]
    [InlineData("status 404 foo", "unexpected 'foo' argument.")]
    public void Reply_that_is_no_page_is_told(string words, string message) => Assert.StartsWith(
        $"parsing [a.cfg:2] : error detected in frontend 'f' while parsing 'http-error' rule : {message}",
        Reading.Alert($"frontend f\nhttp-error {words}\nmode http\nbind :80\ntimeout client 1s\n"),
        StringComparison.Ordinal);

    [Fact]
    public void Section_has_pages_of_known_statuses() => Assert.StartsWith(
        "parsing [a.cfg:2] : 'errorfile' : status code '418' not handled", Reading.Of("http-errors e\nerrorfile 418 /dev/null\n").Alerts().First(), StringComparison.Ordinal);
}
