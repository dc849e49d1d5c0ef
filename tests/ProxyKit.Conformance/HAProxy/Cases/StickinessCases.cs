namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>What brings clients back to the server they had: cookies. Stick tables and rules are in <see cref="DirectionCases"/>.</summary>
internal static class StickinessCases
{
    private const string OwnStatus = "2.6 refuses it with the status that the server gave, and a page for that";

    private static readonly string[] SetCookies =
        ["HTTP/1.1 200 OK", "Set-Cookie: LB=own; path=/x", "Set-Cookie: other=1", "Content-Length: 0", "", ""];

    public static IEnumerable<HAProxyCase> All =>
    [
        Cookie("insert tells newcomers once", "insert").Get("/").Get("/", "Cookie: LB=b").Get("/", "Cookie: LB=a")
            .Expect("set-cookie: LB=a; path=/", "x-t: --NI", "x-t: --VN"),
        Cookie("insert takes out what the server sets", "insert").Answering(SetCookies).Get("/").Get("/", "Cookie: LB=b").Expect("x-t: --VD"),
        Cookie("insert lets the server see the cookie", "insert").Get("/", "Cookie: x=1; LB=b; y=2").Expect("cookie: x=1; LB=b; y=2"),
        Cookie("indirect keeps the cookie from the server", "insert indirect").Get("/", "Cookie: LB=b").Get("/", "Cookie: LB=b; y=2").Get("/", "Cookie: x=1; LB=b")
            .Get("/", "Cookie: x=1; LB=b; y=2").Get("/", "Cookie: x=1 ;  LB=b ;y=2").Get("/", "Cookie: LB=b;LB=a;y=2").Expect("cookie: x=1; y=2"),
        Cookie("indirect with several fields", "insert indirect").Get("/", "Cookie: x=1", "Cookie: LB=b", "Cookie: LB=a; z=3").Expect("cookie: z=3"),
        Cookie("indirect takes out what the server sets", "insert indirect").Answering(SetCookies).Get("/").Get("/", "Cookie: LB=b").Expect("x-t: --NI", "x-t: --VD"),
        Cookie("indirect and what describes a cookie", "insert indirect").Get("/", "Cookie: $Version=1; LB=b; $Path=/").Get("/", "Cookie: $Version=1; x=1; LB=b; $Path=/")
            .Get("/", "Cookie: LB=b; $Path=/; y=2"),
        Cookie("values in quotes are as they stand", "insert indirect").Get("/", "Cookie: x=\"a;LB=b\"; y=1").Get("/", "Cookie: LB=\"b\"").Get("/", "Cookie: x=\"1;\"; LB=b")
            .Expect("cookie: x=\"a;LB=b\"; y=1", "x-t: --II"),
        Cookie("an unknown value is replaced", "insert indirect").Get("/", "Cookie: LB=zzz").Get("/", "Cookie: LB=").Get("/", "Cookie: LB=; y=1").Expect("x-t: --II"),
        Cookie("names have their case", "insert").Get("/", "Cookie: lb=b").Get("/", "Cookie: LBx=b").Get("/", "Cookie: xLB=b").Expect("x-t: --NI"),
        Cookie("several cookies of the name", "insert").Get("/", "Cookie: LB=b; LB=a").Get("/", "Cookie: LB=zz; LB=b").Get("/", "Cookie: LB=b", "Cookie: LB=zz").Expect("x-t: --VN"),
        Cookie("an item without a value", "insert indirect").Get("/", "Cookie: LB; LB=b; x").Get("/", "Cookie: ; LB=b;;x=1").Expect("x-t: --VN"),
        Cookie("blanks around the cookie", "insert").Get("/", "Cookie:   LB=b  ").Get("/", "Cookie: x=1;LB=b").Expect("x-t: --VN"),
        Cookie("a comma ends a cookie too", "insert indirect").Get("/", "Cookie: LB=b,x=1").Get("/", "Cookie: x=1, LB=b, y=2").Expect("x-t: --VN"),
        Cookie("nocache tells caches", "insert nocache").Answering("HTTP/1.1 200 OK", "ETag: 1", "Content-Length: 0", "", "").Get("/").Get("/", "Cookie: LB=b").Post("/", "x")
            .Expect("cache-control: private"),
        Cookie("nocache where caches cannot tell", "insert nocache").Get("/").Expect("set-cookie: LB=a"),
        Cookie("nocache and an age", "insert nocache").Answering("HTTP/1.1 200 OK", "Cache-Control: max-age=5, must-revalidate", "Content-Length: 0", "", "").Get("/")
            .Expect("cache-control: private"),
        Cookie("nocache and pragma", "insert nocache").Answering("HTTP/1.1 200 OK", "Pragma: No-Cache", "Cache-Control: max-age=5", "Content-Length: 0", "", "").Get("/")
            .Expect("set-cookie: LB=a"),
        Cookie("nocache where caches keep nothing", "insert nocache").Answering("HTTP/1.1 200 OK", "ETag: 1", "Cache-Control: max-age=5, no-store", "Content-Length: 0", "", "").Get("/")
            .Expect("set-cookie: LB=a"),
        Cookie("nocache by status", "insert nocache").Answering("HTTP/1.1 302 Found", "ETag: 1", "Location: /", "Content-Length: 0", "", "").Get("/").Expect("set-cookie: LB=a"),
        Cookie("nocache where it is said to be public", "insert nocache").Answering("HTTP/1.1 302 Found", "ETag: 1", "Cache-Control: public", "Content-Length: 0", "", "").Get("/").Post("/", "x")
            .Expect("cache-control: private"),
        Cookie("postonly", "insert postonly").Get("/").Post("/", "x").Expect("x-t: --NN", "x-t: --NI"),
        Cookie("preserve leaves the server's cookie", "insert preserve").Answering(SetCookies).Get("/").Get("/", "Cookie: LB=b").Expect("x-t: --NP"),
        Cookie("preserve without the server's cookie", "insert preserve").Get("/").Expect("x-t: --NI"),
        Cookie("preserve with indirect", "indirect preserve").Answering(SetCookies).Get("/").Get("/", "Cookie: LB=b").Expect("x-t: --VP"),
        Cookie("indirect alone", "indirect").Answering(SetCookies).Get("/").Get("/", "Cookie: LB=b; x=1").Expect("x-t: --VD", "x-t: --NP"),
        Cookie("attributes and their order", "insert secure httponly domain .a.example domain b.example attr SameSite=Lax attr Max-Age=9").Get("/")
            .Expect("LB=a; path=/; domain=.a.example; domain=b.example; HttpOnly; Secure; SameSite=Lax; Max-Age=9"),
        Cookie("rewrite", "rewrite").Answering(SetCookies).Get("/").Get("/", "Cookie: LB=b").Expect("set-cookie: LB=a; path=/x", "set-cookie: LB=b; path=/x", "x-t: --VR"),
        Cookie("rewrite where the server sets nothing", "rewrite").Get("/").Get("/", "Cookie: LB=b").Expect("x-t: --NN"),
        Cookie("rewrite of odd fields", "rewrite").Answering("HTTP/1.1 200 OK", "Set-Cookie: LB=\"a;b\" ; path=/", "Set-Cookie: LB=; secure", "Set-Cookie: LB", "Content-Length: 0", "", "").Get("/"),
        Cookie("prefix", "prefix").Answering(SetCookies).Get("/").Get("/", "Cookie: LB=b~own; x=1").Expect("set-cookie: LB=a~own; path=/x", "cookie: LB=own; x=1", "x-t: --VR"),
        Cookie("prefix ends at the first tilde", "prefix").Get("/", "Cookie: LB=b~a~c").Get("/", "Cookie: LB=b").Get("/", "Cookie: LB=~b").Get("/", "Cookie: LB=zz~own").Get("/", "Cookie: LB=b~")
            .Expect("cookie: LB=a~c"),
        Cookie("passive", "").Answering(SetCookies).Get("/").Get("/", "Cookie: LB=b").Get("/", "Cookie: LB=zz").Expect("set-cookie: LB=own", "x-t: ----"),
        Cookie("a date where none is kept", "insert").Get("/", "Cookie: LB=b|ABCDE").Get("/", "Cookie: LB=b|ABCDE|ABCDE").Get("/", "Cookie: LB=b|zz").Expect("x-t: --VU"),
        Cookie("maxidle, just seen", "insert maxidle 60").Get("/", "Cookie: LB=b|{date+8}").Expect("x-t: --VN"),
        Cookie("maxidle, seen before", "insert maxidle 60").Get("/", "Cookie: LB=b|{date-30}").Get("/", "Cookie: LB=b").Expect("set-cookie: LB=b|(date); path=/", "x-t: --VU"),
        Cookie("maxidle, too long ago", "insert maxidle 60").Get("/", "Cookie: LB=b|{date-90}").Get("/", "Cookie: LB=b|{date+100000}").Expect("x-t: --EI"),
        Cookie("maxlife, new", "insert maxlife 60").Get("/").Get("/", "Cookie: LB=b").Expect("set-cookie: LB=a|(date)|(date); path=/", "x-t: --VU"),
        Cookie("maxlife, within it", "insert maxlife 60").Get("/", "Cookie: LB=b|{date+8}|{date-30}").Expect("x-t: --VN"),
        Cookie("maxlife, over", "insert maxlife 60").Get("/", "Cookie: LB=b|{date+8}|{date-90}").Get("/", "Cookie: LB=b|{date+8}|{date+100000}").Expect("x-t: --OI"),
        Cookie("maxlife and maxidle", "insert maxlife 1h maxidle 60").Get("/", "Cookie: LB=b|{date-20}|{date-90}").Get("/", "Cookie: LB=b|{date-80}|{date-90}").Expect("x-t: --VU", "x-t: --EI"),
        Cookie("dates that are none", "insert maxidle 60 maxlife 60").Get("/", "Cookie: LB=b|****").Get("/", "Cookie: LB=b|*****|*****").Get("/", "Cookie: LB=b|AAAAA|AAAAA").Get("/", "Cookie: LB=b||").Get("/", "Cookie: LB=|ABCDE")
            .Expect("x-t: --VU"),
        HAProxyCase.Of(
            "dynamic cookies leave what is said alone",
            """
            frontend f
                bind 127.0.0.1:{port}
                default_backend b
            backend b
                cookie LB insert dynamic
                dynamic-cookie-key s3cret
                server s1 {s1} weight 0
                server s2 {s2} cookie fixed

            """).Get("/").Get("/", "Cookie: LB=fixed").Expect("set-cookie: LB=fixed"),
        HAProxyCase.Of(
            "a server without a value takes the cookie away",
            """
            frontend f
                bind 127.0.0.1:{port}
                http-after-response set-header x-t %tsc
                default_backend b
            backend b
                cookie LB insert domain a.example secure
                server s1 {s1} weight 0 cookie a
                server s2 {s2}

            """).Get("/").Get("/", "Cookie: LB=a").Get("/", "Cookie: LB=zz").Expect("set-cookie: LB=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/; domain=a.example; Secure", "x-t: --NI"),
        HAProxyCase.Of(
            "a weight of 0 keeps those who are bound",
            """
            frontend f
                bind 127.0.0.1:{port}
                http-after-response set-header x-t %tsc
                default_backend b
            backend b
                cookie LB insert
                server s1 {s1} weight 0 cookie a
                server s2 {s2} cookie b

            """).Get("/").Get("/", "Cookie: LB=a").Expect("x-t: --VN", "set-cookie: LB=b"),
        HAProxyCase.Of(
            "servers may share a value",
            """
            frontend f
                bind 127.0.0.1:{port}
                default_backend b
            backend b
                cookie LB insert
                server s1 {s1} cookie a
                server s2 {s2} cookie b
                server s3 {s3} cookie b

            """).Get("/", "Cookie: LB=b").Get("/", "Cookie: LB=b").Expect("s2 received"),
        HAProxyCase.Of(
            "ignore-persist",
            """
            frontend f
                bind 127.0.0.1:{port}
                http-after-response set-header x-t %tsc
                default_backend b
            backend b
                cookie LB insert indirect
                ignore-persist if { path_end .css }
                server s1 {s1} cookie a
                server s2 {s2} cookie b weight 0

            """).Get("/a.css").Get("/a.css", "Cookie: LB=b; x=1").Get("/", "Cookie: LB=b").Expect("x-t: --UN", "x-t: --VN", "x-t: --NN"),
        HAProxyCase.Of(
            "the first rule about persistence counts",
            """
            frontend f
                bind 127.0.0.1:{port}
                http-after-response set-header x-t %tsc
                default_backend b
            backend b
                cookie LB insert
                force-persist if { path_beg /x }
                ignore-persist if { path_end .css }
                server s1 {s1} cookie a
                server s2 {s2} cookie b

            """).Get("/x.css", "Cookie: LB=b").Get("/y.css", "Cookie: LB=b").Expect("x-t: --VN", "x-t: --UN"),
        HAProxyCase.Of(
            "replies of the proxy's own set no cookie",
            """
            frontend f
                bind 127.0.0.1:{port}
                http-after-response set-header x-t %tsc
                http-request deny if { path /f }
                default_backend b
            backend b
                cookie LB insert
                http-request deny if { path /no }
                http-request redirect location /x if { path /r }
                http-request set-var(txn.path) path
                http-response deny if { var(txn.path) -m str /late }
                server s1 {s1} cookie a

            """).Get("/f").Get("/no").Get("/r").Get("/late").Get("/no", "Cookie: LB=a").Expect("x-t: ----", "x-t: --NN"),
        Refusing("a bound server that refuses is left with the last attempt", "retries 1", "option redispatch").Get("/", "Cookie: LB=b").Expect("x-t: --DI", "x-r: +1", "set-cookie: LB=a"),
        Refusing("a bound server that refuses is kept to without redispatch", "retries 2").Get("/", "Cookie: LB=b").Expect("503", "x-t: --VN", "x-r: 2"),
        Refusing("redispatch with every second retry", "retries 3", "option redispatch 2").Get("/", "Cookie: LB=b").Expect("x-t: --DI", "x-r: +2"),
        Refusing("redispatch with every retry", "option redispatch 1").Get("/", "Cookie: LB=b").Expect("x-r: +1"),
        Refusing("redispatch with the last but one", "option redispatch -2").Get("/", "Cookie: LB=b").Expect("x-r: +2"),
        Refusing("a redispatch of 0 is none", "option redispatch 0", "retries 1").Get("/", "Cookie: LB=b").Expect("x-r: 1", "503"),
        Refusing("force-persist forbids redispatch", "option redispatch 1", "retries 1", "force-persist if { path /x }").Get("/x", "Cookie: LB=b").Get("/", "Cookie: LB=b").Expect("x-t: --VN", "x-r: 1"),
        Checkcache("checkcache", "ETag: 1").Newer(OwnStatus).Expect("502"),
        Checkcache("checkcache and what no cache would keep", "X: 1").Expect("200 OK"),
        Checkcache("checkcache and private", "ETag: 1\r\nCache-Control: private").Expect("200 OK"),
        Checkcache("checkcache and no-cache of the cookie", "Cache-Control: max-age=5, no-cache=\"set-cookie\"").Expect("200 OK"),
        Checkcache("checkcache and pragma", "ETag: 1\r\nPragma: no-cache").Expect("200 OK"),
        Checkcache("checkcache and max-age 0", "ETag: 1\r\nCache-Control: max-age=0").Expect("200 OK"),
        Checkcache("checkcache and public", "ETag: 1\r\nCache-Control: no-cache, public").Newer(OwnStatus).Expect("502"),
    ];

    private static HAProxyCase Cookie(string name, string options) => HAProxyCase.Of(
        name,
        $$"""
        frontend f
            bind 127.0.0.1:{port}
            http-after-response set-header x-t %tsc
            default_backend b
        backend b
            cookie LB {{options}}
            server s1 {s1} cookie a
            server s2 {s2} cookie b weight 0

        """);

    /// <summary>Two servers, of which the second refuses all connections.</summary>
    private static HAProxyCase Refusing(string name, params string[] lines) => HAProxyCase.Of(
        name,
        $$"""
        frontend f
            bind 127.0.0.1:{port}
            http-after-response set-header x-t %tsc
            http-after-response set-header x-r %rc
            default_backend b
        backend b
            cookie LB insert
            timeout connect 50ms
            {{string.Join("\n    ", lines)}}
            server s1 {s1} cookie a
            server s2 {dead} cookie b

        """);

    private static HAProxyCase Checkcache(string name, string field) => HAProxyCase.InBackend(name, "option checkcache")
        .Answering(["HTTP/1.1 200 OK", .. field.Split("\r\n"), "Set-Cookie: a=1", "Content-Length: 0", "", ""]).Get("/");
}
