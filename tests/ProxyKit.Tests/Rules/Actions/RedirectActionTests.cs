using ProxyKit.Rules.Actions;
using static ProxyKit.Tests.Rules.Actions.TestValue;

namespace ProxyKit.Tests.Rules.Actions;

public sealed class RedirectActionTests
{
    private static string Location(string target, RedirectOptions options)
    {
        var reply = ActionRun.OnRequest(TestExchange.For(target), RuleActions.Redirect(options)).Reply;
        var start = reply.IndexOf("\r\nlocation: ", StringComparison.Ordinal) + "\r\nlocation: ".Length;
        return reply[start..reply.IndexOf("\r\n", start, StringComparison.Ordinal)];
    }

    [Fact]
    public void A_location_is_taken_as_it_is() =>
        Assert.Equal("https://b.example/x y?z", Location("/p?q", RedirectOptions.To("https://b.example/x y?z")));

    [Fact]
    public void A_location_that_would_end_its_line_does_not() =>
        Assert.Equal("/a%0D%0Ab", Location("/p", RedirectOptions.To(Text("/a\r\nb"))));

    [Theory]
    [InlineData("/p?a=b", "/x", "/x?a=b")]
    [InlineData("/p?a=b", "/x?c=d", "/x?c=d&a=b")]
    [InlineData("/p?a=b", "/x?", "/x?a=b")]
    [InlineData("/p?", "/x", "/x")]
    [InlineData("/p", "/x", "/x")]
    public void A_location_can_keep_the_query(string target, string location, string result) =>
        Assert.Equal(result, Location(target, RedirectOptions.To(location) with { KeepQuery = true }));

    [Theory]
    [InlineData("/p?q", "https://b.example", false, false, "https://b.example/p?q")]
    [InlineData("/p?q", "https://b.example", true, false, "https://b.example/p")]
    [InlineData("*", "https://b.example", false, false, "https://b.example/")]
    [InlineData("http://a.example/p?q", "https://b.example", false, false, "https://b.example/p?q")]
    [InlineData("/p?q", "/", false, false, "/p?q")]
    [InlineData("/rself/a?b=c", "/", true, true, "/rself/a/")]
    [InlineData("/x?a=b", "/", false, true, "/x?a=b/")]
    [InlineData("/x/", "/", true, true, "/x/")]
    [InlineData("/x", "/pre", false, false, "/pre/x")]
    public void A_prefix_stands_before_the_path(string target, string prefix, bool dropQuery, bool appendSlash, string result) => Assert.Equal(
        result, Location(target, RedirectOptions.Prefix(prefix) with { DropQuery = dropQuery, AppendSlash = appendSlash }));

    [Theory]
    [InlineData("/p?q", false, "https://a.example/p?q")]
    [InlineData("/p?q", true, "https://a.example/p")]
    [InlineData("*", false, "https://a.example/")]
    public void A_scheme_leads_to_the_same_place(string target, bool dropQuery, string result) =>
        Assert.Equal(result, Location(target, RedirectOptions.Scheme("https") with { DropQuery = dropQuery }));

    [Fact]
    public void A_scheme_without_a_host_has_none() => Assert.Contains(
        "\r\nlocation: https:///p\r\n",
        ActionRun.OnRequest(TestExchange.Of("GET /p HTTP/1.0"), RuleActions.Redirect(RedirectOptions.Scheme("https"))).Reply,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(301, "HTTP/1.1 301 Moved Permanently\r\ncontent-length: 0\r\nlocation: /x\r\n\r\n")]
    [InlineData(302, "HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: /x\r\ncache-control: no-cache\r\n\r\n")]
    [InlineData(303, "HTTP/1.1 303 See Other\r\ncontent-length: 0\r\nlocation: /x\r\ncache-control: no-cache\r\n\r\n")]
    [InlineData(307, "HTTP/1.1 307 Temporary Redirect\r\ncontent-length: 0\r\nlocation: /x\r\ncache-control: no-cache\r\n\r\n")]
    [InlineData(308, "HTTP/1.1 308 Permanent Redirect\r\ncontent-length: 0\r\nlocation: /x\r\n\r\n")]
    public void The_whole_message_depends_on_the_status(int status, string message)
    {
        var run = ActionRun.OnRequest(TestExchange.For("/p"), RuleActions.Redirect(RedirectOptions.To("/x") with { Status = status }));

        Assert.Equal(message, run.Reply);
        Assert.Equal((RuleOutcome.Final, VerdictKind.Reply, status), (run.Outcome, run.Context.Verdict!.Kind, run.Context.Verdict.Status));
    }

    [Fact]
    public void A_status_that_does_not_redirect_is_refused() => Assert.Contains(
        "unsupported HTTP code '304' (must be one of 301, 302, 303, 307 or 308)",
        Assert.Throws<ArgumentException>("options", () => RuleActions.Redirect(RedirectOptions.To("/") with { Status = 304 })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Cookies_are_set_and_cleared()
    {
        string Cookie(RedirectOptions options) =>
            ActionRun.OnRequest(TestExchange.For("/p"), RuleActions.Redirect(options with { Status = 301 })).Reply.Split("\r\n")[3];

        Assert.Equal("set-cookie: SEEN=1; path=/;", Cookie(RedirectOptions.To("/") with { Cookie = Text("SEEN=1") }));
        Assert.Equal("set-cookie: SEEN; path=/;", Cookie(RedirectOptions.To("/") with { Cookie = Text("SEEN") }));
        Assert.Equal("set-cookie: U%0A=1; path=/;", Cookie(RedirectOptions.To("/") with { Cookie = Text("U\n=1") }));
        Assert.Equal("set-cookie: USER=; path=/; Max-Age=0;", Cookie(RedirectOptions.To("/") with { ClearCookie = "USER" }));
        Assert.Equal("set-cookie: USER=; path=/; Max-Age=0;", Cookie(RedirectOptions.To("/") with { ClearCookie = "USER=" }));
    }

    [Fact]
    public void An_empty_location_can_lead_on()
    {
        Assert.Equal(RuleOutcome.Next, ActionRun.OnRequest(
            TestExchange.For("/p"), RuleActions.Redirect(RedirectOptions.To(None) with { IgnoreEmpty = true })).Outcome);
        Assert.Equal("", Location("/p", RedirectOptions.To(None)));
        Assert.Equal("/x", Location("/p", RedirectOptions.To("/x") with { IgnoreEmpty = true }));
    }

    [Fact]
    public void A_redirect_of_a_response_is_made_while_that_is_there()
    {
        var run = ActionRun.OnResponse(
            ["HTTP/1.1 200 OK", "X-To: /there", "Content-Length: 0"],
            RuleActions.Redirect(RedirectOptions.To(Field("X-To")) with { KeepQuery = true, Status = 301 }));
        run.Context.Response = null;

        Assert.Equal("HTTP/1.1 301 Moved Permanently\r\ncontent-length: 0\r\nlocation: /there?q=1\r\n\r\n", run.Reply);
    }
}
