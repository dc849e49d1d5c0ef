using ProxyKit.Checks;

namespace ProxyKit.Conformance.Samples;

/// <summary>Clients that stay with a server, as the samples have it.</summary>
public sealed class StickySampleTests : SampleTest
{
    [Fact] // ST-01 to ST-04
    public async Task Cookie_keeps_a_client_with_its_server_and_the_server_does_not_see_it()
    {
        WireOrigin Shop(string name) => Origin(exchange => exchange.AnswerAsync("HTTP/1.1 200 OK", "ETag: \"1\"", $"Content-Length: {name.Length}", "", name));
        var (first, second) = (Shop("server1"), Shop("server2"));
        await StartSampleAsync("sticky-cookie", first, second);

        var met = await AskAsync("/");
        Assert.Equal($"SERVERID={met.Text}; path=/", met["set-cookie"]);
        Assert.Contains("private", met["cache-control"], StringComparison.Ordinal);
        for (var i = 0; i < 20; i++)
        {
            var next = await AskAsync("/", $"Cookie: a=1; SERVERID={met.Text}; b=2");
            Assert.Equal((met.Text, null, null), (next.Text, next["set-cookie"], next["cache-control"]));
        }

        var seen = met.Text == "server1" ? first : second;
        Assert.Equal("a=1; b=2", seen.Requests[^1]["cookie"]);
        Assert.Contains(" --NI ", (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message, StringComparison.Ordinal);
    }

    [Fact] // ST-05, ST-06
    public async Task Cookie_of_nobody_or_of_a_server_that_is_gone_is_replaced()
    {
        await StartSampleAsync("sticky-cookie", Named("server1"), Named("server2"));

        Assert.NotNull((await AskAsync("/", "Cookie: SERVERID=zzz"))["set-cookie"]);
        Proxy.SetServerHealth("shop", "server1", ForcedHealth.Down);
        var moved = await AskAsync("/", "Cookie: SERVERID=server1");

        Assert.Equal(("server2", "SERVERID=server2; path=/"), (moved.Text, moved["set-cookie"]));
    }

    [Fact] // ST-06
    public async Task Server_that_cannot_be_reached_is_left_for_another()
    {
        var first = Named("server1");
        await StartSampleAsync("sticky-cookie", first, Named("server2"));
        first.StopListening();

        var moved = await AdvanceUntilAsync(AskAsync("/", "Cookie: SERVERID=server1"));

        Assert.Equal(("server2", "SERVERID=server2; path=/"), (moved.Text, moved["set-cookie"]));
    }

    [Fact] // ST-07
    public async Task Server_that_is_drained_keeps_those_it_has()
    {
        await StartSampleAsync("sticky-cookie", Named("server1"), Named("server2"));
        Proxy.SetServerMode("shop", "server1", ServerMode.Drain);

        Assert.Equal("server1", (await AskAsync("/", "Cookie: SERVERID=server1")).Text);
        Assert.Equal(["server2", "server2"], [(await AskAsync("/")).Text, (await AskAsync("/")).Text]);
    }

    [Fact] // ST-12
    public async Task Newcomers_are_spread_evenly()
    {
        var (first, second) = (Named("server1"), Named("server2"));
        await StartSampleAsync("sticky-cookie", first, second);

        await StatusesAsync(20, "/");

        Assert.Equal((10, 10), (first.Requests.Count, second.Requests.Count));
    }

    [Fact] // ST-11
    public async Task Session_of_the_application_is_remembered_until_it_expires()
    {
        WireOrigin Shop(string name) => Origin(exchange => exchange.AnswerAsync(
            "HTTP/1.1 200 OK", $"Set-Cookie: session={name}-1; path=/", $"Content-Length: {name.Length}", "", name));
        await StartSampleAsync("sticky-table", Shop("server1"), Shop("server2"));
        var met = (await AskAsync("/")).Text;

        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(met, (await AskAsync("/", $"Cookie: session={met}-1")).Text);
        }

        Pass(31 * 60);
        var seen = new HashSet<string>();
        for (var i = 0; i < 4; i++)
        {
            seen.Add((await AskAsync("/", $"Cookie: session={met}-1")).Text);
            Pass(31 * 60);
        }

        Assert.Equal(2, seen.Count);
    }
}
