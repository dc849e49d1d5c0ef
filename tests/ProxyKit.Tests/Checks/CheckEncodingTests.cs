using System.Text;
using ProxyKit.Checks;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Tests.Checks;

/// <summary>Texts of checks beyond ASCII go as the bytes that a file has of them: UTF-8.</summary>
public sealed class CheckEncodingTests
{
    [Theory]
    [InlineData(CheckPattern.Text)]
    [InlineData(CheckPattern.Regex)]
    public async Task Text_of_an_answer_is_looked_for_in_UTF_8(CheckPattern kind) => Assert.Equal(
        (CheckStatus.Layer7Passed, "überprüft?"),
        await CheckAsync("läuft à jour\n", b => b.CheckTcp(c => c.Connect().Send("überprüft?").Step(new ExpectStep { Kind = kind, Pattern = "läuft à" }))));

    [Theory]
    [InlineData(HttpExpectation.Body, "läuft")]
    [InlineData(HttpExpectation.BodyRegex, "^läuft$")]
    public async Task Body_is_sent_and_looked_for_in_UTF_8(HttpExpectation kind, string pattern)
    {
        var (status, request) = await CheckAsync(
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nläuft",
            b => b.CheckHttp("POST", "/", c => c
                .Request(new HttpSendStep { Method = "POST", Target = "/à", Version = "HTTP/1.1", Headers = [new("X-Wer", "Zoë à")], Body = "geht's dir gut, Jörg?" })
                .Step(new HttpExpectStep { Kind = kind, Pattern = pattern })));

        Assert.Equal(CheckStatus.Layer7Passed, status);
        Assert.StartsWith("POST /à HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nx-wer: Zoë à\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\ncontent-length: 22\r\n", request, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\ngeht's dir gut, Jörg?", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_formats_make_goes_as_it_is()
    {
        var (status, request) = await CheckAsync(
            "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nläuft",
            b => b.CheckHttp("GET", "/", c => c
                .Request(new HttpSendStep
                {
                    TargetFormat = Value.Format("/%[str(à)]", use: FormatUse.Raw),
                    HeaderFormats = [new("X-Wer", Value.Format("%[str(Zoë)]", use: FormatUse.Raw))],
                })
                .Step(new HttpExpectStep { Kind = HttpExpectation.Body, PatternFormat = Value.Format("%[str(läuft)]", use: FormatUse.Raw) })));

        Assert.Equal(CheckStatus.Layer7Passed, status);
        Assert.StartsWith("OPTIONS /à HTTP/1.0\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\nx-wer: Zoë\r\n", request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("str", "grün à")]
    [InlineData("beg", "grü")]
    [InlineData("end", "ün à")]
    [InlineData("sub", "ü")]
    [InlineData("reg", "^gr(ü|ä)n à$")]
    public async Task Value_of_a_field_is_compared_in_UTF_8(string way, string value)
    {
        var (status, _) = await CheckAsync(
            "HTTP/1.1 200 OK\r\nX-State: grün à\r\nContent-Length: 0\r\n\r\n",
            b => b.CheckHttp("GET", "/", c => c
                .Request(new HttpSendStep())
                .Step(new HttpExpectStep { Kind = HttpExpectation.Header, Pattern = "x-state", Value = value, ValueMatch = way })));

        Assert.Equal(CheckStatus.Layer7Passed, status);
    }

    private static async Task<(CheckStatus Status, string Sent)> CheckAsync(string answer, Action<BackendBuilder> configure)
    {
        var (result, sent) = await CheckedServer.CheckAsync(Encoding.UTF8.GetBytes(answer), configure);
        return (result.Status, sent);
    }
}
