namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Circuit breakers made of counters in a stick table, by the ids of the article's behaviours. What takes time stands in
/// <c>Failures/CountedCircuitTests</c>.</summary>
internal static class CircuitCases
{
    private const string Table = "stick-table type string size 1 expire 30s store http_req_rate(10s),gpc0,gpc0_rate(10s),gpc1";
    private const string IsOpen = "acl circuit_open be_name,table_gpc1 gt 0", Track = "http-request track-sc0 be_name";
    private const string Answer = "http-request return status 503 content-type \"application/json\" string \"{ \\\"message\\\": \\\"Circuit Breaker tripped\\\" }\" if circuit_open";
    private const string Tripped = "{ \"message\": \"Circuit Breaker tripped\" }";
    private const string Rates = "http-response set-header X-Rates \"%[sc_http_req_rate(0)] %[sc_gpc0_rate(0)] %[sc_get_gpc0(0)] %[sc_get_gpc1(0)]\"";

    private static readonly string[] Judge =
    [
        "http-response sc-inc-gpc0(0) if { status ge 500 }",
        "http-response set-var(res.req_rate) sc_http_req_rate(0)",
        "http-response set-var(res.err_rate) sc_gpc0_rate(0)",
        "http-response sc-inc-gpc1(0) if { int(100),mul(res.err_rate),div(res.req_rate) gt 50 }",
    ];

