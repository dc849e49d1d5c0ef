namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Limits and refusals of a gateway, by the ids of the articles' behaviours.</summary>
internal static class GatewayCases
{
    private const string Source = "http-request set-src req.hdr(x-src)"; // a client of another address

    private const string Users = "userlist users\n    user al insecure-password al\n    user bo insecure-password bo\n";

    /// <summary>A limit for each path, by the map that has it.</summary>
    private static readonly string[] LimitByPath =
    [
        "stick-table type binary len 20 size 100k expire 10s store http_req_rate(10s)",
        Source,
        "http-request track-sc0 base32+src",
        "http-request set-var(req.rate_limit) path,map_beg({dir}/rates.map,20)",
        "http-request set-var(req.request_rate) base32+src,table_http_req_rate()",
        "acl rate_abuse var(req.rate_limit),sub(req.request_rate) lt 0",
        "http-request deny deny_status 429 if rate_abuse",
    ];

    public static HAProxyCase[] All => [.. Limits, .. Access, .. Abuse];

    private static IEnumerable<HAProxyCase> Limits =>
    [
        Limited("GW1-09 a limit for each path, and one for the others", "/urla 10\n/urlb 20\n")
            .Get("/urla").Again(9).Get("/urla").Get("/urlb").Again(19).Get("/urlb").Get("/other").Again(19).Get("/other").Expect("step 10: HTTP/1.1 200", "step 11: HTTP/1.1 429",
                "step 31: HTTP/1.1 200", "step 32: HTTP/1.1 429", "step 52: HTTP/1.1 200", "step 53: HTTP/1.1 429"),
        Limited("GW1-10 host, path and address are counted apart, and queries are not", "/urla 1\n")
            .Get("/urla?x=1").Get("/urla?x=2").Get("/urla/1").Get("/urla/2").Get("/urla", "X-Src: 192.0.2.7").Request("GET /urla HTTP/1.1", "Host: other.example")
            .Expect("step 2: HTTP/1.1 429", "step 4: HTTP/1.1 200", "step 5: HTTP/1.1 200", "step 6: HTTP/1.1 200"),
        Limited("GW1-11 exactly as many as the limit pass", "/urla 10\n").Get("/urla").Again(12).Expect("step 10: HTTP/1.1 200", "step 11: HTTP/1.1 429"),
        HAProxyCase.InFrontend("MON-17 how a map is written, and the longest prefix", "http-request return status 200 hdr x-limit <%[path,map_beg({dir}/plans.map,0)]>")
            .File("plans.map", "# plans\n\n/api 5\n  /api/v2 \t 50  \n\n#/api/v3 500\n")
            .Get("/api/v2/x").Get("/api/v1").Get("/api").Get("/api/v3").Get("/other").Expect("x-limit: <50>", "x-limit: <5>", "x-limit: <0>"),
        HAProxyCase.InFrontend(
            "SEC-03 a limit that follows the user, whatever the address",
            "stick-table type string len 32 size 100 expire 1m store http_req_rate(1m)", Source, "http-request auth unless { http_auth(users) }",
            "http-request track-sc0 http_auth_user", "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 2 }").With(Users)
            .Get("/", User("al")).Get("/", User("al"), "X-Src: 192.0.2.7").Get("/", User("al"), "X-Src: 192.0.2.8").Get("/", User("bo")).Get("/")
            .Expect("step 3: HTTP/1.1 429", "step 4: HTTP/1.1 200", "step 5: HTTP/1.1 401"),
    ];

