using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Tests.Rules;

/// <summary>The words that describe replies, and which of them are for whom.</summary>
public sealed class ReplyLineTests
{
    private const string Frontend = "frontend f\nmode http\nbind :80\ntimeout client 1s\n";

    /// <summary>HAProxy knows it of <c>deny</c> and <c>tarpit</c>, where no word of the reply stands before it.</summary>
    [Theory]
    [InlineData("http-request return deny_status 404")]
    [InlineData("http-request return status 200 deny_status 404")]
    [InlineData("http-error deny_status 404 content-type text/plain string x")]
    [InlineData("http-request deny status 404 deny_status 403")]
    [InlineData("http-request deny deny_status 403 deny_status 404")]
    [InlineData("http-request tarpit hdr x-a b deny_status 403")]
    public void Deny_status_is_the_first_word_of_a_refusal_or_none(string line) =>
        Assert.Contains("unexpected 'deny_status' argument.", Reading.Alert($"{Frontend}{line}\n"), StringComparison.Ordinal);

    [Fact]
    public void Deny_status_is_no_word_of_a_reply_by_reason() => Assert.Equal(
        "parsing [a.cfg:2] : 'refusal' : unexpected 'deny_status' argument.",
        Reading.Alert($"authentication a\nrefusal expired deny_status 404\ncertificate\n{Frontend}"));

    [Theory]
    [InlineData("deny deny_status 429", "deny deny_status 429")]
    [InlineData("tarpit deny_status 429", "tarpit deny_status 429")]
    [InlineData("deny deny_status 429 status 404", "deny status 404")]
    [InlineData("deny deny_status 429 hdr x-a b", "deny status 429 hdr x-a b")]
    [InlineData("deny deny_status 429 content-type text/plain string x", "deny status 429 content-type text/plain string \"x\"")]
    [InlineData("deny deny_status 429 default-errorfiles", "deny status 429 default-errorfiles")]
    public void Page_is_sent_where_nothing_but_deny_status_is_said(string line, string rule) =>
        Assert.Equal(rule, Assert.Single(Reading.Frontend($"http-request {line}").Rules.Request).ToString());

    [Theory]
    [InlineData("http-request return status 418 errorfiles e")]
    [InlineData("http-request deny status 418 errorfiles e")]
    public void Page_of_a_section_has_a_status_that_has_pages(string line) => Assert.Contains(
        "status code '418' not handled by default with 'errorfiles' argument", Reading.Alert($"http-errors e\n{Frontend}{line}\n"), StringComparison.Ordinal);

    [Fact]
    public void Content_type_makes_a_refusal_a_reply_of_its_own_that_is_empty()
    {
        var result = Reading.Of($"{Frontend}http-request deny deny_status 403 content-type text/plain\n");

        Assert.Equal("deny status 403", Assert.Single(result.GetOptionsOrThrow().Frontends[0].Rules.Request).ToString());
        Assert.Equal(
            "parsing [a.cfg:5] : 'http-request deny' : content-type ignored because there is no payload.",
            Assert.Single(result.Diagnostics, static d => d.Severity == DiagnosticSeverity.Warning).ToString());
    }
}
