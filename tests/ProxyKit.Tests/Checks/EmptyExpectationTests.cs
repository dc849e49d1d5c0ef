using System.Text;
using ProxyKit.Checks;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Tests.Checks;

/// <summary>Expectations made from what is not there: they are found in no answer, and not in every one.</summary>
public sealed class EmptyExpectationTests
{
    private static readonly Expression Nothing = Value.Format("%[var(check.none)]", use: FormatUse.Raw);

    [Theory]
    [InlineData(CheckPattern.Text, false)]
    [InlineData(CheckPattern.Text, true)]
    [InlineData(CheckPattern.Binary, false)]
    public async Task Text_or_bytes_that_come_out_empty_are_not_found(CheckPattern kind, bool isNegated)
    {
        var result = await CheckAsync(
            "alive\n", b => b.CheckTcp(c => c.Connect().Step(new ExpectStep { Kind = kind, PatternFormat = Nothing, IsNegated = isNegated })));

        Assert.Equal((CheckStatus.Layer7Invalid, "tcp-check expect : failed to build log-format string at step 2"), (result.Status, result.Info));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_that_comes_out_empty_is_not_found(bool isNegated) => Unmade(
        await CheckHttpAsync(new HttpExpectStep { Kind = HttpExpectation.Body, PatternFormat = Nothing, IsNegated = isNegated }));

    [Theory]
    [InlineData("beg")]
    [InlineData("sub")]
    [InlineData("end")]
    [InlineData("str")]
    public async Task Value_of_a_field_that_comes_out_empty_is_not_found(string way) => Unmade(
        await CheckHttpAsync(new HttpExpectStep { Kind = HttpExpectation.Header, Pattern = "x-state", ValueFormat = Nothing, ValueMatch = way }));

    [Fact]
    public async Task Name_of_a_field_that_comes_out_empty_is_not_found() => Unmade(
        await CheckHttpAsync(new HttpExpectStep { Kind = HttpExpectation.WholeHeader, PatternFormat = Nothing, NameMatch = "beg" }));

    private static void Unmade(CheckResult result) =>
        Assert.Equal((CheckStatus.Layer7Invalid, "http-check expect : failed to build log-format string at step 2"), (result.Status, result.Info));

    private static Task<CheckResult> CheckHttpAsync(HttpExpectStep expect) => CheckAsync(
        "HTTP/1.1 200 OK\r\nX-State: fine\r\nContent-Length: 2\r\n\r\nok", b => b.CheckHttp("GET", "/", c => c.Request(new HttpSendStep()).Step(expect)));

    private static async Task<CheckResult> CheckAsync(string answer, Action<BackendBuilder> configure) =>
        (await CheckedServer.CheckAsync(Encoding.ASCII.GetBytes(answer), configure, listens: answer.StartsWith("HTTP", StringComparison.Ordinal), closes: false)).Result;
}