    private static IEnumerable<HAProxyCase> Access =>
    [
        HAProxyCase.InFrontend(
            "SEC-02 a path that no rule opens needs a user", "http-request deny unless { path_beg /auth/ /status } or { http_auth(users) }").With(Users)
            .Get("/auth/token").Get("/new").Get("/status").Get("/new", User("al")).Expect("step 2: HTTP/1.1 403", "step 4: HTTP/1.1 200"),
        HAProxyCase.InFrontend("SEC-04 plain HTTP is redirected with its path and query", "http-request redirect scheme https code 301 unless { ssl_fc }")
            .Get("/a/b?c=d&e").Expect("301 Moved Permanently", "location: https://h.example/a/b?c=d&e"),
        HAProxyCase.InFrontend("SEC-04 plain HTTP is refused", "http-request reject unless { ssl_fc }").Get("/").Expect("closed without a response"),
        HAProxyCase.InFrontend("SEC-05 there is no HSTS without TLS", "http-response set-header Strict-Transport-Security max-age=63072000 if { ssl_fc }").Get("/"),
        HAProxyCase.InFrontend("SEC-10 a list of blocked networks", Source, "http-request deny if { src -f {dir}/blocked.lst }")
            .File("blocked.lst", "# nuisances\n192.0.2.0/24\n198.51.100.7\n").Get("/").Get("/", "X-Src: 192.0.2.9").Get("/", "X-Src: 198.51.100.7").Get("/", "X-Src: 198.51.100.8")
            .Expect("step 1: HTTP/1.1 200", "step 2: HTTP/1.1 403", "step 3: HTTP/1.1 403", "step 4: HTTP/1.1 200"),
        HAProxyCase.InFrontend("SEC-10 a list of allowed networks", Source, "http-request deny unless { src -f {dir}/allowed.lst }")
            .File("allowed.lst", "# offices\n192.0.2.0/24\n198.51.100.7\n").Get("/").Get("/", "X-Src: 192.0.2.9").Get("/", "X-Src: 198.51.100.7").Get("/", "X-Src: 198.51.100.8")
            .Expect("step 1: HTTP/1.1 403", "step 2: HTTP/1.1 200", "step 3: HTTP/1.1 200", "step 4: HTTP/1.1 403"),
        HAProxyCase.InFrontend(
            "SEC-12 a crawler's name from a foreign address is a bot", Source,
            "acl says_crawler req.hdr(user-agent) -m sub -i googlebot", "acl is_crawler src -f {dir}/crawlers.lst", "acl says_bot req.hdr(user-agent) -m reg -i (curl|scrapy|python)",
            "http-request deny deny_status 429 if says_crawler !is_crawler", "http-request deny if says_bot").File("crawlers.lst", "66.249.64.0/19\n")
            .Get("/", "User-Agent: Mozilla/5.0 (compatible; Googlebot/2.1)").Get("/", "User-Agent: Mozilla/5.0 (compatible; Googlebot/2.1)", "X-Src: 66.249.66.1")
            .Get("/", "User-Agent: Scrapy/2.0").Get("/", "User-Agent: Mozilla/5.0")
            .Expect("step 1: HTTP/1.1 429", "step 2: HTTP/1.1 200", "step 3: HTTP/1.1 403", "step 4: HTTP/1.1 200"),
    ];

    private static IEnumerable<HAProxyCase> Abuse =>
    [
        HAProxyCase.InFrontend(
            "SEC-07 who errs too often is refused, and nobody else", "stick-table type ip size 100 expire 1m store http_err_rate(10s)", Source, "http-request track-sc0 src",
            "http-request deny if { sc_http_err_rate(0) gt 10 }").AnsweringTo("/none", "HTTP/1.1 404 Not Found", "Content-Length: 0", "", "")
            .Get("/none").Again(19).Get("/").Get("/", "X-Src: 192.0.2.7")
            .Expect("step 11: HTTP/1.1 404", "step 12: HTTP/1.1 403", "step 21: HTTP/1.1 403", "step 22: HTTP/1.1 200"),
        HAProxyCase.InFrontend(
            "SEC-07 who asks for too many pages is refused", "stick-table type ip size 100 expire 1m store gpc0", "http-request track-sc0 src",
            "http-request track-sc1 base32+src table pages", "http-request sc-inc-gpc0(0) if { sc1_http_req_cnt eq 1 }", "http-request deny if { sc0_get_gpc0 gt 2 }")
            .With("backend pages\n    stick-table type binary len 20 size 100 expire 1m store http_req_cnt\n")
            .Get("/1").Again(3).Get("/2").Get("/1").Get("/3").Expect("step 6: HTTP/1.1 200", "step 7: HTTP/1.1 403"),
        Counted("SEC-08 what of the requests is an error").Get("/counts").Get("/404").Get("/deny").Get("/deny503").Get("/auth").Get("/tarpit")
            .Raw("GET / HTTP/1.1\r\nHost: h\r\nX A: b\r\n\r\n").Get("/reject").Get("/return404").Get("/200").Get("/counts").Expect("<0 0>", "<6 0>"),
        Counted("SEC-08 a request that its client cuts short").Get("/counts").BeginRaw("GET /cut HTTP/1.1\r\nHost: h\r\nX-").Leave().Get("/200").Get("/counts").Expect("<1 0>"),
        Counted("SEC-08 a request whose client is too slow", "timeout http-request 300ms").Get("/counts").Raw("GET /slow HTTP/1.1\r\nHost: h\r\nX-").Get("/counts").Expect("408 Request Time", "<0 0>"),
        Counted("SEC-08 a body that is waited for and does not come", "http-request wait-for-body time 300ms").Get("/counts").Raw("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab").Get("/counts")
            .Expect("408 Request Time"),
        Counted("SEC-08 a response that its server cuts short: a failure before it has begun").Serving("s3", ServerScript.CutHead, ServerScript.Cut)
            .Get("/counts").Get("/cut-response").Get("/counts").Get("/cut-response").Get("/counts").Expect("502 Bad Gateway", "<0 1>"),
        Counted("SEC-08 what of the responses is a failure").Get("/counts").Get("/500").Get("/502").Get("/501").Get("/505").Get("/junk").Get("/hung").Get("/return500")
            .Get("/refused").Get("/counts").Expect("<0 4>"),
        Counted("SEC-08 rules for a response see it counted").Get("/counts").Get("/404").Get("/500").Expect("x-counts: 1 0", "x-counts: 1 1"),
        HAProxyCase.InFrontend(
            "MX-19 how many keys a table has", "stick-table type ip size 100 expire 1m store http_req_cnt", Source, "http-request track-sc0 src",
            "http-response set-header X-Used \"%[table_cnt(f)] %[table_avl(f)]\"")
            .Get("/").Again(1).Get("/", "X-Src: 192.0.2.7").Get("/", "X-Src: 192.0.2.8").Expect("x-used: 3 97"),
        Counted("SEC-08 a refused response").Get("/counts").Get("/refuse-response").Get("/counts"),
    ];

