namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Connections that are relayed as they come, with rules about what servers send; and what is said where no request could be read.</summary>
internal static class PlainCases
{
    public static IEnumerable<HAProxyCase> All =>
    [
        Tcp("tcp-response accepts", "tcp-response inspect-delay 2s", "tcp-response content accept if { res.payload(9,3) -m str 200 }", "tcp-response content reject").Get("/").Expect("200 OK"),
        Tcp("tcp-response rejects", "tcp-response inspect-delay 2s", "tcp-response content reject if { res.payload(9,3) -m str 200 }").Get("/").Expect("closed without a response"),
        Tcp("tcp-response closes, and the client gets what has come", "tcp-response inspect-delay 2s", "tcp-response content close if { res.payload(9,3) -m str 200 }").Get("/").Expect("200 OK"),
        Tcp("tcp-response without a delay has seen nothing", "tcp-response content reject if { res.len gt 0 }").Get("/").Expect("200 OK"),
        Tcp("tcp-response waits until the delay is over", "tcp-response inspect-delay 200ms", "tcp-response content accept if { res.payload(0,5000) -m found }", "tcp-response content reject if WAIT_END")
            .Get("/").Expect("closed without a response"),
        HAProxyCase.Of(
            "use_backend without a condition, in TCP",
            """
            frontend f
                mode tcp
                bind 127.0.0.1:{port}
                use_backend none if { src 10.0.0.1 }
                use_backend %[str(b),concat(b)]
                use_backend b
                default_backend none
            backend none
                mode tcp
                server s2 {s2}
            backend b
                mode tcp
                server s1 {s1}
            backend bb
                mode tcp
                server s3 {s3}

            """).Get("/").Expect("s3 received"),
        HAProxyCase.InBackend("tcp-response without a delay has seen no response", "tcp-response content set-var(txn.a) status", "http-response set-header X-A <%[var(txn.a)]>").Get("/").Expect("x-a: <>"),
        HAProxyCase.InBackend("tcp-response in front of http-response", "tcp-response inspect-delay 2s", "tcp-response content set-var(txn.a) status if { status gt 0 }", "http-response set-header X-A <%[var(txn.a)]>").Get("/").Expect("x-a: <200>"),
        HAProxyCase.InBackend("tcp-response rejects in HTTP", "tcp-response inspect-delay 2s", "tcp-response content reject if { status 200 }").Get("/").Expect("closed without a response"),
        HAProxyCase.InBackend("tcp-response closes in HTTP", "tcp-response inspect-delay 2s", "tcp-response content close if { status 200 }").Get("/").Expect("502").Newer("2.6 still delivers what has come"),
        HAProxyCase.InFrontend("a page of one's own for 400, and a request that cannot be read", "errorfile 400 {dir}/400.http").File("400.http", Page(400)).Raw("GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n").Expect("400"),
        HAProxyCase.InFrontend("a page of one's own for 400, and a request that rules refuse", "errorfile 400 {dir}/400.http", "http-request deny deny_status 400").File("400.http", Page(400)).Get("/").Expect("x-page: ours"),
        HAProxyCase.InFrontend("a page of one's own for 400, and two lengths", "errorfile 400 {dir}/400.http").File("400.http", Page(400))
            .Raw("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab").Expect("400"),
        HAProxyCase.InFrontend("a page of one's own for 408", "timeout http-request 200ms", "errorfile 408 {dir}/408.http").File("408.http", Page(408)).Raw("GET / HTTP/1.1\r\nHost: a\r\n").Expect("x-page: ours").Newer("2.6 has a page of its own for those who are too slow"),
        HAProxyCase.InFrontend(
            "a target without a path", "http-request set-header X-Path <%[path]>", "http-request set-header X-Url %[url]", "http-request replace-path (.*) /x\\1")
            .Request("GET http://h.example HTTP/1.1", "Host: h.example").Expect("x-path: </>", "x-url: http://h.example/", "GET http://h.example/x/ HTTP/1.1").Newer("2.6 leaves an absolute target without a path so"),
        HAProxyCase.InFrontend("a target without a path, as it is", "http-request set-header X-Base %[base]", "http-request set-header X-Pathq <%[pathq]>")
            .Request("GET http://h.example HTTP/1.1", "Host: h.example").Expect("x-base: h.example/", "x-pathq: </>").Newer("2.6 leaves an absolute target without a path so"),
        Balanced("a target without a path, and the hash of it", "balance uri").Request("GET http://h.example HTTP/1.1", "Host: h.example").Request("GET http://h.example/ HTTP/1.1", "Host: h.example")
            .Expect("step 2: HTTP/1.1 200 OK").Newer("2.6 leaves an absolute target without a path so"),
        // HAProxy looks at the byte behind the name too: another field is there, or it would be whatever its buffer had there before.
        Balanced("the domain of a host", "balance hdr(host) use_domain_only").Get("/1", "X: 1").Request("GET /2 HTTP/1.1", "Host: shop.example.org", "X: 1")
            .Request("GET /3 HTTP/1.1", "Host: www.shop.example.org", "X: 1").Request("GET /4 HTTP/1.1", "Host: example.org", "X: 1").Request("GET /5 HTTP/1.1", "Host: localhost", "X: 1")
            .Request("GET /6 HTTP/1.1", "Host: .x", "X: 1").Request("GET /7 HTTP/1.1", "Host: x", "X: 1").Request("GET /8 HTTP/1.1", "Host: a..b", "X: 1")
            .Request("GET /9 HTTP/1.1", "Host: a.b", "X: 1").Request("GET /10 HTTP/1.1", "Host: b.", "X: 1").Request("GET /11 HTTP/1.1", "Host: a.example.org:80", "X: 1"),
        HAProxyCase.Of(
            "a name that leads to a backend of another mode",
            """
            frontend f
                bind 127.0.0.1:{port}
                use_backend %[path,field(2,/)]
                default_backend b
            backend t
                mode tcp
                server s1 {s1}
            backend b
                server s2 {s2}

            """).Get("/t").Get("/b").Get("/none").Expect("step 1: closed without a response", "s2 received"),
        HAProxyCase.Of(
            "forwardfor of both sides",
            """
            frontend f
                bind 127.0.0.1:{port}
                option forwardfor if-none
                use_backend named if { path /named }
                use_backend except if { path /except }
                use_backend insists if { path /insists }
                default_backend plain
            backend plain
                server s1 {s1}
            backend named
                option forwardfor header X-Client if-none
                server s1 {s1}
            backend except
                option forwardfor except 127.0.0.0/8
                server s1 {s1}
            backend insists
                option forwardfor
                server s1 {s1}

            """)
            .Get("/").Get("/", "X-Forwarded-For: 9.9.9.9").Get("/named").Get("/named", "X-Client: me").Get("/except").Get("/insists", "X-Forwarded-For: 9.9.9.9")
            .Expect("x-forwarded-for: 127.0.0.1", "x-client: 127.0.0.1"),
        HAProxyCase.Of(
            "numbers that were given, and those that follow from them",
            """
            backend off
                disabled
            frontend f
                id 2
                bind 127.0.0.1:{port} id 7
                http-request set-header X-Front %[fe_id],%[so_id]
                use_backend c if { path /c }
                default_backend b
            backend b
                http-response set-header X-Back %[be_id],%[srv_id]
                server s1 {s1}
            backend c
                id 50
                http-response set-header X-Back %[be_id],%[srv_id]
                server s2 {s2} id 9

            """).Get("/").Get("/c").Expect("x-front: 2,7", "x-back: 3,1", "x-back: 50,9"),
        HAProxyCase.Of(
            "a rule that leads to a disabled backend",
            """
            backend off
                disabled
            frontend f
                bind 127.0.0.1:{port}
                use_backend off if TRUE
                default_backend b
            backend b
                server s1 {s1}

            """).Get("/").Expect("s1 received").Newer("2.6 goes there, and answers 503"),
        HAProxyCase.InFrontend("fields that a reply has from its body", "http-request return status 200 hdr content-length 5 hdr transfer-encoding chunked hdr content-type a/b hdr x y")
            .Get("/").Expect("x: y"),
        HAProxyCase.InFrontend("conditions that never hold", "http-request deny if { res.hdr(x) x }", "acl s srv_name s1", "http-request deny unless !s", "tcp-request connection reject if { path / }")
            .Get("/").Expect("s1 received"),
        HAProxyCase.InFrontend("originalto", "option originalto").Get("/").Get("/", "X-Original-To: x").Expect("x-original-to: 127.0.0.1"),
        HAProxyCase.InFrontend("originalto by another name, and where it is not told", "option originalto header X-Dst except 10.0.0.0/8").Get("/").Expect("x-dst: 127.0.0.1"),
        HAProxyCase.InFrontend("forwardfor with an address that a rule has set", "option forwardfor except 127.0.0.1", "http-request set-src req.hdr(x-a)").Get("/", "X-A: 9.8.7.6").Get("/").Expect("x-forwarded-for: 9.8.7.6"),
        HAProxyCase.InBackend("forwarded says proto and for", "option forwarded").Get("/").Expect("forwarded: proto=http;for=127.0.0.1").Newer("2.8 has brought it"),
        HAProxyCase.InBackend("forwarded says what it is told to", "http-request set-src req.hdr(x-a)", "option forwarded host by-expr str(_gw) for for_port-expr int(5) proto").Get("/", "X-A: 2001:db8::1").Get("/")
            .Expect("forwarded: proto=http;host=\"h.example\";by=_gw;for=\"[2001:db8::1]:5\"", "for=\"127.0.0.1:5\"").Newer("2.8 has brought it"),
        HAProxyCase.InBackend("forwarded does not say what is none of its words", "option forwarded by-expr str(not*a*node) for-expr req.hdr(none)").Get("/").Expect("forwarded: by=unknown;for=unknown").Newer("2.8 has brought it"),
        HAProxyCase.InFrontend("wait for the body of a response", "http-response wait-for-body time 1s", "http-response set-header X-Body %[res.body]")
            .Answering("HTTP/1.1 200 OK", "Content-Length: 5", "", "hello").Get("/").Expect("x-body: hello"),
        HAProxyCase.Of(
            "rates of frontend, backend and server",
            """
            frontend f
                bind 127.0.0.1:{port}
                http-request set-header X-Rates %[fe_sess_rate],%[fe_req_rate],%[be_sess_rate(b)],%[srv_sess_rate(b/s1)]
                default_backend b
            backend b
                server s1 {s1}

            """).Get("/").Then("/").Then("/").Expect("x-rates: 1,3,2,2").Newer("fe_sess_rate counts the probe for its port too"),
        HAProxyCase.InFrontend(
            "rules on a response see it counted", "stick-table type ip size 1k store http_fail_cnt,http_err_cnt", "http-request track-sc0 src",
            "http-response set-header X-Counts %[sc0_http_fail_cnt],%[sc0_http_err_cnt]")
            .Answering("HTTP/1.1 500 Bad", "Content-Length: 0", "", "").Get("/").Get("/").Expect("x-counts: 1,0", "x-counts: 2,0"),
        HAProxyCase.InFrontend(
            "a response that is tracked late is counted once", "stick-table type ip size 1k store http_fail_cnt,http_err_cnt", "http-request set-var(txn.before) src,table_http_err_cnt(f)",
            "http-response track-sc0 src", "http-response set-header X-Counts %[var(txn.before)],%[sc0_http_err_cnt]")
            .Answering("HTTP/1.1 404 None", "Content-Length: 0", "", "").Get("/").Get("/").Expect("x-counts: 0,1", "x-counts: 1,2"),
        HAProxyCase.InFrontend(
            "a response that is refused is counted as it was", "stick-table type ip size 1k store http_fail_cnt,http_err_cnt", "http-request track-sc0 src if !{ path /see }",
            "http-request return status 200 hdr x-counts %[src,table_http_fail_cnt(f)],%[src,table_http_err_cnt(f)] if { path /see }", "http-response deny if { status 404 }")
            .Answering("HTTP/1.1 404 None", "Content-Length: 0", "", "").Get("/").Get("/see").Expect("x-counts: 0,1"),
        HAProxyCase.InFrontend(
            "the line of the rule that ended it", "http-request deny if { path /no }", "http-request allow if { path /yes }", "http-request set-header X-Be %[fe_id]",
            "http-after-response set-header X-Line <%[last_rule_line]>,%[be_id]").Get("/no").Get("/yes").Get("/").Expect("x-line: <10>", "x-line: <11>", "x-line: <>"),
        HAProxyCase.InFrontend("what the system knows of the connection", "http-request set-header X-Tcp %[fc_rtt(us),bool],%[fc_rttvar(us),bool],%[fc_lost],%[fc_retrans]")
            .Get("/").Expect("x-tcp: 1,1,0,0"),
        HAProxyCase.InFrontend("is it stopping", "http-request set-header X-Stopping %[stopping]").Get("/").Expect("x-stopping: 0"),
        HAProxyCase.InBackend("whether the server's connection was there before", "http-response set-header X-Reused %[bc_reused]", "http-response set-header X-Major %[bc_http_major]")
            .Get("/").Then("/").Expect("x-reused: 0", "x-reused: 1", "x-major: 1").Newer("bc_reused is of 2.8"),
    ];

    private static HAProxyCase Tcp(string name, params string[] lines) => HAProxyCase.Of(
        name,
        $"listen l\n    bind 127.0.0.1:{{port}}\n    mode tcp\n{string.Concat(lines.Select(static l => $"    {l}\n"))}    server s1 {{s1}}\n");

    private static HAProxyCase Balanced(string name, string line) => HAProxyCase.Of(
        name,
        $"listen l\n    bind 127.0.0.1:{{port}}\n    {line}\n    server s1 {{s1}}\n    server s2 {{s2}}\n    server s3 {{s3}}\n    server s4 {{s4}}\n");

    private static string Page(int status) => $"HTTP/1.1 {status} Ours\r\nX-Page: ours\r\nContent-Length: 4\r\n\r\nours";
}
