namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Options about messages and connections.</summary>
internal static class OptionCases
{
    private const string Users = "userlist u\n    user me insecure-password secret\n";

    public static IEnumerable<HAProxyCase> All =>
    [
        HAProxyCase.InFrontend("a request is buffered for the rules", "option http-buffer-request", "http-request set-header X-Body %[req.body]").Post("/", "hello").Get("/").Expect("x-body: hello"),
        HAProxyCase.InBackend("a request is buffered for the backend's rules", "option http-buffer-request", "http-request set-header X-Body %[req.body]").Post("/", "hello").Expect("x-body: hello"),
        HAProxyCase.InFrontend("a request that is buffered and too slow", "option http-buffer-request", "timeout http-request 200ms")
            .Raw("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello").Expect("408"),
        HAProxyCase.InFrontend("a request that is buffered, and denied all the same", "option http-buffer-request", "http-request deny if { req.body -m str hello }").Post("/", "hello").Post("/", "other").Expect("403", "s1 received"),
        HAProxyCase.InFrontend("odd names are preserved", "option http-restrict-req-hdr-names preserve").Get("/", "X_User: me").Expect("x_user: me"),
        HAProxyCase.InFrontend("odd names are deleted", "option http-restrict-req-hdr-names delete", "http-request set-header X-Seen %[req.hdr(x_user)]", "http-request allow").Get("/", "X_User: me", "X.Y: 1", "X-User: you").Expect("x-seen: me"),
        HAProxyCase.InFrontend("odd names are refused", "option http-restrict-req-hdr-names reject", "http-request del-header X_Ok").Get("/", "X_User: me").Get("/", "X_Ok: 1").Expect("403", "s1 received"),
        HAProxyCase.InBackend("odd names are refused in the backend", "option http-restrict-req-hdr-names reject").Get("/", "X_User: me").Expect("403"),
        HAProxyCase.InFrontend("odd names are refused in front of a redirect", "option http-restrict-req-hdr-names reject", "redirect prefix http://x").Get("/", "X_User: me").Get("/").Expect("403", "302"),
        HAProxyCase.InFrontend("a rule that redirects comes before odd names are refused", "option http-restrict-req-hdr-names reject", "http-request redirect prefix http://x").Get("/", "X_User: me").Expect("302"),
        HAProxyCase.InBackend("a server that is to be closed is not told", "option httpclose", "option http-pretend-keepalive").Get("/").Then("/"),
        HAProxyCase.InBackend("a rule that closes is not told either", "option http-pretend-keepalive", "http-request set-header Connection close").Get("/"),
        HAProxyCase.InFrontend("credentials for a proxy", "option http-use-proxy-header", "http-request auth realm r unless { http_auth(u) }").With(Users)
            .Get("/").Get("http://h.example/").Get("/", "Authorization: Basic bWU6c2VjcmV0").Get("http://h.example/", "Authorization: Basic bWU6c2VjcmV0")
            .Get("http://h.example/", "Proxy-Authorization: Basic bWU6c2VjcmV0").Get("/", "Proxy-Authorization: Basic bWU6c2VjcmV0").Expect("407", "401", "s1 received"),
        HAProxyCase.Of(
            "a client goes back to the server that keeps a connection for it",
            """
            frontend f
                bind 127.0.0.1:{port}
                default_backend b
            backend b
                balance roundrobin
                http-reuse never
                option prefer-last-server
                max-keep-alive-queue 0
                server s1 {s1}
                server s2 {s2}

            """).Get("/").Then("/").Then("/").Get("/").Then("/").Expect("s2 received"),
        HAProxyCase.Of(
            "a server stands for another place",
            """
            frontend f
                bind 127.0.0.1:{port}
                default_backend b
            backend b
                server s1 {s1} redir http://static.example/v1

            """).Get("/a?b=1").Post("/", "hello").Request("HEAD / HTTP/1.1", "Host: a").Expect("location: http://static.example/v1/a?b=1", "s1 received"),
        HAProxyCase.Of(
            "a server stands for the place itself",
            """
            frontend f
                bind 127.0.0.1:{port}
                default_backend b
            backend b
                server s1 {s1} redir /

            """).Get("/a?b=1").Expect("location: /a?b=1"),
        HAProxyCase.InFrontend("connections of a bind", "option tcpka", "clitcpka-cnt 3", "clitcpka-idle 60s", "http-request set-header X-Count %[dst_conn]").Get("/").Expect("x-count: 1").Newer("its probe for the port may count too"),
        HAProxyCase.InFrontend("trailers of a request", "http-request set-header X-A 1").Raw("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-T: 1\r\n\r\n").Expect("s1 received"),
        HAProxyCase.InFrontend(
            "what counts as an error", "stick-table type ip size 1k store http_err_cnt,http_fail_cnt", "http-request track-sc0 src", "http-response set-header X-Counts %[sc0_http_err_cnt],%[sc0_http_fail_cnt]")
            .Answering("HTTP/1.1 404 None", "Content-Length: 0", "", "").Get("/").Expect("x-counts: 1,0"),
        HAProxyCase.InFrontend(
            "what counts as an error, as configured", "stick-table type ip size 1k store http_err_cnt,http_fail_cnt", "http-request track-sc0 src", "http-response set-header X-Counts %[sc0_http_err_cnt],%[sc0_http_fail_cnt]")
            .With("global\n    http-err-codes 200\n    http-fail-codes +404\n").Answering("HTTP/1.1 404 None", "Content-Length: 0", "", "").Get("/").Expect("x-counts: 0,1").Newer("3.0 has brought it"),
    ];
}
