namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Rules and tables that name the server.</summary>
internal static class DirectionCases
{
    public static IEnumerable<HAProxyCase> All =>
    [
        Of("use-server, first match", "use-server s2 if { path /2 }", "use-server s3 if { path_beg / }").Get("/2").Get("/").Expect("s2 received", "s3 received"),
        Of("use-server by a name of the request's", "use-server %[req.hdr(x-server)] if TRUE").Get("/", "X-Server: s2").Get("/", "X-Server: nobody").Get("/").Expect("s2 received"),
        Of("use-server goes before the cookie", "cookie LB insert", "use-server s2 if { path /2 }").Get("/2", "Cookie: LB=c").Get("/2").Get("/", "Cookie: LB=c").Expect("x-t: --UN"),
        Of("use-server sees what rules have changed", "http-request set-path /2", "use-server s2 if { path /2 }").Get("/").Expect("s2 received"),
        Of("stick on a field", "stick-table type string len 20 size 1k", "use-server s2 if { path /2 }", "stick on req.hdr(x-k)").Get("/2", "X-K: a").Get("/", "X-K: a").Get("/", "X-K: b").Get("/")
            .Expect("s2 received"),
        Of("what matched is learnt anew", "stick-table type string size 1k", "use-server s2 if { path /2 }", "use-server s3 if { path /3 }", "stick on req.hdr(x-k)")
            .Get("/2", "X-K: a").Get("/3", "X-K: a").Get("/", "X-K: a").Expect("s3 received"),
        Of("keys are cut", "stick-table type string len 4 size 1k", "use-server s2 if { path /2 }", "stick on req.hdr(x-k)").Get("/2", "X-K: abcdef").Get("/", "X-K: abcdxy").Get("/", "X-K: abc")
            .Expect("s2 received"),
        Of("match without learning", "stick-table type string size 1k", "use-server s2 if { path /2 }", "stick match req.hdr(x-k)").Get("/2", "X-K: a").Get("/", "X-K: a").Expect("s1 received"),
        Of("store without matching", "stick-table type string size 1k", "use-server s2 if { path /2 }", "stick store-request req.hdr(x-k)", "stick match req.hdr(x-m)")
            .Get("/2", "X-K: a").Get("/", "X-K: a").Get("/", "X-M: a").Expect("s2 received"),
        Of("a key of the response", "stick-table type string size 1k", "use-server s2 if { path /2 }", "stick match req.cook(sid)", "stick store-response res.cook(sid)")
            .Answering("HTTP/1.1 200 OK", "Set-Cookie: sid=abc; path=/", "Content-Length: 0", "", "").Get("/2").Get("/", "Cookie: sid=abc").Get("/", "Cookie: sid=x").Expect("s2 received"),
        Of("stick rules with conditions", "stick-table type string size 1k", "use-server s2 if { path /2 }", "stick on req.hdr(x-k) if { path_beg /2 } or { hdr(x-on) 1 }")
            .Get("/2", "X-K: a").Get("/", "X-K: a").Get("/", "X-K: a", "X-On: 1").Expect("s2 received"),
        Of("the first rule to store counts", "stick-table type string size 1k", "use-server s2 if { path /2 }", "stick store-request req.hdr(x-a)", "stick store-request req.hdr(x-b)",
            "stick match req.hdr(x-m)").Get("/2", "X-A: 1", "X-B: 2").Get("/", "X-M: 1").Get("/", "X-M: 2").Expect("s2 received"),
        Of("a rule without a key leaves the table to the next", "stick-table type string size 1k", "use-server s2 if { path /2 }", "stick store-request req.hdr(x-a)",
            "stick store-request req.hdr(x-b)", "stick match req.hdr(x-m)").Get("/2", "X-B: 2").Get("/", "X-M: 2").Expect("s2 received"),
        Of("the cookie goes before the table", "cookie LB insert", "stick-table type string size 1k", "stick on req.hdr(x-k)").Get("/", "X-K: a", "Cookie: LB=b").Get("/", "X-K: a", "Cookie: LB=c").Get("/", "X-K: a")
            .Expect("x-t: --VN", "x-t: --NN"),
        Of("a cookie that indirect takes off is no key", "cookie LB insert indirect", "stick-table type string size 1k", "stick on req.cook(LB)").Get("/", "Cookie: LB=b").Expect("x-t: --VN"),
        Of("stick on the client's address", "stick-table type ip size 1k", "use-server s2 if { path /2 }", "stick on src").Get("/2").Get("/").Get("/").Expect("s2 received"),
        Of("stick on an integer", "stick-table type integer size 1k", "use-server s2 if { path /2 }", "stick on url_param(id)").Get("/2?id=7").Get("/?id=07").Get("/?id=x").Expect("s2 received"),
        Of("stick with converters", "stick-table type binary len 8 size 1k", "use-server s2 if { path /2 }", "stick on path,field(3,/),lower").Get("/2", "X: 1").Get("/x/AB").Get("/x/ab"),
        Of("backups that are not to be learnt", "stick-table type string size 1k", "stick on req.hdr(x-k)", "use-server s3 if { path /3 }").Get("/3", "X-K: a").Get("/", "X-K: a").Expect("s1 received"),
        Of("the number of the learnt server", "stick-table type string size 1k store server_id", "use-server s2 if { path /2 }", "stick on req.hdr(x-k)",
            "http-request set-header x-id %[req.hdr(x-k),table_server_id(b)]").Get("/2", "X-K: a").Get("/", "X-K: a").Expect("x-id: 2"),
        Of("a table that is full and keeps old keys", "stick-table type string size 1 nopurge", "use-server s2 if { path /2 }", "stick on req.hdr(x-k)").Get("/2", "X-K: a").Get("/", "X-K: a").Expect("s2 received"),
        Of("an entry for a server that refuses", "stick-table type string size 1k", "option redispatch", "retries 1", "timeout connect 50ms", "use-server s4 if { path /4 }", "stick on req.hdr(x-k)")
            .Get("/4", "X-K: a").Get("/", "X-K: a").Expect("200 OK"),
        HAProxyCase.Of(
            "tables are shared by number and by name",
            """
            frontend f
                bind 127.0.0.1:{port}
                use_backend two if { path_beg /two }
                use_backend three if { path_beg /three }
                default_backend one
            backend one
                stick-table type string size 1k srvkey name
                stick on req.hdr(x-k)
                use-server b if TRUE
                server a {s1}
                server b {s2}
            backend two
                stick match req.hdr(x-k) table one
                server b {s3}
                server a {s4}
            backend three
                stick match req.hdr(x-k) table one
                server x {s3}
                server y {s4}

            """).Get("/", "X-K: k").Get("/two", "X-K: k").Get("/three", "X-K: k").Expect("s3 received", "s4 received"),
        HAProxyCase.Of(
            "stick tables in TCP mode",
            """
            defaults
                mode tcp
                timeout connect 1s
                timeout client 5s
                timeout server 5s
            frontend f
                bind 127.0.0.1:{port}
                default_backend b
            backend b
                stick-table type ip size 1k
                tcp-request inspect-delay 2s
                tcp-request content accept if { req.len ge 6 }
                tcp-request content reject
                use-server s2 if { req.payload(4,2) -m bin 2f32 }
                stick on src
                server s1 {s1}
                server s2 {s2} weight 0

            """).Get("/2").Get("/").Get("/3").Expect("s2 received"),
        HAProxyCase.Of(
            "use-server in TCP mode",
            """
            defaults
                mode tcp
                timeout connect 1s
                timeout client 5s
                timeout server 5s
            frontend f
                bind 127.0.0.1:{port}
                default_backend b
            backend b
                use-server s2 if { src 127.0.0.0/8 }
                server s1 {s1}
                server s2 {s2}

            """).Get("/1").Get("/2").Expect("s2 received"),
    ];

    /// <summary>Servers s1 to s3 with the cookies a to c, of which s1 takes newcomers, and s4 that refuses.</summary>
    private static HAProxyCase Of(string name, params string[] lines) => HAProxyCase.Of(
        name,
        $$"""
        frontend f
            bind 127.0.0.1:{port}
            http-after-response set-header x-t %tsc
            default_backend b
        backend b
        {{string.Concat(lines.Select(static l => $"    {l}\n"))}}
            server s1 {s1} cookie a
            server s2 {s2} cookie b weight 0
            server s3 {s3} cookie c weight 0 non-stick
            server s4 {dead} weight 0

        """);
}
