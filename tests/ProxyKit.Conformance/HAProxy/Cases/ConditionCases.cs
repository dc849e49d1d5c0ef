namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Conditions: every match method, flag and combination, by whether a request is denied.</summary>
internal static class ConditionCases
{
    private static readonly string[] Conditions =
    [
        "{ path /a }", "{ path /A }", "{ path -i /A }", "{ path /a /b/c }", "{ path -m beg /b }", "{ path_beg /b }", "{ path_end c }",
        "{ path_sub /c }", "{ path_dir b }", "{ path_dir c }", "{ path_dom b }", "{ path_len 4 }", "{ path_len 1:3 }", "{ path_reg ^/b/.$ }",
        "{ path -m reg -i ^/B }", "{ path -m len gt 3 }", "{ path -m found }", "!{ path -m found }", "{ query -m found }",
        "{ hdr(x) b }", "{ hdr(x) -m sub d,e }", "{ hdr(x,1) b }", "{ hdr(x) -m found }", "{ hdr(none) -m found }", "!{ hdr(none) -m found }",
        "{ hdr_cnt(x) 3 }", "{ hdr_cnt(x) ge 2 }", "{ hdr_cnt(x) lt 2 }", "{ hdr_cnt(x) 2:5 }", "{ hdr_cnt(x) :2 }", "{ hdr_val(n) gt 10 lt 13 }",
        "{ hdr_ip(xff) 10.0.0.1 }", "{ hdr_ip(xff) 9.0.0.0/8 }", "{ hdr_ip(xff) 11.0.0.0/8 }", "{ src 127.0.0.0/8 }", "{ src ::1 }",
        "{ src 10.0.0.0/8 127.0.0.1 }", "{ cook(a) 1 }", "{ cook(a) 2 }", "{ cook_cnt(a) 2 }", "{ hdr_dom(host) h.ex }", "{ hdr_dom(host) ex }",
        "{ hdr_dom(host) x }", "{ hdr_beg(host) h. }", "{ hdr_end(host) .ex }", "{ hdr_len(host) 4 }", "{ hdr_reg(host) ^h }",
        "{ urlp(p) 2 }", "{ urlp(p) 3 }", "{ url_reg a=1 }", "{ method GET POST }", "{ method get }", "{ req.ver 1.1 }", "METH_GET", "METH_POST",
        "HTTP_1.1", "HTTP_1.0", "HTTP_URL_SLASH", "HTTP_URL_STAR", "HTTP_CONTENT", "LOCALHOST", "TRUE", "FALSE", "!FALSE", "TRUE FALSE",
        "FALSE or TRUE", "TRUE !FALSE || FALSE", "! FALSE", "a_path", "!a_path", "a_path b_path", "a_path or b_path", "two_lines",
        "{ acl(a_path) }", "{ acl(!a_path,two_lines) }", "{ str(abc) -m bin 616263 }", "{ int(5) 5 }", "{ int(5) 1:4 }", "{ bool(true) }",
        "{ int(0) -m bool }", "{ always_true }", "{ str(1.5) -m str 1.5 }", "{ req.fhdr(x) \"a, b\" }", "{ hdr(x),upper B }", "{ hdr(x),length 3 }",
        "{ path,field(2,/) b }", "{ path -m str -- -x /a }", "{ base_beg h.ex/ }", "{ base_sub x/b }", "{ url_beg /b }", "{ nbsrv(b) ge 1 }",
        "{ hdr(empty) -m len 0 }", "{ hdr(empty) -m str \"\" }", "{ hdr(none) -m len 0 }", "{ http_auth(users) }", "!{ http_auth(users) }",
        "{ http_auth_group(users) admins }", "{ path -f {dir}/paths.lst }", "{ src -f {dir}/nets.lst }", "{ path -i -f {dir}/paths.lst -f {dir}/more.lst /zz }",
    ];

    private static readonly string[] Words = ["if", "unless"];

    public static IEnumerable<HAProxyCase> All => Conditions.SelectMany(static condition => Words.Select(word => Of(word, condition)));

    private static HAProxyCase Of(string word, string condition)
    {
        var @case = OfAny(word, condition);
        return condition.Contains("acl(", StringComparison.Ordinal) ? @case.Newer("the fetch 'acl' came in 2.9")
            : condition.Contains("\"\"", StringComparison.Ordinal) ? @case.Newer("empty patterns end the line in 2.6")
            : @case;
    }

    private static HAProxyCase OfAny(string word, string condition) => HAProxyCase
        .Of(
            $"{word} {condition}",
            $$"""
            userlist users
                group admins users al
                user al insecure-password a:b
            frontend f
                bind 127.0.0.1:{port}
                acl a_path path /a
                acl b_path path_beg /b
                acl two_lines path /a
                acl two_lines path /b/c
                http-request deny deny_status 429 {{word}} {{condition}}
                default_backend b
            backend b
                server s1 {s1}

            """)
        .File("paths.lst", "# some\n/A\n  /b/c\n\n")
        .File("more.lst", "/zz\n")
        .File("nets.lst", "10.0.0.0/8\n127.0.0.0/8\n")
        .Request(
            "GET /b/c?a=1&p=1&p=2 HTTP/1.1",
            "Host: h.ex",
            "X: a, b",
            "X: \"d,e\"",
            "N: 12abc",
            "Empty:",
            "Xff: junk, 10.0.0.1, 9.9.9.9:80",
            "Cookie: a=1; b=2x; a=3",
            "Authorization: Basic YWw6YTpi");
}
