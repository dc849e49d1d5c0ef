using ProxyKit.Checks;

namespace ProxyKit.Tests.Checks;

public sealed class CheckStatusTextTests
{
    [Theory]
    [InlineData(CheckStatus.Initializing, "INI", "Initializing", "Neutral", false)]
    [InlineData(CheckStatus.SocketError, "SOCKERR", "Socket error", "Failed", false)]
    [InlineData(CheckStatus.Layer4Passed, "L4OK", "Layer4 check passed", "Passed", false)]
    [InlineData(CheckStatus.Layer4TimedOut, "L4TOUT", "Layer4 timeout", "Failed", false)]
    [InlineData(CheckStatus.Layer4Failed, "L4CON", "Layer4 connection problem", "Failed", false)]
    [InlineData(CheckStatus.Layer6Passed, "L6OK", "Layer6 check passed", "Passed", false)]
    [InlineData(CheckStatus.Layer6TimedOut, "L6TOUT", "Layer6 timeout", "Failed", false)]
    [InlineData(CheckStatus.Layer6Failed, "L6RSP", "Layer6 invalid response", "Failed", false)]
    [InlineData(CheckStatus.Layer7TimedOut, "L7TOUT", "Layer7 timeout", "Failed", false)]
    [InlineData(CheckStatus.Layer7Invalid, "L7RSP", "Layer7 invalid response", "Failed", false)]
    [InlineData(CheckStatus.Layer7Passed, "L7OK", "Layer7 check passed", "Passed", true)]
    [InlineData(CheckStatus.Layer7PassedConditionally, "L7OKC", "Layer7 check conditionally passed", "Conditional", true)]
    [InlineData(CheckStatus.Layer7WrongStatus, "L7STS", "Layer7 wrong status", "Failed", true)]
    [InlineData(CheckStatus.ProcessFailed, "PROCERR", "External check error", "Failed", true)]
    [InlineData(CheckStatus.ProcessTimedOut, "PROCTOUT", "External check timeout", "Failed", true)]
    [InlineData(CheckStatus.ProcessPassed, "PROCOK", "External check passed", "Passed", true)]
    [InlineData(CheckStatus.ErrorsObserved, "HANA", "Health analyze", "Failed", false)]
    [InlineData(CheckStatus.Checked, "CHECKED", "No status change", "Neutral", false)]
    public void Status_has_the_words_and_the_meaning_that_HAProxy_gives_it(CheckStatus status, string code, string reason, string verdict, bool hasCode) => Assert.Equal(
        (code, reason, verdict, hasCode),
        (CheckStatusText.CodeOf(status), CheckStatusText.ReasonOf(status), CheckStatusText.VerdictOf(status).ToString(), CheckStatusText.HasCode(status)));

    [Fact]
    public void Result_is_described_with_all_that_is_known_of_it()
    {
        Assert.Equal(
            ", reason: Layer7 wrong status, code: 503, info: \"Busy\", check duration: 12ms",
            new CheckResult(CheckStatus.Layer7WrongStatus, 503, "Busy") { Duration = TimeSpan.FromMilliseconds(12.7) }.Describe());
        Assert.Equal(", reason: Layer4 timeout, check duration: 0ms", new CheckResult(CheckStatus.Layer4TimedOut, 7).Describe());
    }
}
