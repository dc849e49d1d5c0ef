using System.Globalization;
using ProxyKit.Checks;

namespace ProxyKit.Conformance.Samples;

/// <summary>Servers that fail and come back, as the samples have it.</summary>
public sealed class HealthSampleTests : SampleTest
{
    private volatile int _status = 200;

    [Fact] // HC-03, HC-07, HC-09, HC-24
    public async Task Server_leaves_after_three_bad_checks_and_comes_back_after_two_good_ones()
    {
        var (first, second) = (Checked("s1"), Checked("s2"));
        await StartSampleAsync("health-checks", first, second, Named("sorry"));
        var check = await AdvanceUntilAsync(first.RequestAsync());
        Assert.Equal(("GET", "/check", "www.example"), (check.Method, check.Target, check["host"]));

        _status = 404;
        await AdvanceUntilAsync(() => Find("service", "s1").Status == "DOWN");
        await AdvanceUntilAsync(() => Find("service", "s2").Status == "DOWN");
        Assert.Equal("sorry", (await AskAsync("/")).Text);

        _status = 301;
        await AdvanceUntilAsync(() => Find("service", "s1").Status == "UP");
        await AdvanceUntilAsync(() => Find("service", "s2").Status == "UP");
        Assert.NotEqual("sorry", (await AskAsync("/")).Text);
    }

    [Fact] // HC-11, HC-12, HC-14
    public async Task Ten_bad_responses_in_a_row_take_a_server_out()
    {
        var (first, second) = (Checked("s1"), Named("s2"));
        await StartSampleAsync("passive-checks", first, second);
        await AdvanceUntilAsync(() => Find("service", "s1").LastCheck is not null); // the first check found it well
        _status = 500;

        var failed = 0;
        for (var i = 0; i < 60 && Find("service", "s1").IsUp; i++)
        {
            failed += (await AskAsync("/")).Status == 500 ? 1 : 0;
        }

        Assert.Equal(10, failed);
        var before = first.Requests.Count;
        Assert.Equal(Runs((10, 200)), await StatusesAsync(10, "/"));
        Assert.Equal(before, first.Requests.Count);

        _status = 200;
        await AdvanceUntilAsync(() => Find("service", "s1").Status == "UP");
    }

    [Fact] // HC-16 to HC-19
    public async Task Agent_halves_a_servers_share_and_takes_it_out_for_newcomers()
    {
        var word = "50%";
        var agent = RawOrigin(wire => wire.SendAsync($"{Volatile.Read(ref word)}\n"));
        await StartSampleAsync(
            "agent-checks",
            text => text.Replace("agent-port 9777", $"agent-addr 127.0.0.1 agent-port {agent.Port}", StringComparison.Ordinal),
            Named("s1"),
            Named("s2"));
        await AdvanceUntilAsync(() => Find("service", "s1").Weight == 50);
        var answers = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            answers.Add((await AskAsync("/")).Text);
        }

        Assert.Equal(10, answers.Count(static a => a == "s1"));

        Volatile.Write(ref word, "drain");
        await AdvanceUntilAsync(() => Find("service", "s1").Status == "DRAIN (agent)");
        Assert.Equal("s2", (await AskAsync("/")).Text);

        Volatile.Write(ref word, "ready 100%");
        await AdvanceUntilAsync(() => Find("service", "s1").Status is "UP" or "no check" && Find("service", "s1").Weight == 100);
    }

    [Fact] // HC-23
    public async Task Monitor_fails_when_too_few_servers_are_left()
    {
        var origin = Named("s1");
        await StartSampleAsync("monitoring", origin, Named("s2"));

        Assert.Equal(200, (await AskAsync("/healthz")).Status);
        Proxy.SetServerHealth("service", "s2", ForcedHealth.Down);
        Assert.Equal(503, (await AskAsync("/healthz")).Status);
        Assert.Empty(origin.Requests);
    }

    [Fact] // HC-22
    public async Task Surplus_is_told_to_come_back_at_once()
    {
        using var gate = new Gate();
        var origin = Origin(async exchange =>
        {
            await gate.PassAsync();
            await exchange.AnswerOkAsync();
        });
        await StartSampleAsync("monitoring", origin, origin);
        var asking = new List<Task<WireMessage>>();
        for (var i = 0; i < 6; i++)
        {
            asking.Add(AskAsync("/"));
            await UntilAsync(() => Find("service", "s1").ActiveRequests + Find("service", "s2").ActiveRequests + Proxy.GetQueuedRequests("service") == Math.Min(i + 1, 5) || asking[i].IsCompleted);
        }

        var surplus = await asking[5]; // two are served and three wait: more than one for each server
        Assert.Equal((503, "5"), (surplus.Status, surplus["retry-after"]));
        gate.Open(5);
        Assert.All(await Task.WhenAll(asking[..5]), static r => Assert.Equal(200, r.Status));
    }

    [Fact] // CB-01, CB-02, CB-05
    public async Task Fifty_bad_responses_in_a_row_open_a_servers_circuit_until_thirty_checks_went_well()
    {
        var (first, second) = (Checked("s1"), Named("s2"));
        await StartSampleAsync("circuit-breaker-by-server", first, second);
        await AdvanceUntilAsync(() => Find("service", "s1").LastCheck is not null);
        _status = 500;
        var failed = 0;
        for (var i = 0; i < 200 && Find("service", "s1").IsUp; i++)
        {
            failed += (await AskAsync("/")).Status == 500 ? 1 : 0;
        }

        Assert.Equal(50, failed);
        Assert.Equal(Runs((5, 200)), await StatusesAsync(5, "/")); // CB-04
        _status = 200;
        var before = first.Connections;
        await AdvanceUntilAsync(() => Find("service", "s1").IsUp);

        Assert.Equal(30, first.Connections - before);
    }

    /// <summary>An origin that answers checks and clients with the status of the moment.</summary>
    private WireOrigin Checked(string name) => Origin(exchange => exchange.AnswerAsync(
        string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {_status} Status"), $"Content-Length: {name.Length}", "", name));

    private Server Find(string backend, string name) => Proxy.GetServers(backend).Single(s => s.Name == name);
}
