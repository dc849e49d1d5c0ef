using ProxyKit.Checks;
using ProxyKit.Transport;

namespace ProxyKit.Conformance.Checks;

/// <summary>How many errors of clients' requests it takes, and what they cost: HC-11 to HC-14.</summary>
public sealed class ObservationTests : ProbedTest
{
    private static readonly TimeSpan Sooner = 1.1 * Second; // a fastinter of one second, counted from an error

    [Fact] // HC-11, HC-12, HC-14
    public async Task Ten_errors_in_a_row_take_a_server_out_and_good_probes_alone_bring_it_back()
    {
        var origin = await StartObservedAsync("rise 3 observe layer7 error-limit 10 on-error mark-down");
        foreach (var (status, calls) in new[] { (404, 50), (499, 10), (501, 10), (505, 10), (502, 9), (200, 1), (502, 9), (302, 1), (500, 3), (503, 3), (504, 3) })
        {
            await CallAsync(status, calls);
            Assert.Equal("UP", Server().Status);
        }

        await CallAsync(502, 1);
        Assert.Equal(("DOWN", CheckStatus.ErrorsObserved), (Server().Status, Server().LastCheck?.Status));
        var before = (Calls: CallsOf(origin), Probes: ProbesOf(origin));
        Assert.Equal("s2", (await AskAsync("/1")).Text);

        for (var passed = 1; passed < 3; passed++)
        {
            await PassAsync(Sooner);
            Assert.Equal($"DOWN {passed}/3", Server().Status);
            Assert.Equal("s2", (await AskAsync("/1")).Text);
        }

        await PassAsync(Sooner);
        Assert.Equal(("UP", "s1"), (Server().Status, (await AskAsync("/1")).Text));
        Assert.Equal((before.Calls + 1, before.Probes + 3), (CallsOf(origin), ProbesOf(origin)));
    }

    [Theory] // HC-13
    [InlineData("on-error fastinter", "UP", 3)]
    [InlineData("on-error fail-check", "UP 2/3", 2)]
    [InlineData("", "UP 2/3", 2)]
    [InlineData("on-error sudden-death", "UP 1/3", 1)]
    [InlineData("on-error mark-down", "DOWN", 0)]
    public async Task Errors_cost_what_the_reaction_says_and_bring_the_next_probe_sooner(string reaction, string status, int probes)
    {
        var origin = await StartObservedAsync($"observe layer7 error-limit 4 {reaction}");
        await CallAsync(500, 3);
        Assert.Equal("UP", Server().Status);
        await CallAsync(500, 1);
        Assert.Equal(status, Server().Status);

        Probe = 500;
        var before = ProbesOf(origin);
        for (var probe = 0; probe < probes; probe++)
        {
            Assert.NotEqual("DOWN", Server().Status);
            await PassAsync(Sooner); // where the next one had two minutes
        }

        Assert.Equal(("DOWN", probes), (Server().Status, ProbesOf(origin) - before));
    }

    [Fact] // HC-13
    public async Task Errors_are_counted_anew_behind_a_reaction_and_behind_a_good_probe()
    {
        await StartObservedAsync("observe layer7 error-limit 4");
        await CallAsync(500, 4 + 3);
        Assert.Equal("UP 2/3", Server().Status);
        await CallAsync(500, 1);
        Assert.Equal("UP 1/3", Server().Status);

        await CallAsync(500, 3);
        await PassAsync(Sooner);
        Assert.Equal("UP", Server().Status);
        await CallAsync(500, 3);
        Assert.Equal("UP", Server().Status);
        await CallAsync(500, 1);
        Assert.Equal("UP 2/3", Server().Status);
    }

    [Theory] // HC-11
    [InlineData(4, "DOWN")]
    [InlineData(5, "UP")]
    public async Task Connections_that_fail_count_each_and_one_that_stands_begins_anew(int limit, string status)
    {
        var served = OkOrigin();
        var refused = 0;
        Network.Connecting = (options, _) => new(
            options.EndPoint.Equals(served.EndPoint) && Interlocked.Decrement(ref refused) >= 0 ? TransportError.Refused : TransportError.None);
        await StartAsync($$"""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                retries 3
                no option redispatch
                http-reuse never
                server s1 {s1} check port {p2} inter 1h observe layer4 error-limit {{limit}} on-error mark-down
            """, served, OkOrigin());
        await PassAsync(Second);

        refused = 3;
        Assert.Equal(200, (await AdvanceUntilAsync(AskAsync())).Status);
        Assert.Equal("UP", Server().Status);
        refused = 4;
        Assert.Equal(503, (await AdvanceUntilAsync(AskAsync())).Status);

        Assert.Equal(status, Server().Status);
    }

    [Fact] // HC-11
    public async Task Connection_that_its_server_closes_while_it_is_idle_is_no_error()
    {
        var origin = Origin(async exchange =>
        {
            if (exchange is { ConnectionNumber: 1, RequestNumber: 2 })
            {
                exchange.Close();
                return;
            }

            await exchange.AnswerOkAsync();
        });
        await StartAsync("""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                http-reuse always
                server s1 {s1} check port {p2} inter 1h observe layer7 error-limit 1 on-error mark-down
            """, origin, OkOrigin());
        await PassAsync(Second);

        Assert.Equal(200, (await AskAsync()).Status);
        Assert.Equal(200, (await AskAsync()).Status);

        Assert.Equal((2, 3, "UP"), (origin.Connections, origin.Requests.Count, Server().Status));
    }

    private Task<WireOrigin> StartObservedAsync(string observe) => StartProbedAsync($"inter 2m fastinter 1s downinter 1s {observe}");

    private async Task CallAsync(int status, int calls)
    {
        Status = status;
        for (var i = 0; i < calls; i++)
        {
            var response = await AskAsync("/1");
            Assert.Equal((status, "s1"), (response.Status, response.Text));
        }

        Status = 200;
    }

    private static int CallsOf(WireOrigin origin) => origin.Requests.Count - ProbesOf(origin);
}
