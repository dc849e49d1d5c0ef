namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Limits of servers, who waits where, and in which order.</summary>
internal static class QueueCases
{
    private const string Limited = "default-server maxconn 1", Places = "http-response set-header X-Q %sq/%bq", Turns = "balance roundrobin";

    public static HAProxyCase[] All =>
    [
        InBoth("requests wait in the order in which they came").Begin("/hold").Begin("/1").Begin("/2").Begin("/3").Begin("/4").Free()
            .Expect("x-q: 0/0", "x-q: 0/1", "x-q: 0/4"),
        InBoth("lower classes go first", "http-request set-priority-class req.hdr(c)")
            .Begin("/hold").Begin("/1", "C: 5").Begin("/2", "C: -5").Begin("/3").Begin("/4", "C: 5").Begin("/5", "C: -6").Free().Expect("x-q: 0/1"),
        InBoth("Q-22 classes by kind of file",
            "http-request set-priority-class int(1) if { path_end .css .js }", "http-request set-priority-class int(10) if { path_end .png .jpg .jpeg }",
            "http-request set-priority-class int(100) if !{ path_end .css .js .png .jpg .jpeg }")
            .Begin("/hold").Begin("/page").Begin("/a.png").Begin("/a.css").Free(),
        InBoth("Q-23 what has no class is of class 0",
            "http-request set-priority-class int(1) if { path_end .css }", "http-request set-priority-class int(10) if { path_end .png }")
            .Begin("/hold").Begin("/a.png").Begin("/a.css").Begin("/page").Free(),
        InBoth("Q-27 classes out of range are cut", "http-request set-priority-class req.hdr(c)", "http-request set-header X-P %[prio_class]")
            .Begin("/hold").Begin("/1", "C: 2047").Begin("/2", "C: 99999").Begin("/3", "C: 2046").Begin("/4", "C: -99999").Begin("/5", "C: -2047").Free()
            .Expect("x-p: 2047", "x-p: -2047"),
        InBoth("Q-24 a later request that counts as earlier", "http-request set-priority-offset int(-5000) if { path /2 }")
            .Begin("/hold").Begin("/1").Begin("/2").Begin("/3").Free(),
        InBoth("an earlier request that counts as later", "http-request set-priority-offset int(5000) if { path /1 }")
            .Begin("/hold").Begin("/1").Begin("/2").Begin("/3").Free(),
        InBoth("an offset is nothing against a class", "http-request set-priority-offset int(-5000) if { path /1 }", "http-request set-priority-class int(-1) if { path /2 }")
            .Begin("/hold").Begin("/1").Begin("/2").Free(),
        InBoth("Q-27 offsets out of range are cut", "http-request set-priority-offset req.hdr(o)", "http-request set-header X-P %[prio_offset]")
            .Get("/1", "O: 999999").Get("/2", "O: -999999").Get("/3").Expect("x-p: 524287", "x-p: -524287", "x-p: 0"),
        HAProxyCase.InBackend("Q-13 waiting has a limit", Limited, "timeout queue 300ms").Begin("/hold").Get("/late").Free().Expect("503 Service Unavailable"),
        HAProxyCase.InBackend("Q-13 the limit on waiting is that on connecting", Limited, "timeout connect 300ms").Begin("/hold").Get("/late").Free().Expect("503"),
        HAProxyCase.InBackend("Q-14 a page of one's own for who waited too long", Limited, "timeout queue 200ms", "errorfile 503 {dir}/503.http")
            .File("503.http", "HTTP/1.1 503 Busy\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nbusy\n").Begin("/hold").Get("/late").Free().Expect("503 Busy"),
        HAProxyCase.InBackend("a rule's limit on waiting", Limited, "http-request set-timeout queue 200ms").Newer("set-timeout knows no queue")
            .Begin("/hold").Get("/late").Free().Expect("503"),
        Servers("Q-08 the first server that is free takes the next one", Turns, "server s1 {s1} maxconn 1", "server s2 {s2} maxconn 1")
            .Begin("/hold/1").Begin("/hold/2").Begin("/3").Begin("/4").Free().Free().Expect("x-q: 0/1", "x-q: 0/2"),
        Servers("Q-11 a server of weight 0 takes nothing", Turns, "server s1 {s1} maxconn 1", "server s2 {s2} maxconn 1 weight 0")
            .Begin("/hold").Begin("/1").Begin("/2").Free().Expect("x-q: 0/2"),
        Servers("nothing waits where all weights are 0", Turns, "server s1 {s1} maxconn 1 weight 0", "server s2 {s2} maxconn 1 weight 0").Get("/").Expect("503"),
        Servers("a backup takes nothing while another server is full", Turns, "server s1 {s1} maxconn 1", "server s2 {s2} maxconn 1 backup")
            .Begin("/hold").Begin("/1").Begin("/2").Free().Expect("x-q: 0/2"),
        Servers("a single backup has its own queue", Turns, "server s1 {s1} maxconn 1 backup", "server s2 {s2} maxconn 1 backup")
            .Begin("/hold").Begin("/1").Begin("/2").Free().Expect("x-q: 1/0", "x-q: 2/0"),
        Servers("a single backup's queue is bounded", Turns, "server s1 {s1} maxconn 1 maxqueue 1 backup", "server s2 {s2} backup")
            .Begin("/hold").Begin("/1").Get("/2").Get("/3").Free().Expect("x-q: 1/0", "503"),
        Servers("all backups have a queue together", Turns, "option allbackups", "server s1 {s1} maxconn 1 backup", "server s2 {s2} maxconn 1 backup")
            .Begin("/hold/1").Begin("/hold/2").Begin("/3").Begin("/4").Free().Free().Expect("x-q: 0/2"),
        Servers("Q-17 who is bound to no server is not refused for a server's queue", Turns, "server s1 {s1} maxconn 1 maxqueue 1")
            .Begin("/hold").Begin("/1").Begin("/2").Begin("/3").Free().Expect("x-q: 0/3"),
        Servers("Q-18 leastconn fills the queues of servers", "balance leastconn", "server s1 {s1} maxconn 1 maxqueue 2")
            .Begin("/hold").Begin("/1").Begin("/2").Begin("/3").Begin("/4").Free().Expect("x-q: 1/0", "x-q: 2/0"),
        Servers("leastconn without queues of servers", "balance leastconn", "server s1 {s1} maxconn 1").Begin("/hold").Begin("/1").Begin("/2").Free().Expect("x-q: 0/2"),
        Servers("Q-19 a limit that follows the load", "fullconn 3", "server s1 {s1} minconn 1 maxconn 3").Begin("/hold/1").Begin("/hold/2").Begin("/hold/3").Begin("/4")
            .Free().Free().Free().Expect("x-q: 0/1"),
        Servers("a limit at low load", "fullconn 100", "server s1 {s1} minconn 1 maxconn 50").Begin("/hold").Begin("/1").Begin("/2").Free().Expect("x-q: 0/2"),
        Servers("a limit at full load that frontends tell", "server s1 {s1} minconn 1 maxconn 2").Begin("/hold").Begin("/1").Free().Expect("x-q: 0/1"),
        HAProxyCase.Of(
            "Q-20 a full load of a tenth",
            $$"""
            frontend f
                bind 127.0.0.1:{port}
                maxconn 20
                default_backend b
            backend b
                {{Places}}
                server s1 {s1} minconn 1 maxconn 2

            """).Begin("/hold/1").Begin("/2").Begin("/3").Begin("/hold/4").Begin("/5").Free().Free().Expect("x-q: 0/0"),
        Servers("a least limit alone is a limit", "server s1 {s1} minconn 1").Begin("/hold").Begin("/1").Free().Expect("x-q: 0/1"),
        Servers("a least limit above the most", "fullconn 100", "server s1 {s1} minconn 2 maxconn 1").Begin("/hold/1").Begin("/hold/2").Begin("/3").Free().Free()
            .Expect("x-q: 0/1"),
        Servers("0 is no limit", "server s1 {s1} maxconn 0 maxqueue 0").Begin("/hold/1").Begin("/hold/2").Begin("/3").Free().Free().Expect("x-q: 0/0"),
        Asked("Q-33 what rules can ask of a queue", "server s1 {s1} maxconn 1", "queue(b) avg_queue(b) be_conn(b) srv_conn(b/s1) srv_queue(b/s1) be_conn_free(b) connslots(b)")
            .Get("/ask").Begin("/hold").Begin("/1").Begin("/2").Get("/ask").Free().Collect().Get("/ask").Expect("<2 2 3 1 0 0 -1>", "<0 0 0 0 0 1 -1>"),
        Asked("what rules can ask of bounded queues", "server s1 {s1} maxconn 2 maxqueue 3", "connslots(b) srv_conn_free(b/s1) be_conn_free(b) queue(b)")
            .Get("/ask").Begin("/hold").Get("/ask").Free().Collect().Get("/ask").Expect("<5 2 2 0>", "<4 1 1 0>"),
        Asked("what rules can ask where nothing is limited", "server s1 {s1}", "connslots(b) srv_conn_free(b/s1) be_conn_free(b) queue(b) avg_queue(b)")
            .Get("/ask").Expect("<-1 -1 -1 0 0>"),
        Servers("Q-09 who is bound waits though another server is idle", [.. Bound("server s1 {s1} maxconn 1 cookie one", "server s2 {s2} maxconn 1 cookie two")])
            .Begin("/hold", "Cookie: S=one").Begin("/1", "Cookie: S=one").Begin("/2", "Cookie: S=one").Get("/3", "Cookie: S=two").Free()
            .Expect("x-q: 1/0", "x-q: 2/0", "s2 received: GET /3"),
        Servers("Q-10 a server's own queue and the common one in one order", [.. Bound("server s1 {s1} maxconn 1 cookie one")])
            .Begin("/hold").Begin("/1", "Cookie: S=one").Begin("/2").Begin("/3", "Cookie: S=one").Begin("/4").Free().Expect("x-q: 2/0", "x-q: 0/2"),
        HAProxyCase.Of(
            "classes count in both queues",
            $$"""
            frontend f
                bind 127.0.0.1:{port}
                http-request set-priority-class req.hdr(c)
                default_backend b
            backend b
                {{Places}}
                cookie S
                server s1 {s1} maxconn 1 cookie one

            """).Begin("/hold").Begin("/1", "Cookie: S=one", "C: 2").Begin("/2", "C: 1").Begin("/3", "Cookie: S=one").Begin("/4", "C: 2").Free().Expect("x-q: 1/0"),
        Servers("Q-16 the queue of the server that one is bound to is full", [.. Bound("server s1 {s1} maxconn 1 maxqueue 1 cookie one", "server s2 {s2} cookie two")])
            .Begin("/hold", "Cookie: S=one").Begin("/1", "Cookie: S=one").Get("/2", "Cookie: S=one").Free().Expect("503"),
        Servers("Q-16 a full queue breaks what binds where that is allowed",
            ["option redispatch", .. Bound("server s1 {s1} maxconn 1 maxqueue 1 cookie one", "server s2 {s2} cookie two")])
            .Begin("/hold", "Cookie: S=one").Begin("/1", "Cookie: S=one").Get("/2", "Cookie: S=one").Free().Expect("s2 received: GET /2"),
        Servers("a full queue breaks what binds, and the other servers are full too",
            ["option redispatch", .. Bound("server s1 {s1} maxconn 1 maxqueue 1 cookie one", "server s2 {s2} maxconn 1 cookie two")])
            .Begin("/hold/1", "Cookie: S=one").Begin("/hold/2", "Cookie: S=two").Begin("/1", "Cookie: S=one").Begin("/2", "Cookie: S=one").Free().Free()
            .Expect("x-q: 1/0", "x-q: 0/1"),
        Servers("a full queue does not break what is forced",
            ["option redispatch", "force-persist if { path_beg /f }", .. Bound("server s1 {s1} maxconn 1 maxqueue 1 cookie one", "server s2 {s2} cookie two")])
            .Begin("/hold", "Cookie: S=one").Begin("/1", "Cookie: S=one").Get("/f", "Cookie: S=one").Free().Expect("503"),
        Servers("a rule for a server has its queue", Turns, "use-server s1 if { path_beg /hold /u }", "server s1 {s1} maxconn 1", "server s2 {s2}")
            .Begin("/hold").Begin("/u1").Begin("/u2").Free().Expect("x-q: 1/0", "x-q: 2/0"),
        Servers("who is hashed waits for its server", "balance source", "server s1 {s1} maxconn 1", "server s2 {s2} maxconn 1")
            .Begin("/hold").Begin("/1").Begin("/2").Free().Expect("x-q: 1/0", "x-q: 2/0"),
        Servers("who is hashed to a full queue is refused", "balance source", "option redispatch", "server s1 {s1} maxconn 1 maxqueue 1", "server s2 {s2} maxconn 1 maxqueue 1")
            .Begin("/hold").Begin("/1").Get("/2").Free().Expect("503"),
        Servers("a draining server has its own queue still", [.. Bound("server s1 {s1} maxconn 1 weight 0 cookie one", "server s2 {s2} maxconn 1 cookie two")])
            .Begin("/hold", "Cookie: S=one").Begin("/1", "Cookie: S=one").Get("/2").Free().Expect("x-q: 1/0", "s2 received: GET /2"),
        InBoth("a rule that looks at the queue", "http-request deny deny_status 429 if { queue(b) gt 1 }").Begin("/hold").Begin("/1").Begin("/2").Get("/3").Free()
            .Expect("429"),
        InBoth("HC-22 what is too much for the queue is told to come back, at once",
            "http-request return status 503 content-type text/plain string busy hdr Retry-After 2 if { avg_queue(b) gt 5 }")
            .Begin("/hold").Begin("/1").Begin("/2").Begin("/3").Begin("/4").Begin("/5").Begin("/6").Get("/7").Get("/8").Free().Expect("step 8: HTTP/1.1 503", "retry-after: 2"),
        HAProxyCase.Of("connections over the frontend's limit", Front("maxconn 1", "")).Begin("/hold").Begin("/1", "Connection: close").Free().Expect("/1"),
        HAProxyCase.Of("connections over the address's limit", Front("maxconn 20", " maxconn 1")).Begin("/hold").Begin("/1", "Connection: close").Free().Expect("/1"),
        HAProxyCase.Of("sessions over the rate", Front("rate-limit sessions 5", "")).Get("/1").Get("/2").Get("/3").Get("/4").Get("/5").Get("/6").Get("/7").Expect("/7"),
        Servers("a client that leaves is served all the same", "no option abortonclose", "server s1 {s1} maxconn 1").Begin("/hold").Begin("/gone").Leave().Begin("/2").Free()
            .Expect("GET /gone"),
        Servers("a client that leaves is forgotten", "option abortonclose", "server s1 {s1} maxconn 1").Newer("it is not noticed there while a request waits")
            .Begin("/hold").Begin("/gone").Leave().Begin("/2").Free().Expect("x-q: 0/1"),
        HAProxyCase.Of(
            "connections wait in TCP mode",
            """
            listen l
                mode tcp
                bind 127.0.0.1:{port}
                server s1 {s1} maxconn 1

            """).Begin("/hold").Begin("/1").Begin("/2").Free().Expect("s1 received: GET /2"),
        HAProxyCase.Of(
            "Q-26 connections have classes in TCP mode",
            """
            listen l
                mode tcp
                bind 127.0.0.1:{port}
                tcp-request inspect-delay 5s
                tcp-request content set-priority-class req.payload(5,1) if { req.len gt 10 }
                tcp-request content accept if { req.len gt 10 }
                server s1 {s1} maxconn 1

            """).Begin("/hold").Begin("/3").Begin("/1").Begin("/2").Free().Expect("s1 received: GET /2"),
        HAProxyCase.Of(
            "waiting has a limit in TCP mode",
            """
            listen l
                mode tcp
                bind 127.0.0.1:{port}
                timeout queue 200ms
                server s1 {s1} maxconn 1

            """).Begin("/hold").Get("/late").Free().Expect("closed without a response"),
        Servers("no more sockets than the limit", "http-reuse always", "server s1 {s1} maxconn 1 strict-maxconn").Newer("strict-maxconn is not there")
            .Begin("/hold").Begin("/1").Free().Collect().Get("/2").Expect("GET /2"),
    ];

