using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.Resilience;
using ProxyKit.Runtime;

namespace ProxyKit.Tests.Runtime;

public sealed class HttpOptionsValidatorTests
{
    [Fact]
    public void Setting_about_HTTP_in_another_mode_is_told() => Assert.Equal(
        [
            "backend \"b\" > OddHeaderNames: is for HTTP only.",
            "backend \"b\" > PretendsKeepAlive: is for HTTP only.",
            "backend \"b\" > server \"s1\" > RedirectPrefix: is for HTTP only.",
            "frontend \"f\" > BuffersRequests: is for HTTP only.",
            "frontend \"f\" > KeepsIdleWhileDraining: is for HTTP only.",
        ],
        Faults(
            ProxyMode.Tcp,
            static f => (f.BuffersRequests, f.KeepsIdleWhileDraining, f.ResetsConnections) = (true, true, true),
            static b => (b.OddHeaderNames, b.PretendsKeepAlive, b.Servers[0].RedirectPrefix) = (OddHeaderNames.Delete, true, "http://x")));

    [Fact]
    public void Value_that_cannot_be_is_told() => Assert.Equal(
        [
            "MaxConnectionRate: 0 is out of range (1-2147483646).",
            "MaxTlsConnections: 0 is out of range (1 or more).",
            "ErrorStatuses: \"4xx\" is no list of statuses from 100 to 599, as 400-428,430-499 is.",
            "HeaderNames: \"a b\" (1) is no name of a header field.",
            "HeaderNames: \"etag\" (3) is there already.",
            "backend \"b\" > OddHeaderNames: 7 is none of Preserve, Delete, Reject.",
            "backend \"b\" > MaxKeepAliveQueue: -1 is out of range (0 or more).",
            "backend \"b\" > server \"s1\" > RedirectPrefix: has a space or a control character in it.",
            "frontend \"f\" > TcpKeepAlive > Idle: 00:00:00.5000000 is not 1 to 32767 whole seconds.",
            "frontend \"f\" > TcpKeepAlive > Probes: 0 is out of range (1-127).",
            "frontend \"f\" > MaxPrivateConnections: -1 is out of range (0 or more).",
        ],
        Faults(
            ProxyMode.Http,
            static f => (f.MaxPrivateConnections, f.TcpKeepAlive) = (-1, new() { Idle = TimeSpan.FromSeconds(0.5), Probes = 0 }),
            static b => (b.OddHeaderNames, b.MaxKeepAliveQueue, b.Servers[0].RedirectPrefix) = ((OddHeaderNames)7, -1, "http://x\r\n"),
            static o =>
            {
                (o.MaxConnectionRate, o.MaxTlsConnections, o.ErrorStatuses) = (0, 0, "4xx");
                o.HeaderNames.Add("a b");
                o.HeaderNames.Add("ETag");
                o.HeaderNames.Add("etag");
            }));

    [Fact]
    public void Server_that_gets_no_requests_cannot_be_hedged_with() => Assert.Equal(
        ["backend \"b\" > server \"s1\" > RedirectPrefix: cannot go together with Hedge, which would send the server requests that it is never to get."],
        Faults(ProxyMode.Http, static _ => { }, static b => (b.Hedge, b.Servers[0].RedirectPrefix) = (new HedgeOptions(), "http://x")));

    private static IReadOnlyList<string> Faults(
        ProxyMode mode, Action<FrontendOptions> frontend, Action<BackendOptions> backend, Action<ProxyOptions>? proxy = null)
    {
        var builder = new ProxyBuilder()
            .AddFrontend("f", f => f.Mode(mode).Bind("*:80").DefaultBackend("b").Configure(frontend))
            .AddBackend("b", b => b.Mode(mode).AddServer("s1", "10.0.0.1:80").Configure(backend));
        return ProxyOptionsValidator.Validate(builder.Configure(o => proxy?.Invoke(o)).Build());
    }
}
