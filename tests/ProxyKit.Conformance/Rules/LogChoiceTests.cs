using Microsoft.Extensions.Logging;
using ProxyKit.Backends;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Conformance.Rules;

/// <summary>Which exchanges have a line in the access log, when, and at which level.</summary>
public abstract class LogChoiceTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Exchange_that_went_as_it_should_has_no_line_where_only_failures_do()
    {
        await StartAsync(OriginAnswering("HTTP/1.1 404 None", "Content-Length: 0", "", ""), frontend => frontend
            .Configure(o => o.LogsFailuresOnly = true).OnRequest(r => r.Deny(when: Match.Path("/no"))));
        var client = await ConnectAsync();

        Assert.Equal(404, (await GetAsync(client, "/none")).Status);
        Assert.Equal(403, (await GetAsync(client, "/no")).Status);

        Assert.Equal("GET /no HTTP/1.1", (await LoggedAsync()).Request); // the first line of all
    }

    [Theory]
    [InlineData(null)]
    [InlineData("%ci %ST")]
    public async Task Failures_are_errors_where_they_are_told_apart(string? format)
    {
        await StartAsync(
            OriginAnswering("HTTP/1.1 500 Broken", "Content-Length: 0", "", ""),
            frontend => frontend.Configure(o => (o.RaisesFailures, o.LogFormat) = (true, format)).OnRequest(r => r.Return(Reply.ErrorPage(404), Match.Path("/none"))));
        var client = await ConnectAsync();

        await GetAsync(client, "/none");
        await GetAsync(client, "/");

        var levels = new List<LogLevel>();
        await Log.WaitForAsync(entry =>
        {
            if (entry.Category == "ProxyKit.Access")
            {
                levels.Add(entry.Level);
            }

            return levels.Count == 2;
        });
        Assert.Equal([LogLevel.Information, LogLevel.Error], levels);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(AccessLogFormats.Http)]
    public async Task Response_that_takes_long_is_told_when_it_begins(string? format)
    {
        using var go = new Gate();
        var origin = Origin(async exchange =>
        {
            await exchange.AnswerRawAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            await go.PassAsync();
            await exchange.AnswerRawAsync("ok");
        });
        await StartAsync(origin, frontend => frontend.Configure(o => (o.LogsEarly, o.LogFormat) = (true, format)));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        var line = await LoggedAsync();
        go.Open();

        Assert.Matches(@" \d+/\d+/\d+/\d+/\+\d+ 200 \+\d+ - - ---- ", line.Text);
        Assert.Equal("ok", (await client.ReadResponseAsync()).Text);
        go.Open();
        Assert.Equal(200, (await GetAsync(client, "/next")).Status);
        Assert.Equal("GET /next HTTP/1.1", (await LoggedAsync(2)).Request); // the first has one line alone
    }

    [Fact]
    public async Task Tunnel_is_told_when_its_server_is_connected_to()
    {
        var origin = RawOrigin(static async wire => await wire.ReadToEndAsync());
        await StartAsync(origin, frontend => frontend.Mode(ProxyMode.Tcp).Configure(o => o.LogsEarly = true), backend => backend.Mode(ProxyMode.Tcp));
        await ConnectAsync();

        Assert.Matches(@" web/s1 \d+/\d+/\+\d+ \+0 -- ", (await LoggedAsync()).Text);
    }

    public sealed class OverSockets() : LogChoiceTests(Carrier.Sockets);

    public sealed class InMemory() : LogChoiceTests(Carrier.Memory);
}