    private static HAProxyCase Limited(string name, string rates) => HAProxyCase.InFrontend(name, LimitByPath).File("rates.map", rates);

    /// <summary>A frontend that tells how many errors and failures it has counted for the client: not of the first connection, which may be that of
    /// who looks whether a proxy is there.</summary>
    /// <param name="name">What it shows.</param>
    /// <param name="line">What else the frontend is told: the times in which clients have to be done stand only where one is not, since on a machine
    /// that is busy others would not be either.</param>
    private static HAProxyCase Counted(string name, string line = "") => HAProxyCase.Of(
        name,
        $$"""
        global
            nbthread 1
        frontend f
            bind 127.0.0.1:{port}
            stick-table type ip size 100 expire 1m store http_err_cnt,http_fail_cnt
            tcp-request connection track-sc0 src table seen
            tcp-request connection track-sc1 src if { sc0_conn_cnt gt 1 }
            timeout tarpit 50ms
            http-request return content-type text/plain lf-string "<%[src,table_http_err_cnt(f)] %[src,table_http_fail_cnt(f)]>" if { path /counts }
            http-request return status 404 content-type text/plain string none if { path /return404 }
            http-request return status 500 content-type text/plain string none if { path /return500 }
            http-request deny if { path /deny }
            http-request deny deny_status 503 if { path /deny503 }
            http-request auth if { path /auth }
            http-request tarpit if { path /tarpit }
            http-request reject if { path /reject }
            http-response set-header X-Counts "%[sc_http_err_cnt(1)] %[sc_http_fail_cnt(1)]"
            http-response deny if { capture.req.uri /refuse-response }
            use_backend dead if { path /refused }
            use_backend cut if { path /cut-response }
            {{line}}
            use_backend slow if { path /hung }
            default_backend b
        backend b
            server s1 {s1}
        backend seen
            stick-table type ip size 100 expire 1m store conn_cnt
        backend slow
            timeout server 200ms
            server s2 {s2}
        backend cut
            server s3 {s3}
        backend dead
            retries 0
            server s1 {dead}

        """)
        .AnsweringTo("/404", "HTTP/1.1 404 Not Found", "Content-Length: 0", "", "")
        .AnsweringTo("/500", "HTTP/1.1 500 X", "Content-Length: 0", "", "")
        .AnsweringTo("/501", "HTTP/1.1 501 X", "Content-Length: 0", "", "")
        .AnsweringTo("/502", "HTTP/1.1 502 X", "Content-Length: 0", "", "")
        .AnsweringTo("/505", "HTTP/1.1 505 X", "Content-Length: 0", "", "")
        .AnsweringTo("/junk", "HTTP/1.1 2x0 X", "", "").AnsweringTo("/hung", "");

    private static string User(string name) => $"Authorization: Basic {Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{name}:{name}"))}";
}
