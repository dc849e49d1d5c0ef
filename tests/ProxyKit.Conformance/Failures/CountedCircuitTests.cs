using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Failures;

/// <summary>The circuit breaker that counters in a stick table make of a service, where it takes time: CB-14 to CB-16. The others of it are compared
/// with HAProxy's in <c>HAProxy/Cases/CircuitCases</c>.</summary>
public sealed class CountedCircuitTests : ConfiguredTest
{
    private const string Config = """
        frontend f
            bind 127.0.0.1:8080
            default_backend web
        backend web
            stick-table type string size 1 expire 30s store http_req_rate(10s),gpc0,gpc0_rate(10s),gpc1
            acl circuit_open be_name,table_gpc1 gt 0
            http-request return status 503 content-type "application/json" string "{ \"message\": \"Circuit Breaker tripped\" }" if circuit_open
            http-request track-sc0 be_name
            http-response sc-inc-gpc0(0) if { status ge 500 }
            http-response set-var(res.req_rate) sc_http_req_rate(0)
            http-response set-var(res.err_rate) sc_gpc0_rate(0)
            http-response sc-inc-gpc1(0) if { int(100),mul(res.err_rate),div(res.req_rate) gt 50 }
            server s1 {s1}
        """;

    [Fact]
    public async Task Open_circuit_closes_thirty_seconds_after_the_last_call_whatever_comes_meanwhile() // CB-14
    {
        var origin = await StartServiceAsync();
        await AskAsync("/fail");

        for (var second = 0.0; second < 30; second += 0.5)
        {
            Assert.Equal("application/json", (await AskAsync())["Content-Type"]);
            Time.Advance(TimeSpan.FromSeconds(0.5));
        }

        Assert.Equal(200, (await AskAsync()).Status);
        Assert.Equal(2, origin.Requests.Count);
    }

    [Fact]
    public async Task Call_that_ends_while_it_is_open_keeps_it_open_for_longer() // CB-15
    {
        var origin = await StartServiceAsync();
        var call = GetAsync("/hold");
        await origin.RequestAsync();
        await AskAsync("/fail"); // one of two is no reason
        await AskAsync("/fail");
        Assert.Equal(503, (await AskAsync()).Status);
        Time.Advance(TimeSpan.FromSeconds(20));
        Free();
        await call;
        await LoggedAsync(4);

        Time.Advance(TimeSpan.FromSeconds(29.5));
        Assert.Equal(503, (await AskAsync()).Status);

        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await AskAsync()).Status);
    }

    [Fact]
    public async Task All_calls_at_once_reach_the_service_once_it_is_closed() // CB-16
    {
        var origin = await StartServiceAsync();
        await AskAsync("/fail");
        Time.Advance(TimeSpan.FromSeconds(31));

        var calls = Enumerable.Range(0, 100).Select(_ => GetAsync("/hold")).ToArray();

        await origin.RequestAsync(101); // there is no trial first
        Free(100);
        Assert.All(await Task.WhenAll(calls), static r => Assert.Equal(200, r.Status));
    }

    private async Task<WireOrigin> StartServiceAsync()
    {
        var origin = Origin(async exchange =>
        {
            await (exchange.Request.Target == "/hold" ? FreedAsync() : Task.CompletedTask);
            await exchange.AnswerAsync(exchange.Request.Target == "/fail" ? "HTTP/1.1 500 X" : "HTTP/1.1 200 OK", "Content-Length: 0", "", "");
        });
        await StartAsync(Config, origin);
        return origin;
    }
}