    public static HAProxyCase[] All =>
    [
        Fails(HAProxyCase.Of(
            "CB-09 a protected service has one row",
            Frontend(
                "http-request return content-type text/plain lf-string \"<%[table_cnt(b)] %[str(b),table_http_req_rate(b)] %[str(b),table_gpc0(b)] "
                + "%[str(b),table_gpc0_rate(b)] %[str(b),table_gpc1(b)]>\" if { path /state }")
            + Backend([Table, IsOpen, Answer, Track, .. Judge])))
            .Get("/").Get("/a").Get("/fail").Get("/state").Get("/fail").Get("/fail").Get("/state").Expect("<1 3 1 1 0>", "<1 5 3 3 1>"),
        Circuit("CB-10 an open circuit answers, and the service sees nothing").Get("/fail").Get("/").Get("/fail").Expect("503 Service Unavailable", "application/json", Tripped),
        Circuit("CB-11 requests and failures are counted", Rates).Get("/").Again(6).Get("/fail").Again(2).Expect("x-rates: 10 3 3 0"),
        Circuit("CB-12 half of them is not too many, and one more is", Rates).Get("/").Again(4).Get("/fail").Again(4).Get("/").Get("/fail").Again(1).Get("/")
            .Expect("x-rates: 10 5 5 0", "x-rates: 12 6 6 0", "x-rates: 13 7 7 1", Tripped),
        Circuit("CB-12 54 % of 11").Get("/").Again(4).Get("/fail").Again(5).Get("/").Expect(Tripped),
        Circuit("CB-12 50.98 % of 51 is 50", Rates).Get("/").Again(24).Get("/fail").Again(26).Get("/").Expect("x-rates: 51 26 26 0", "x-rates: 52 27 27 1", Tripped),
        Fails(HAProxyCase.InBackend("CB-13 failures that the proxy counts by itself", [.. CountedByProxy, "http-response set-header X-Rate %[sc_http_fail_rate(0)]"]))
            .Get("/fail").Get("/").Expect("x-rate: 1", Tripped),
        Fails(HAProxyCase.InBackend("CB-13 501 and 505 are no failures", [.. CountedByProxy, "http-response set-header X-Rate %[sc_http_fail_rate(0)]"]))
            .Get("/501").Again(3).Get("/").Expect("x-rate: 0", "200 OK"),
        Circuit("CB-13 501 is one where rules count").Get("/501").Get("/").Expect(Tripped),
        Fails(HAProxyCase.Of(
            "CB-13 responses that are none are counted",
            Frontend("http-request return content-type text/plain lf-string <%[str(b),table_http_fail_rate(b)]> if { path /state }") + """
            backend b
                retries 0
                timeout server 300ms
                stick-table type string size 1 expire 30s store http_fail_rate(10s)
                http-request track-sc0 be_name
                server s1 {s1}

            """)).Serving("s1", ServerScript.Nothing, ServerScript.Junk, ServerScript.Silence)
            .Get("/").Get("/state").Get("/").Get("/state").Get("/").Get("/state").Expect("<1>", "<2>", "504", "<3>"),
        Fails(HAProxyCase.Of(
            "CB-13 connections that fail are not counted",
            Frontend("http-request return content-type text/plain lf-string <%[str(b),table_http_fail_rate(b)]> if { path /state }") + """
            backend b
                retries 0
                stick-table type string size 1 expire 30s store http_fail_rate(10s)
                http-request track-sc0 be_name
                server s1 {dead}

            """)).Get("/").Get("/state").Expect("503", "<0>"),
        Circuit("CB-17 one failure of one call is enough").Get("/fail").Get("/").Expect(Tripped),
        Fails(HAProxyCase.InBackend("CB-18 an open circuit redirects", [Table, IsOpen, "http-request redirect location /sorry code 302 if circuit_open", Track, .. Judge]))
            .Get("/fail").Get("/").Expect("302", "location: /sorry"),
        Fails(HAProxyCase.InBackend(
            "CB-18 an open circuit has a page", [Table, IsOpen, "http-request return status 200 content-type text/html file {dir}/sorry.html if circuit_open", Track, .. Judge]))
            .File("sorry.html", "<p>later</p>\n").Get("/fail").Get("/").Expect("<p>later</p>"),
        Fails(HAProxyCase.Of(
            "CB-18 another backend while the circuit is open",
            Frontend("use_backend spare if { str(b),table_gpc1(b) gt 0 }") + Backend([Table, Track, .. Judge]) + "backend spare\n    server s2 {s2}\n"))
            .Get("/").Get("/fail").Again(1).Get("/").Expect("s2 received: GET /"),
        Fails(HAProxyCase.InBackend(
            "CB-19 one bad address does not close the rest",
            ["stick-table type string len 128 size 100 expire 30s store http_req_rate(10s),gpc0,gpc0_rate(10s),gpc1", "acl circuit_open base,table_gpc1 gt 0", Answer,
                "http-request track-sc0 base", .. Judge]))
            .Get("/fail").Get("/fail").Get("/good").Expect(Tripped, "GET /good"),
        Fails(HAProxyCase.Of(
            "CB-20 an open circuit is closed by hand",
            Frontend("http-request track-sc1 str(b) table b if { path /close }", "http-request return content-type text/plain lf-string <%[sc1_clr_gpc1]> if { path /close }")
            + Backend([Table, IsOpen, Answer, Track, .. Judge])))
            .Get("/fail").Get("/").Get("/close").Get("/").Expect(Tripped, "<1>", "s1 received: GET / HTTP/1.1"),
    ];

    private static string[] CountedByProxy =>
    [
        "stick-table type string size 1 expire 30s store http_req_rate(10s),http_fail_rate(10s),gpc1", IsOpen, Answer, Track,
        "http-response set-var(res.req_rate) sc_http_req_rate(0)", "http-response set-var(res.err_rate) sc_http_fail_rate(0)",
        "http-response sc-inc-gpc1(0) if { int(100),mul(res.err_rate),div(res.req_rate) gt 50 }",
    ];

    private static HAProxyCase Circuit(string name, params string[] more) =>
        Fails(HAProxyCase.InBackend(name, [Table, IsOpen, Answer, Track, .. Judge, .. more]));

    private static HAProxyCase Fails(HAProxyCase @case) => @case
        .AnsweringTo("/fail", "HTTP/1.1 500 Internal Server Error", "Content-Length: 0", "", "")
        .AnsweringTo("/501", "HTTP/1.1 501 Not Implemented", "Content-Length: 0", "", "");

    private static string Frontend(params string[] lines) =>
        $"frontend f\n    bind 127.0.0.1:{{port}}\n{string.Concat(lines.Select(static l => $"    {l}\n"))}    default_backend b\n";

    private static string Backend(string[] lines) => $"backend b\n{string.Concat(lines.Select(static l => $"    {l}\n"))}    server s1 {{s1}}\n";
}