    /// <summary>A frontend with these lines, and a backend whose one server does one thing at a time and whose responses tell the places in queues.</summary>
    private static HAProxyCase InBoth(string name, params string[] lines) => HAProxyCase.Of(
        name,
        $"frontend f\n    bind 127.0.0.1:{{port}}\n{string.Concat(lines.Select(static l => $"    {l}\n"))}    default_backend b\n"
        + $"backend b\n    {Places}\n    server s1 {{s1}} maxconn 1\n");

    /// <summary>A backend with these lines and servers.</summary>
    private static HAProxyCase Servers(string name, params string[] lines) => HAProxyCase.Of(
        name,
        "frontend f\n    bind 127.0.0.1:{port}\n    default_backend b\n"
        + $"backend b\n    {Places}\n{string.Concat(lines.Select(static l => $"    {l}\n"))}");

    /// <summary>A frontend that tells what some fetches say.</summary>
    private static HAProxyCase Asked(string name, string server, string fetches) => HAProxyCase.Of(
        name,
        "frontend f\n    bind 127.0.0.1:{port}\n"
        + $"    http-request return content-type text/plain lf-string \"<{string.Join(' ', fetches.Split(' ').Select(static f => $"%[{f}]"))}>\" if {{ path /ask }}\n"
        + $"    default_backend b\nbackend b\n    {Turns}\n    {server}\n");

    /// <summary>Servers that a cookie leads to.</summary>
    private static string[] Bound(params string[] servers) => [Turns, "cookie S", .. servers];

    private static string Front(string line, string ofBind) =>
        $"frontend f\n    bind 127.0.0.1:{{port}}{ofBind}\n    {line}\n    default_backend b\nbackend b\n    server s1 {{s1}}\n";
}
