using System.Text.Json;
using System.Text.RegularExpressions;

namespace ProxyKit.Conformance.Samples;

/// <summary>What is logged, as the samples have it.</summary>
public sealed class LogSampleTests : SampleTest
{
    [Fact] // AL-11, AL-14, LG-11
    public async Task Line_has_what_it_is_told_to_have()
    {
        await StartSampleAsync("access-log", Origin(static exchange => exchange.AnswerAsync(
            "HTTP/1.1 200 OK", "Content-Type: text/plain;charset=utf-8", "Content-Length: 0", "", "")));

        await AskAsync("/a?secret=1", "Host: a-host-whose-name-is-long.example", "User-Agent: curl/8");

        var line = (await LoggedAsync()).Text;
        Assert.Matches(
            new Regex(@"^127\.0\.0\.1:\d+ \[[^\]]+\] gateway service/s1 \d+/\d+/\d+/\d+/\d+ 200 \d+ - - ---- 1/1/\d+/\d+/0 0/0 "
                + @"\{a-host-whose-name-is\|curl\} \{text/plain\} ""GET a-host-whose-name-is-long\.example/a HTTP/1\.1""$"),
            line);
    }

    [Fact] // LG-12, AL-17
    public async Task What_is_asked_every_second_is_not_logged()
    {
        await StartSampleAsync("access-log", OkOrigin());

        await AskAsync("/ping");
        await (await ConnectAsync()).DisposeAsync();
        await AskAsync("/other");

        Assert.Contains("/other", (await LoggedAsync()).Text, StringComparison.Ordinal);
    }

    [Fact] // LG-10
    public async Task Line_can_be_an_object_for_programs()
    {
        await StartSampleAsync("access-log", OkOrigin());

        await AskAsync("GET", "/a\"b", [], bind: 1);

        var entry = await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access");
        using var line = JsonDocument.Parse(entry.Message);
        Assert.Equal(("127.0.0.1", "/a\"b"), (line.RootElement.GetProperty("client").GetString(), line.RootElement.GetProperty("path").GetString()));
    }
}
