namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Fetches and converters: what an expression yields, as the body of a reply.</summary>
internal static class ExpressionCases
{
    private static readonly string[] Expressions =
    [
        // constants and casts
        "int(-3)", "str(x)", "bool(true)", "ipv4(1.2.3.4)", "ipv6(::1)", "bin(4a4B),hex", "meth(foo)", "int(258),hex", "ipv4(1.2.3.4),hex",
        "str(12abc),add(1)", "str(abc),add(1)", "bool(true),add(1)", "ipv4(0.0.1.2),add(1)", "int(16909060),ipmask(32)", "str(1.2.3.4),ipmask(24)",

        // integers
        "int(9223372036854775807),add(1)", "int(5),sub(-9223372036854775808)", "int(4611686018427387904),mul(-3)", "int(-7),div(2)",
        "int(-7),div(0)", "int(-7),mod(2)", "int(-7),mod(0)", "int(5),neg,add(8)", "int(-1),and(255)", "int(12),or(3)", "int(12),xor(10)",
        "int(1),cpl", "str(abc),bool", "int(0),not", "int(-3),odd", "int(4),even", "int(-1),htonl,hex", "str(ff),hex2i",

        // text
        "str(Hello),lower", "str(Hello),upper", "str(abc),length", "bin(610062),length", "str(__abc_),ltrim(_)", "str(__abc_),rtrim(_a)",
        "str(f1_f2_f3__f5),field(4,_)", "str(f1_f2_f3__f5),field(6,_)", "str(f1_f2_f3__f5),field(-2,_,3)", "str(f1_f2_f3__f5),field(2,_,9)",
        "str(f1_f2_f3__f5),field(2,_,0)", "str(f1_f2_f3__f5),word(4,_)", "str(f1_f2_f3__f5),word(3,_,2)", "str(f1_),word(1,_,0)",
        "str(___),word(1,_)", "str(f1_f2_f3__f5),word(-1,_)", "str(xa=1&a=2),param(a)", "str(a&b=c),param(a)", "str(abc),concat(-)",
        "str(abc),concat(<,,>)", "str(abc),regsub(x*,-,g)", "str(Hello_World),regsub(O,0,gi)", "str(abcabc),regsub(b,X)",
        "str(abc),regsub(\\\"(b)\\\",\\\"[\\\\1]\\\")", "str(a%20b+c?d+e),url_dec", "str(a%20b+c?d+e),url_dec(1)", "str(a%2),url_dec",
        "str(a b/c),url_enc", "str(a/b),json", "str(\\\"fr;q=0.5,en;q=0.8,de\\\"),language(\\\"fr;en\\\")", "str(en),language(\\\"en-US\\\",none)",

        // encodings
        "str(ab),base64", "str(YWI=),b64dec", "str(YWI),b64dec", "str(YWI),ub64dec", "bin(ff),ub64enc", "bin(010a),hex",
        "bin(01020304050607),be2hex(--,2,1)", "bin(01020304050607),be2dec(:,2)", "bin(7f000001),be2dec(.,1)", "bin(01020304050607),le2dec(:,2)",
        "str(abcdef),bytes(2,99)", "str(abcdef),bytes(6)", "str(abcdef),bytes(1,2)",

        // hashes
        "str(abc),crc32", "str(abc),crc32(1)", "str(),crc32", "str(abc),crc32c", "str(abc),djb2", "str(abc),djb2(1)", "str(abc),sdbm",
        "str(abc),wt6", "str(abc),wt6(1)", "str(abc),xxh32", "str(abc),xxh32(5)", "str(abc),xxh64", "str(),xxh64", "str(abc),xxh3",
        "str(abc),sha1,hex", "str(abc),sha2,hex", "str(abc),sha2(512),hex", "str(abc),digest(md5),hex", "str(abc),hmac(sha256,Zm9v),hex",

        // the request
        "method", "path", "url", "query", "base", "req.ver", "url_param(a)", "urlp(b)", "urlp(p)", "req.hdr(x)", "req.hdr(x,1)", "req.hdr(x,-2)",
        "req.hdr(x,9)", "req.fhdr(x)", "req.hdr_cnt(x)", "req.fhdr_cnt(x)", "req.hdr_cnt(none)", "req.hdr_val(n)", "req.hdr_ip(xff)",
        "req.hdr_names", "req.cook(a)", "req.cook(b)", "req.cook(q)", "req.cook(none)", "req.cook_cnt(a)", "req.cook_cnt", "req.cook_val(b)",
        "base32", "url32", "http_auth_user", "http_auth_pass", "http_auth_bearer(x-tok)", "src", "dst", "fe_name", "fe_id", "http_first_req",
        "capture.req.method", "capture.req.uri", "capture.req.ver", "req.hdr(host),field(1,:),lower", "req.hdr(none),lower", "hdr(none),length",
        "path,field(2,/)", "path,word(2,/)", "query,param(a)", "req.hdrs,length", "ssl_fc", "always_true", "always_false", "nbsrv(b)", "be_conn(b)",
        "srv_is_up(b/s1)", "var(txn.none)", "var(txn.none,dflt)", "req.body_len", "req.body_size", "fe_conn,bool",
    ];

    /// <summary>What Debian's HAProxy does not know.</summary>
    private static readonly string[] Newer = [",param(", ",le2dec("];

    public static IEnumerable<HAProxyCase> All => Expressions.Select(Of);

    private static HAProxyCase Of(string expression)
    {
        var @case = OfAny(expression);
        return Newer.Any(word => expression.Contains(word, StringComparison.Ordinal)) ? @case.Newer("the converter came later") : @case;
    }

    private static HAProxyCase OfAny(string expression) => HAProxyCase
        .InFrontend(
            $"the expression {expression}",
            $"http-request return status 200 content-type text/plain lf-string \"<%[{expression}]>\"")
        .Request(
            "GET /a/b;j=1?a=1&b=two&p=1&p=2 HTTP/1.1",
            "Host: H.ex:80",
            "X: a, b",
            "X: \"d,e\" , f",
            "N: 12abc",
            "Xff: junk, 10.0.0.1, 9.9.9.9:80",
            "Cookie: a=1; b=2x; a=3; q=\"x;y\"; flag; e=; z=9",
            "Authorization: Basic YWw6YTpi")
        .Expect("200 OK");
}
