using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Checks;

/// <summary>A server <c>s1</c> whose clients and probes get what the test says, beside one that is always well.</summary>
public abstract class ProbedTest : ConfiguredTest
{
    private volatile int _status = 200, _probe = 200;

    /// <summary>One second.</summary>
    protected static TimeSpan Second { get; } = TimeSpan.FromSeconds(1);

    /// <summary>What clients get of <c>s1</c>.</summary>
    protected int Status
    {
        get => _status;
        set => _status = value;
    }

    /// <summary>What its probes get, which ask for <c>/up</c>.</summary>
    protected int Probe
    {
        get => _probe;
        set => _probe = value;
    }

    /// <summary>Starts a proxy whose server <c>s1</c> is checked so, and has passed once; <c>/1</c> goes there while it is up.</summary>
    protected async Task<WireOrigin> StartProbedAsync(string check)
    {
        var origin = Switched("s1");
        await StartAsync($$"""
            frontend f
                bind 127.0.0.1:8080
                default_backend web
            backend web
                option httpchk GET /up
                use-server s1 if { path /1 }
                server s1 {s1} check {{check}}
                server s2 {s2}
            """, origin, Origin(static e => e.AnswerOkAsync("s2")));
        await PassAsync(Second);
        Assert.Equal(("UP", 1), (Server().Status, ProbesOf(origin)));
        return origin;
    }

    /// <summary>An origin that is as <see cref="Status"/> and <see cref="Probe"/> say.</summary>
    protected WireOrigin Switched(string name) => Origin(exchange => exchange.AnswerAsync(
        $"HTTP/1.1 {(exchange.Request.Target == "/up" ? _probe : _status)} X", $"Content-Length: {name.Length}", "", name));

    /// <summary>How often it was probed.</summary>
    protected static int ProbesOf(WireOrigin origin) => origin.Requests.Count(static r => r.Target == "/up");
}
