namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Words about what is there before the first request, and where requests go that go nowhere in particular.</summary>
internal static class WordCases
{
    private const string Old = "HTTP/1.0 403 Nope\r\nCache-Control: No-Cache\r\nConnection: close\r\nX-Odd: 1\r\n";

    public static IEnumerable<HAProxyCase> All =>
    [
        HAProxyCase.InFrontend("variables have values from the start", "http-request set-header X-Vars %[var(proc.a)],%[var(proc.b)],%[var(proc.c)],%[var(proc.d)]")
            .With("global\n    set-var proc.a int(3)\n    set-var proc.b int(5),add(proc.a)\n    set-var-fmt proc.c \"<%[var(proc.b)]>\"\n    set-var proc.d env(NOT_THERE)\n")
            .Get("/").Expect("x-vars: 3,8,<8>,"),
        HAProxyCase.InFrontend(
            "what clients must not send is counted for what is tracked", "stick-table type ip size 1k expire 1m store glitch_cnt,glitch_rate(1h)", "tcp-request connection track-sc0 src",
            "http-request track-sc1 src table g",
            "http-request return status 200 hdr x-counts \"%[fc_glitches] %[sc0_glitch_cnt] %[sc_glitch_rate(0)] %[src,table_glitch_cnt(f)] %[src,table_glitch_rate(f)] %[src_glitch_cnt] %[src,table_glitch_cnt(g)]\"")
            .With("backend g\n    stick-table type ip size 1k expire 1m store glitch_cnt\n")
            .Raw("GET  / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").Raw("Bad\r\n\r\n").Get("/")
            .Newer("glitches came with 3.0").Expect("x-counts: 1 0 0 0 0 0 0", "x-counts: 0 2 2 2 2 2 1"),
        Distributed("a compilation that is sent out", "use_backend named if { distcc_body(ARGV,2) -m bin 2d63 }", "use_backend large if { distcc_param(DOTI) gt 1000 }")
            .Raw("DIST00000001ARGC00000002ARGV00000002ccARGV00000002-cDOTI00000001x\r\n\r\n").Raw("DIST00000001ARGC00000001ARGV00000002ccDOTI00100000int main\r\n\r\n")
            .Raw("DIST00000001ARGC00000001ARGV00000002ccDOTI00000001x\r\n\r\n").Raw("DIST0000000xARGC00000001\r\n\r\n").Expect("s1 received", "s2 received", "s3 received"),
        HAProxyCase.InFrontend("a page of the old version, without a length", "errorfile 403 {dir}/403.http", "http-request deny").File("403.http", $"{Old}\r\nno\n")
            .Get("/").Request("GET / HTTP/1.0").Request("HEAD / HTTP/1.1", "Host: a").Expect("HTTP/1.0 403 Nope", "x-odd: 1"),
        HAProxyCase.InFrontend("a page of the old version, with a length", "errorfile 403 {dir}/403.http", "http-request deny").File("403.http", $"{Old}Content-Length: 3\r\n\r\nno\n")
            .Get("/").Expect("HTTP/1.0 403 Nope"),
        HAProxyCase.InFrontend("a page of the old version, with a length and without a word on the connection", "errorfile 403 {dir}/403.http", "http-request deny")
            .File("403.http", "HTTP/1.0 403 Nope\r\nContent-Length: 3\r\n\r\nno\n").Get("/").Then("/").Expect("HTTP/1.0 403 Nope", "connection: keep-alive"),
        HAProxyCase.InFrontend("a page without a length", "errorfile 403 {dir}/403.http", "http-request deny").File("403.http", "HTTP/1.1 403 Nope\r\nX-Odd: 1\r\n\r\nno\n")
            .Get("/").Expect("connection: close"),
        HAProxyCase.Of(
            "a default that is disabled",
            """
            frontend f
                bind 127.0.0.1:{port}
                use_backend off if { path /static }
                use_backend b if { path /on }
                default_backend off
            backend off
                disabled
                server s1 {s1}
            backend b
                server s1 {s1}

            """).Get("/").Get("/static").Get("/on").Expect("503", "s1 received"),
        HAProxyCase.Of(
            "a name that leads to a backend that is disabled",
            """
            frontend f
                bind 127.0.0.1:{port}
                use_backend %[path,field(2,/)]
                use_backend b if { path /off }
                default_backend c
            backend off
                disabled
                server s1 {s1}
            backend b
                server s1 {s1}
            backend c
                server s2 {s2}

            """).Get("/off").Get("/b").Get("/none").Expect("s1 received", "s2 received").Newer("2.6 goes there, and answers 503"),
        HAProxyCase.Of(
            "an address for all",
            """
            frontend f
                bind 127.0.0.1:{port}
                use_backend dead if { path /dead }
                default_backend b
            backend b
                dispatch {s1}
                http-response set-header X-A 1
                server s2 {s2}
            backend dead
                dispatch {dead}
                retries 0

            """).Get("/").Post("/", "hello").Get("/dead").Expect("s1 received", "x-a: 1", "503"),
        HAProxyCase.InFrontend(
            "a key that is not in the table counts nothing", "stick-table type ip size 10 store conn_cnt,http_req_rate(1m)", "http-request set-header X-C <%[src_conn_cnt]|%[src_http_req_rate]|%[sc0_conn_cnt]>")
            .Get("/").Expect("x-c: <0|0|>"),
        HAProxyCase.InFrontend("odd requests are let pass", "option accept-invalid-http-request")
            .Raw("GET /\u00e9#x HTTP/1.1\r\nHost: a\r\nGood: 1\r\nBad Name: 2\r\nLast: 3\r\n\r\n").Expect("s1 received", "last: 3").Newer("2.6 passes odd lines on"),
        HAProxyCase.InFrontend("odd requests that could hide others are not", "option accept-invalid-http-request")
            .Raw("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello").Raw("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
            .Raw("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n").Raw("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r2\r\n\r\n").Expect("400"),
        HAProxyCase.InFrontend("a body is read of any method in the old version", "http-request set-header X-Len %[req.body_len]", "option http-buffer-request").With("global\n    h1-accept-payload-with-any-method\n")
            .Raw("GET /a HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello").Raw("DELETE /b HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello").Expect("s1 received", "x-len: 5"),
        HAProxyCase.InFrontend("no body is read of GET and DELETE in the old version")
            .Raw("GET /a HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello").Raw("DELETE /b HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello").Expect("413"),
        HAProxyCase.InBackend("odd responses are let pass", "option accept-invalid-http-response")
            .Answering("HTTP/1.1 200 OK", "Content-Length: 2", "Bad Name: 1", "Good: 2", "", "hi").Get("/").Expect("200", "good: 2").Newer("2.6 passes odd lines on"),
    ];

    /// <summary>What clients send goes to s1 in the backend <c>named</c>, to s2 in <c>large</c>, or else to s3.</summary>
    private static HAProxyCase Distributed(string name, params string[] lines) => HAProxyCase.Of(
        name,
        $$"""
        defaults
            mode tcp
            timeout connect 1s
            timeout client 5s
            timeout server 5s
        frontend f
            bind 127.0.0.1:{port}
            tcp-request inspect-delay 2s
            tcp-request content accept if { distcc_param(DOTI) -m found }
        {{string.Concat(lines.Select(static l => $"    {l}\n"))}}
            default_backend others
        backend named
            server s1 {s1}
        backend large
            server s2 {s2}
        backend others
            server s3 {s3}

        """);
}
