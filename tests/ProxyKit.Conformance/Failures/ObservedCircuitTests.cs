using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Failures;

/// <summary>The circuit breaker that passive checks make of a server: <c>observe layer7</c> with <c>on-error mark-down</c>. CB-01 to CB-08.</summary>
public sealed class ObservedCircuitTests : ConfiguredTest
{
    private const string Circuit = "default-server maxconn 30 check observe layer7 error-limit 50 on-error mark-down inter 1s rise 30 slowstart 20s";

    private const string Config = $$"""
        frontend f
            bind 127.0.0.1:8080
            default_backend web
        backend web
            option httpchk GET /up
            {{Circuit}}
            use-server s1 if { path_beg /1 }
            use-server s2 if { path_beg /2 }
            server s1 {s1}
            server s2 {s2}
        """;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private volatile int _status = 200, _probe = 200; // what calls get, and what checks of the first server do

    [Fact]
    public void Settings_of_the_article_are_read() // CB-01
    {
        var read = Read(Config, OkOrigin(), OkOrigin());

        Assert.True(read.IsValid, read.ToString());
        var server = read.Options.Backends[0].Servers[1];
        Assert.Equal(30, server.MaxConnections);
        Assert.Equal((ObservedLayer.Responses, 50, ErrorReaction.MarkDown), (server.Observe!.Layer, server.Observe.ErrorLimit, server.Observe.Reaction));
        Assert.Equal((Second, 30), (server.Check!.Interval, server.Check.Rise));
        Assert.Equal(TimeSpan.FromSeconds(20), server.SlowStart);
    }

    [Fact]
    public async Task Fifty_failures_in_a_row_open_it_and_one_success_begins_anew() // CB-02
    {
        var first = await StartTwoAsync();
        await CallAsync(49, 500);
        await CallAsync(1, 200);
        await CallAsync(49, 500);
        Assert.Equal("UP", Server().Status);

        await CallAsync(1, 500);

        Assert.Equal("DOWN", Server().Status);
        Assert.Equal("s2", (await AskAsync("/1")).Text);
        Assert.Equal(100, CallsOf(first));
    }

    [Fact]
    public async Task Status_tells_the_settings_that_it_knows() // CB-01
    {
        await StartTwoAsync();
        Assert.Equal((30, "UP"), (Proxy.GetStatistics().Server("web", "s1").SessionLimit, Server().Status));

        await CallAsync(50, 500);
        await PassAsync(Second);

        Assert.Equal("DOWN 1/30", Server().Status);
    }

    [Fact]
    public async Task Call_that_is_under_way_when_it_opens_comes_to_its_end() // CB-03
    {
        var origin = Origin(async exchange =>
        {
            await (exchange.Request.Target == "/1/slow" ? FreedAsync() : Task.CompletedTask);
            await exchange.AnswerAsync($"HTTP/1.1 {(exchange.Request.Target == "/1" ? 500 : 200)} X", "Content-Length: 2", "", "s1");
        });
        await StartAsync(Config, origin, Switched("s2", static () => 200));
        await PassAsync(Second);
        var slow = GetAsync("/1/slow");
        await UntilAsync(() => origin.Requests.Any(static r => r.Target == "/1/slow"));

        await CallAsync(50, 500);
        Assert.Equal("DOWN", Server().Status);
        Free();

        Assert.Equal((200, "s1"), await slow is var r ? (r.Status, r.Text) : default);
    }

    [Fact]
    public async Task Callers_notice_nothing_while_another_server_is_there() // CB-04
    {
        await StartTwoAsync();
        await CallAsync(50, 500);

        Assert.Equal(20, await ShareAsync("s2", 20));

        await CallAsync(50, 500, "/2");
        var response = await AskAsync();
        Assert.Equal(503, response.Status);
        Assert.Contains("No server is available", response.Text, StringComparison.Ordinal);
        var line = await LoggedAsync(121);
        Assert.Equal(("SC", "web/<NOSRV>", 0), (line.End, line.Server, line.Duration));
    }

    [Fact]
    public async Task Thirty_checks_in_a_row_have_to_pass_before_calls_do() // CB-05, CB-07
    {
        var first = await StartTwoAsync();
        await CallAsync(50, 500);
        (_status, _probe) = (200, 500);
        await PassAsync(3 * Second);
        var calls = CallsOf(first);

        _probe = 200;
        await PassAsync(20 * Second);
        Assert.Equal("DOWN 20/30", Server().Status);
        _probe = 500;
        await PassAsync(Second);
        Assert.Equal("DOWN", Server().Status);
        _probe = 200;
        for (var passed = 1; passed < 30; passed++)
        {
            await PassAsync(Second);
            Assert.Equal($"DOWN {passed}/30", Server().Status);
            Assert.Equal("s2", (await AskAsync("/1")).Text);
        }

        Assert.Equal(calls, CallsOf(first)); // checks and nothing else
        await PassAsync(Second);
        Assert.Equal("s1", (await AskAsync("/1")).Text);
    }

    [Fact]
    public async Task Server_that_is_back_gets_its_calls_little_by_little() // CB-06, HC-25
    {
        await StartTwoAsync();
        Assert.Equal(42, await ShareAsync("s1", 84)); // at the start it has all of its share
        await CallAsync(50, 500);
        _status = 200;
        await PassAsync(30 * Second);
        Assert.Equal("UP", Server().Status);

        await PassAsync(5 * Second);
        Assert.InRange(await ShareAsync("s1", 84), 15, 21); // 5 of 21, and not 1 of 2

        await PassAsync(20 * Second);
        Assert.Equal(42, await ShareAsync("s1", 84));
    }

    [Fact]
    public async Task Server_never_has_more_than_its_limit_to_do() // CB-08
    {
        var origin = Origin(async exchange =>
        {
            await (exchange.Request.Target == "/up" ? Task.CompletedTask : FreedAsync());
            await exchange.AnswerOkAsync();
        });
        await StartAsync(Config, origin, OkOrigin());
        var calls = Enumerable.Range(0, 40).Select(_ => GetAsync("/1")).ToArray();

        await UntilAsync(() => Server().QueuedRequests == 10);

        Assert.Equal(30, Server().ActiveRequests);
        Free(40);
        Assert.All(await Task.WhenAll(calls), static r => Assert.Equal(200, r.Status));
    }

    private async Task<WireOrigin> StartTwoAsync()
    {
        var first = Switched("s1", () => _probe);
        await StartAsync(Config, first, Switched("s2", static () => 200));
        await PassAsync(Second);
        return first;
    }

    private WireOrigin Switched(string name, Func<int> probe) => Origin(exchange =>
        exchange.AnswerAsync($"HTTP/1.1 {(exchange.Request.Target == "/up" ? probe() : _status)} X", "Content-Length: 2", "", name));

    private async Task CallAsync(int calls, int status, string target = "/1")
    {
        _status = status;
        for (var i = 0; i < calls; i++)
        {
            await AskAsync(target);
        }

        _status = 200;
    }

    private static int CallsOf(WireOrigin origin) => origin.Requests.Count(static r => r.Target != "/up");
}
