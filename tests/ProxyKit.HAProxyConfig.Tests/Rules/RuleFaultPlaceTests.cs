using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Tests.Rules;

/// <summary>Which word of a rule is pointed at where one is wrong: the one behind <c>^</c>.</summary>
public sealed class RuleFaultPlaceTests
{
    [Theory]
    [InlineData("http-request return status 200 ^bogus x")]
    [InlineData("http-request return status ^99 hdr a b")]
    [InlineData("http-request return content-type a/b string x ^file y")]
    [InlineData("http-error status 404 ^bogus")]
    [InlineData("http-request redirect location /a ^keep-qurey if TRUE")]
    [InlineData("http-request redirect location /a code ^304 if TRUE")]
    [InlineData("redirect location /a ^keep-qurey")]
    [InlineData("http-request del-header X -m ^foo")]
    [InlineData("http-request strict-mode ^maybe if TRUE")]
    [InlineData("http-request set-timeout ^nobody 5s")]
    [InlineData("http-request set-timeout ^server 5s")]
    [InlineData("http-request set-timeout client ^0")]
    [InlineData("http-request pause ^0 if TRUE")]
    [InlineData("http-request wait-for-body time 1s ^at-most 5")]
    [InlineData("http-request set-log-level ^loud")]
    [InlineData("http-request do-log ^profile p")]
    [InlineData("http-request normalize-uri ^nope if TRUE")]
    [InlineData("http-request silent-drop rst-ttl ^0")]
    [InlineData("http-request use-service ^nope")]
    [InlineData("http-request sc-set-gpt0(0) ^4294967296")]
    [InlineData("tcp-request content switch-mode http proto ^h2")]
    [InlineData("tcp-request connection expect-proxy ^layer7")]
    [InlineData("http-request set-header x-a ^%[nope] if TRUE")]
    public void Wrong_word_is_pointed_at(string line)
    {
        var result = Reading.Of($"frontend f\nmode http\nbind :80\ntimeout client 1s\n{line.Replace("^", "", StringComparison.Ordinal)}\n");

        var alert = Assert.Single(result.Diagnostics, static d => d.Severity == DiagnosticSeverity.Alert);
        Assert.Equal((5, line.IndexOf('^', StringComparison.Ordinal) + 1), (alert.Line, alert.Column));
    }

    [Fact]
    public void Wrong_word_of_a_reply_by_reason_is_pointed_at()
    {
        var alert = Assert.Single(Reading.Of("authentication a\nrefusal expired status 401 bogus x\ncertificate\n").Diagnostics, static d => d.Severity == DiagnosticSeverity.Alert);

        Assert.Equal((2, 28), (alert.Line, alert.Column));
    }
}
