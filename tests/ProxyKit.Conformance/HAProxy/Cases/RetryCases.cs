using static ProxyKit.Conformance.HAProxy.ServerScript;

namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Which attempts are followed by another one, and where that goes. <c>x-l</c> has the retries as they are logged, and the server.</summary>
internal static class RetryCases
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine";

    public static IEnumerable<HAProxyCase> All =>
    [
        Two("a server that refuses is left at once", ["option redispatch"], first: "{dead}").Get("/").Get("/").Expect("x-l: +1 s2"),
        Two("no retries, and one that refuses", ["option redispatch", "retries 0"], first: "{dead}").Get("/").Expect("503", "x-l: 0 s1"),
        Two("nothing is retried on", ["option redispatch", "retry-on none"], first: "{dead}").Get("/").Expect("503", "x-l: 0 s1"),
        Two("failures to connect are not named", ["option redispatch", "retry-on empty-response"], first: "{dead}").Get("/").Expect("503"),
        Two("a server that refuses is tried again where none may be left", ["retries 2", "timeout connect 100ms"], first: "{dead}").Get("/").Expect("503", "x-l: 2 s1"),
        Two("redispatch 0 is none", ["retries 2", "option redispatch 0", "timeout connect 100ms"], first: "{dead}").Get("/").Expect("503", "x-l: 2 s1")
            .Newer("there it keeps requests alone that are bound"),
        Two("redispatch after a close", ["option redispatch", "retry-on empty-response"]).Serving("s1", Nothing).Get("/").Expect("x-l: +1 s2"),
        Two("the same server again after a close", ["retry-on empty-response"]).Serving("s1", Nothing, Ok).Get("/").Expect("x-l: 1 s1", "fine"),
        Two("a close that is not named", ["option redispatch", "retry-on conn-failure"]).Serving("s1", Nothing).Get("/").Expect("502", "x-l: 0 s1"),
        Two("redispatch after junk", ["option redispatch", "retry-on junk-response"]).Serving("s1", Junk).Get("/").Expect("x-l: +1 s2"),
        Two("junk that is not named", ["option redispatch", "retry-on conn-failure empty-response"]).Serving("s1", Junk).Get("/").Expect("502"),
        Two("redispatch after a silence", ["option redispatch", "retry-on response-timeout", "timeout server 200ms"]).Serving("s1", Silence).Get("/").Expect("x-l: +1 s2"),
        Two("a silence that is not named", ["option redispatch", "retry-on junk-response", "timeout server 200ms"]).Serving("s1", Silence).Get("/").Expect("504", "x-l: 0 s1"),
        Two("a status that is retried on", ["option redispatch", "retry-on 503"]).Serving("s1", Status(503)).Get("/").Get("/").Expect("x-l: +1 s2"),
        Two("statuses below 500", ["retries 9", "retry-on 401 403 404 408 425"])
            .Serving("s1", Status(401), Status(403), Status(404), Status(408), Status(425), Ok).Get("/").Expect("x-l: 5 s1", "fine"),
        Two("newer statuses", ["retries 9", "retry-on 421 429"]).Serving("s1", Status(421), Status(429), Ok).Get("/").Expect("x-l: 2 s1", "fine").Newer("it knows neither"),
        Two("a status that is not named", ["option redispatch", "retry-on 500 502 504"]).Serving("s1", Status(503)).Get("/").Expect("| 503", "x-l: 0 s1"),
        Two("the last answer is passed on as it came", ["retries 2", "retry-on 503"]).Serving("s1", Status(503), Status(503), Status(503), Ok).Get("/").Expect("| 503", "x-l: 2 s1"),
        Two("all that can be retried on", ["retries 9", "retry-on all-retryable-errors", "timeout server 200ms"])
            .Serving("s1", Nothing, Junk, Silence, Status(500), Status(502), Status(503), Status(504), Ok).Get("/").Expect("x-l: 7 s1", "fine"),
        Two("501 is none of all", ["retries 2", "retry-on all-retryable-errors"]).Serving("s1", Status(501), Ok).Get("/").Expect("| 501"),
        Two("early data that is rejected changes nothing else", ["option redispatch", "retry-on 0rtt-rejected"]).Serving("s1", Nothing).Get("/").Expect("502"),
        Two("no retries, and a status", ["retries 0", "retry-on 503"]).Serving("s1", Status(503), Ok).Get("/").Expect("| 503", "x-l: 0 s1"),
        Two("a body is sent again whole", ["option redispatch", "retry-on 503"]).Serving("s1", Status(503)).Post("/", "what was posted").Expect("x-l: +1 s2"),
        Two("a chunked body is sent again whole", ["option redispatch", "retry-on empty-response"]).Serving("s1", Nothing)
            .Raw("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").Expect("x-l: +1 s2"),
        Two("a rule has posts sent once", ["option redispatch", "retry-on 503", "http-request disable-l7-retry if METH_POST"]).Serving("s1", Status(503))
            .Post("/", "a").Get("/").Get("/").Expect("| 503", "x-l: +1 s2"),
        Two("what is sent once may still look for a server", ["option redispatch", "retry-on all-retryable-errors", "http-request disable-l7-retry"], first: "{dead}")
            .Post("/", "a").Expect("x-l: +1 s2"),
        Two("attempts of both kinds share a number", ["retries 1", "option redispatch", "retry-on conn-failure 503"], first: "{dead}")
            .Serving("s2", Status(503), Ok).Get("/").Expect("| 503", "x-l: +1 s2"),
        Bound("a bound request leaves with its last retry", ["retries 2", "option redispatch", "timeout connect 100ms"], first: "{dead}").Expect("x-l: +2 s2"),
        Bound("a bound request leaves with each retry", ["retries 2", "option redispatch 1"], first: "{dead}").Expect("x-l: +1 s2"),
        Bound("a bound request leaves with every second retry", ["retries 3", "option redispatch 2", "retry-on 503"]).Serving("s1", Status(503)).Expect("x-l: +2 s2"),
        Bound("a bound request leaves with the last retry but one", ["retries 3", "option redispatch -2", "retry-on 503"]).Serving("s1", Status(503)).Expect("x-l: +2 s2"),
        Bound("a bound request stays", ["retries 2", "retry-on 503"]).Serving("s1", Status(503), Status(503), Ok).Expect("x-l: 2 s1", "fine"),
        Bound("a bound request does not leave with redispatch 0", ["retries 1", "option redispatch 0", "retry-on 503"]).Serving("s1", Status(503)).Expect("| 503", "x-l: 1 s1"),
    ];

    /// <summary>A backend with two servers that take turns.</summary>
    private static HAProxyCase Two(string name, string[] lines, string first = "{s1}") => HAProxyCase.Of(
        name, Config(lines) + $"    server s1 {first}\n    server s2 {{s2}}\n");

    /// <summary>The same, with a client that a cookie binds to the first.</summary>
    private static HAProxyCase Bound(string name, string[] lines, string first = "{s1}") => HAProxyCase.Of(
        name, Config([.. lines, "cookie C insert"]) + $"    server s1 {first} cookie one\n    server s2 {{s2}} cookie two\n").Get("/", "Cookie: C=one");

    private static string Config(string[] lines) => $$"""
        frontend f
            bind 127.0.0.1:{port}
            default_backend b
        backend b
            balance roundrobin
            http-after-response set-header X-L "%rc %s"
        {{string.Concat(lines.Select(static l => $"    {l}\n"))}}
        """;
}
