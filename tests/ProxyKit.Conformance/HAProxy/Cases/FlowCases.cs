namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>How lists follow one another, and what passes between them.</summary>
internal static class FlowCases
{
    public static IEnumerable<HAProxyCase> All =>
    [
        HAProxyCase.InFrontend(
            "variables carry from request to response",
            "http-request set-var(txn.a) path", "http-request set-var(req.b) str(x)", "http-response set-header X-A %[var(txn.a)]",
            "http-response set-header X-B <%[var(req.b)]>").Get("/one").Expect("x-a: /one", "x-b: <>"),
        HAProxyCase.InFrontend(
            "a request rule sets connection: close", "http-request set-header Connection close if { path /c }").Get("/a").Then("/c"),
        HAProxyCase.InFrontend(
            "a response rule sets connection: close", "http-response set-header Connection close").Get("/a"),
        HAProxyCase.InFrontend(
            "a path without its slash is none for the rules behind",
            "http-request set-path b", "http-request replace-path (.*) /x\\1", "http-request set-header X-Path <%[path]>").Get("/a?q").Expect("x-path: <>"),
        HAProxyCase.InFrontend(
            "session variables last for the connection",
            "http-request set-var(sess.n) int(1) if !{ var(sess.n) -m found }", "http-request set-header X-N %[var(sess.n)]",
            "http-request set-var(sess.n) var(sess.n),add(1)").Get("/").Then("/").Then("/").Expect("x-n: 3"),
        HAProxyCase.InFrontend(
            "set-var keeps its value without a sample",
            "http-request set-var(txn.a) str(old)", "http-request set-var(txn.a) req.hdr(none)", "http-request set-header X-A %[var(txn.a)]").Get("/").Expect("x-a: old"),
        HAProxyCase.InFrontend(
            "allow ends the frontend's list alone", "http-request allow if { path /a }", "http-request set-header X-After 1").Get("/a").Get("/b").Expect("x-after: 1"),
        HAProxyCase.Of(
            "the backend's list follows the frontend's",
            """
            frontend f
                bind 127.0.0.1:{port}
                http-request set-header X-Order f
                http-request allow
                http-response add-header X-Order f
                default_backend b
            backend b
                http-request set-header X-Order %[req.hdr(x-order)],b
                http-response add-header X-Order b
                server s1 {s1}

            """).Get("/").Expect("x-order: f,b"),
        HAProxyCase.Of(
            "use_backend, first match",
            """
            frontend f
                bind 127.0.0.1:{port}
                use_backend one if { path_beg /1 }
                use_backend two if { path_beg /2 } or { hdr(x) two }
                use_backend %[path,field(2,/)] if { path_beg /b }
                default_backend three
            backend one
                server s1 {s1}
            backend two
                server s1 {s2}
            backend b3
                server s1 {s3}
            backend three
                server s1 {s4}

            """).Get("/1").Get("/2").Get("/x", "X: two").Get("/b3/x").Get("/bnone").Get("/").Expect("s3 received"),
        HAProxyCase.Of(
            "no backend at all",
            """
            frontend f
                bind 127.0.0.1:{port}
                use_backend one if { path /1 }
            backend one
                server s1 {s1}

            """).Get("/").Expect("503"),
        HAProxyCase.Of(
            "named defaults bring their rules along",
            """
            defaults d
                mode http
                timeout connect 1s
                timeout client 1s
                timeout server 1s
                http-request set-header X-D 1
                http-response set-header X-D 2
            frontend f from d
                bind 127.0.0.1:{port}
                http-request set-header X-F %[req.hdr(x-d)]
                default_backend b
            defaults
                mode http
                timeout connect 1s
                timeout server 1s
            backend b
                server s1 {s1}

            """).Get("/").Expect("x-f: 1"),
        HAProxyCase.Of(
            "a listen section is both",
            """
            listen l
                bind 127.0.0.1:{port}
                http-request set-header X-L %[fe_name]
                http-response set-header X-B %[be_name]
                server s1 {s1}

            """).Get("/").Expect("x-l: l"),
        HAProxyCase.Of(
            "rules of a listen section are about its backend too",
            """
            listen l
                bind 127.0.0.1:{port}
                http-request set-header X-N %[nbsrv]/%[be_name]/%[be_conn(l)]
                http-request deny if { nbsrv lt 1 }
                http-request set-timeout server 200
                http-request return hdr X-B %[be_name] if { path /own }
                server s1 {s1}

            """).Get("/").Get("/own").Expect("x-n: 1/l/", "x-b: l"),
        HAProxyCase.InFrontend(
            "a body that came with its head can be looked at",
            "http-request return content-type text/plain lf-string %[req.body_len]/%[req.body_size]/%[req.body_param(a)]").Post("/", "a=1&b=2").Expect("7/7/1"),
        HAProxyCase.InFrontend(
            "rules do not see what a message says of its own connection",
            "http-request set-header X-C \"%[req.hdr(connection)],%[req.hdr_cnt(connection)],%[req.hdr_names]\"",
            "http-response set-header X-D %[res.hdr_cnt(connection)]").Get("/", "Connection: keep-alive").Get("/", "Connection: close").Expect("x-c: ,0,host", "x-d: 0"),
        HAProxyCase.InFrontend(
            "after-response rules see the proxy's own replies",
            "http-request deny if { path /no }", "http-response set-header X-R 1", "http-after-response set-header X-All 1").Get("/no").Get("/").Expect("x-all: 1"),
        HAProxyCase.InFrontend("an error page of one's own", "errorfile 403 {dir}/403.http", "http-request deny")
            .File("403.http", "HTTP/1.1 403 Nope\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nnope\n").Get("/").Expect("nope"),
        HAProxyCase.InFrontend("an error location", "errorloc 403 http://x/403", "http-request deny").Get("/").Expect("302"),
        HAProxyCase.InFrontend("an error location with 303", "errorloc303 403 http://x/403", "http-request deny").Get("/").Expect("303"),
        HAProxyCase.Of(
            "a section of error pages",
            """
            http-errors site
                errorfile 404 {dir}/404.http
            frontend f
                bind 127.0.0.1:{port}
                errorfiles site
                http-request deny deny_status 404 if { path /404 }
                http-request return status 404 errorfiles site if { path /ret }
                http-request return status 404 default-errorfiles if { path /def }
                default_backend b
            backend b
                server s1 {s1}

            """).File("404.http", "HTTP/1.1 404 Lost\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nlost\n").Get("/404").Get("/ret").Get("/def").Expect("lost"),
        HAProxyCase.InFrontend(
            "a map of strings", "http-request set-header X-M %[req.hdr(x),map_str({dir}/a.map,none)]", "http-request set-header X-N %[req.hdr(x),map({dir}/a.map)]")
            .File("a.map", "# comment\none first value  \none second\ntwo 2\n").Get("/", "X: one").Get("/", "X: two").Get("/", "X: three").Expect("x-m: first value"),
        HAProxyCase.InFrontend(
            "maps of every kind",
            "http-request set-header X-Beg %[path,map_beg({dir}/beg.map,-)]", "http-request set-header X-End %[path,map_end({dir}/end.map,-)]",
            "http-request set-header X-Sub %[path,map_sub({dir}/sub.map,-)]", "http-request set-header X-Dir %[path,map_dir({dir}/dir.map,-)]",
            "http-request set-header X-Reg %[path,map_reg({dir}/reg.map,-)]", "http-request set-header X-Regm %[path,map_regm({dir}/regm.map,-)]",
            "http-request set-header X-Ip %[src,map_ip({dir}/ip.map,-)]", "http-request set-header X-Int %[req.hdr(n),map_int({dir}/int.map,-)]",
            "http-request set-header X-Sint %[req.hdr(n),map_int_int({dir}/int.map,0),add(1)]")
            .File("beg.map", "/a b1\n/a/b b2\n").File("end.map", ".js e1\n.css e2\n").File("sub.map", "oo s1\nba s2\n").File("dir.map", "foo d1\nbar d2\n")
            .File("reg.map", "^/a/.*s$ r1\n").File("regm.map", "^/([a-z]+)/([a-z]+) <\\2\\1>\n").File("ip.map", "127.0.0.0/8 wide\n127.0.0.1 narrow\n")
            .File("int.map", "1 11\n2 22\n")
            .Get("/a/b.js", "N: 1").Get("/foo/bar", "N: 2").Get("/x", "N: 3").Expect("x-ip: narrow"),
        HAProxyCase.InFrontend(
            "maps changed by rules",
            "http-request set-map({dir}/a.map) %[req.hdr(k)] %[req.hdr(v)] if { path /set }", "http-request del-map({dir}/a.map) %[req.hdr(k)] if { path /del }",
            "http-request return content-type text/plain lf-string <%[req.hdr(k),map({dir}/a.map,none)]>")
            .File("a.map", "one 1\n").Get("/", "K: one").Get("/set", "K: one", "V: 2").Get("/", "K: one").Get("/set", "K: new", "V: 3").Get("/", "K: new")
            .Get("/del", "K: one").Get("/", "K: one").Expect("<3>"),
        HAProxyCase.InFrontend(
            "SEC-10 pattern lists changed by rules",
            "http-request add-acl({dir}/a.lst) %[src] if { path /ban }", "http-request del-acl({dir}/a.lst) %[src] if { path /free }",
            "http-request deny if { src -f {dir}/a.lst } !{ path /free }")
            .File("a.lst", "10.0.0.1\n").Get("/").Get("/ban").Get("/").Get("/free").Get("/").Expect("403"),
        HAProxyCase.InFrontend(
            "a rate of requests by address",
            "stick-table type ip size 100 expire 30s store http_req_rate(30s),http_req_cnt,gpc0,conn_cur", "http-request track-sc0 src",
            "http-request deny deny_status 429 if { sc_http_req_rate(0) gt 2 }", "http-request sc-inc-gpc0(0)",
            "http-response set-header X-Cnt \"%[sc_http_req_cnt(0)] %[sc_get_gpc0(0)] %[sc_tracked(0)]\"")
            .Get("/").Get("/").Get("/").Get("/").Expect("429"),
        HAProxyCase.InFrontend(
            "counters without a key or a table's type",
            "stick-table type string len 10 size 100 expire 30s store http_req_cnt", "http-request track-sc0 req.hdr(x)",
            "http-request return content-type text/plain lf-string \"<%[sc_http_req_cnt(0)] %[sc_http_req_rate(0)] %[sc_tracked(0)]>\"")
            .Get("/").Get("/", "X: token").Get("/", "X: a-very-long-token").Get("/", "X: a-very-long-other"),
        HAProxyCase.InFrontend(
            "looking a key up",
            "stick-table type string len 20 size 100 expire 30s store http_req_cnt,gpc0", "http-request track-sc1 req.hdr(x) if { path /track }",
            "http-request return content-type text/plain lf-string \"<%[req.hdr(x),table_http_req_cnt(f)] %[req.hdr(x),in_table(f)] %[table_cnt(f)]>\"")
            .Get("/", "X: a").Get("/track", "X: a").Get("/", "X: a").Get("/", "X: b").Expect("<1 1 1>"),
        HAProxyCase.InFrontend(
            "captured in a slot", "declare capture request len 5", "http-request capture req.hdr(x) id 0", "http-response set-header X-C %[capture.req.hdr(0)]")
            .Get("/", "X: captured").Expect("x-c: captu"),
        HAProxyCase.InFrontend(
            "captured header lines", "capture request header X len 10", "capture request header Y len 10", "http-response set-header X-C %[capture.req.hdr(0)]/%[capture.req.hdr(1)]")
            .Get("/", "X: one").Expect("x-c: one/"),
        HAProxyCase.InFrontend(
            "waiting for a body", "http-request wait-for-body time 2s", "http-request set-header X-Body %[req.body]", "http-request set-header X-P %[req.body_param(b)]")
            .Post("/", "a=1&b=two").Get("/").Expect("x-body: a=1&b=two"),
        HAProxyCase.InFrontend(
            "rules on the parsed request before the request's own", "tcp-request content set-var(txn.p) path", "tcp-request content reject if { path /no }",
            "http-request set-header X-P %[var(txn.p)]").Get("/yes").Get("/no").Expect("x-p: /yes"),
        HAProxyCase.InFrontend("connections refused by rule", "tcp-request connection reject if { src 127.0.0.1 }").Get("/"),
        HAProxyCase.InFrontend("connections accepted by rule", "tcp-request connection accept if { src 127.0.0.1 }", "tcp-request connection reject").Get("/").Expect("200"),
        HAProxyCase.Of(
            "another address by a rule",
            """
            frontend f
                bind 127.0.0.1:{port}
                http-request set-src req.hdr(x-real-ip)
                http-request set-header X-Src %[src]
                default_backend b
            backend b
                server s1 {s1}

            """).Get("/", "X-Real-Ip: 192.0.2.9").Get("/", "X-Real-Ip: junk").Get("/").Expect("x-src: 192.0.2.9"),
        HAProxyCase.InFrontend("early hints", "http-request early-hint Link \"</a.css>\"", "http-request set-header X-After 1").Request("GET / HTTP/1.0", "Host: h"),
        HAProxyCase.InFrontend("quotes and escapes", "http-request set-header X-Q \"a b\\\"c\"", "http-request set-header X-S 'single $HOME'", "http-request set-header X-E a\\ b\\#c # comment")
            .Get("/").Expect("x-e: a b#c"),
        HAProxyCase.InFrontend("an old-style redirect behind the rules", "redirect location /r if { path /old }", "http-request set-header X 1").Get("/old").Get("/new").Expect("302"),
        HAProxyCase.InFrontend(
            "an old-style redirect behind allow",
            "redirect location /r%[path] code 301 if { path /old }", "redirect prefix / drop-query if { path /self }", "redirect code 303 prefix /p",
            "http-request allow if { path /old }").Get("/old").Get("/self?a=b").Get("/new?a=b").Expect("/r%[path]", "/p/new?a=b"),
        HAProxyCase.InBackend("an old-style redirect of a backend", "redirect scheme https if { path /s }", "redirect location /l set-cookie A=%b")
            .Get("/s").Get("/x").Expect("https://h.example/s", "A=%b"),
        HAProxyCase.InFrontend(
            "error pages made for each exchange",
            "http-error status 404 content-type text/plain string lost", "http-error status 404 default-errorfiles",
            "http-error status 429 content-type text/plain lf-string \"%[path] %[method]\" hdr X-A %[path]",
            "http-request deny deny_status 404 if { path /404 }", "http-request deny deny_status 429").Get("/404").Get("/429").Expect("could not be found", "/429 GET"),
        HAProxyCase.Of(
            "error pages of the backend, the frontend and defaults",
            """
            http-errors site
                errorfile 403 {dir}/site.http
                errorfile 404 {dir}/site.http
            defaults
                mode http
                timeout connect 1s
                timeout client 1s
                timeout server 1s
                errorloc 429 http://defaults/429
                errorloc 403 http://defaults/403
            frontend f
                bind 127.0.0.1:{port}
                errorfiles site 403
                http-request deny deny_status 404 if { path /f404 }
                http-request deny deny_status 429 if { path /f429 }
                http-request deny if { path /f403 }
                default_backend b
            backend b
                errorloc303 404 http://b/404
                http-request deny deny_status 404 if { path /404 }
                http-request deny deny_status 429 if { path /429 }
                http-request deny if { path /403 }
                server s1 {s1}

            """).File("site.http", "HTTP/1.1 403 Site\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nsite\n")
            .Get("/f404").Get("/f429").Get("/f403").Get("/404").Get("/429").Get("/403").Get("/").Expect("403 Site", "http://b/404", "http://defaults/403"),
        HAProxyCase.InFrontend("an empty error page closes", "errorfile 403 /dev/null", "http-request deny").Get("/").Expect("closed without a response"),
        HAProxyCase.InFrontend(
            "a reply's format from a file", "http-request return status 202 content-type text/plain lf-file {dir}/a.lf hdr X-A %[path]")
            .File("a.lf", "path %[path]\n100%% \"of\" it\n").Get("/p").Expect("path /p", "100% \"of\" it"),
        HAProxyCase.InBackend("a tarpit in a backend", "timeout tarpit 100ms", "http-request tarpit deny_status 429").Get("/").Expect("429"),
        HAProxyCase.Of(
            "users and groups",
            """
            userlist site
                group admins
                group all users al,bo
                user al password $5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5 groups admins
                user bo insecure-password b
            frontend f
                bind 127.0.0.1:{port}
                http-request auth realm Site unless { http_auth(site) }
                http-request set-header X-Admin 1 if { http_auth_group(site) admins }
                http-request set-header X-All 1 if { http_auth_group(site) all }
                default_backend b
            backend b
                server s1 {s1}

            """).Get("/").Get("/", "Authorization: Basic YWw6SGVsbG8gd29ybGQh").Get("/", "Authorization: Basic Ym86Yg==").Get("/", "Authorization: Basic Ym86Yw==")
            .Expect("x-admin: 1", "401"),
        HAProxyCase.InFrontend("the log's formats in headers", "http-request set-header X-L \"%HM %HP %HQ %HU %HV %b %s %ft %ST %rc\"").Get("/p?q=1"),
    ];
}
