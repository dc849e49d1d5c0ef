using System.Globalization;

namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>How servers are chosen: the same requests go to the same servers.</summary>
internal static class BalanceCases
{
    private static readonly string[] Weighted = ["weight 1", "weight 2", "weight 3", "weight 5"];

    private static readonly string[] Hosts =
    [
        "www.shop.example.org", "shop.example.org", "example.org", "localhost", "a.b", "www.example.org:8080", "a.b.c.d.e", "x.", "one.two.three",
        "api.other.test", "10.0.0.1",
    ];

    public static IEnumerable<HAProxyCase> All =>
    [
        .. Hashes(), .. Rotations(), .. Groups(), .. Uris(), .. Parameters(), .. Headers(), .. Expressions(), .. Sources(), .. RdpCookies(), .. Newer(),
    ];

    private static IEnumerable<HAProxyCase> Hashes() =>
        from placement in (string[])["map-based", "consistent"]
        from function in (string[])["", "sdbm", "sdbm avalanche", "djb2", "djb2 avalanche", "wt6", "wt6 avalanche", "crc32", "crc32 avalanche"]
        select Of($"hash-type {placement} {function}", ["balance uri", $"hash-type {placement} {function}"], Weighted)
            .Many(24, static (c, i) => c.Get(string.Create(CultureInfo.InvariantCulture, $"/item/{i * 37}")));

    private static IEnumerable<HAProxyCase> Rotations() =>
        from algorithm in (string[])["roundrobin", "static-rr"]
        from weights in (string[][])[["1", "1", "1", "1"], ["3", "1"], ["4", "2", "2"], ["5", "3", "2", "1"], ["1", "30", "7"], ["0", "2", "2"], ["100", "50", "50", "25"], ["10"]]
        select Of($"{algorithm} by weights {string.Join(':', weights)}", [$"balance {algorithm}"], [.. weights.Select(static w => $"weight {w}")])
            .Many(30, static (c, i) => c.Get(string.Create(CultureInfo.InvariantCulture, $"/{i}")));

    private static IEnumerable<HAProxyCase> Groups() =>
    [
        Of("leastconn, one after the other", ["balance leastconn"], Weighted).Many(60, Numbered),
        Of("first by position", ["balance first"], ["", "", ""]).Many(3, Numbered).Expect("s1 received"),
        Of("first by id without limits", ["balance first"], ["id 7", "id 3", "id 5"]).Many(3, Numbered).Expect("s2 received"),
        Of("the first backup alone", ["balance roundrobin"], ["weight 0", "backup weight 0", "backup weight 3", "backup"]).Many(6, Numbered).Expect("s3 received"),
        Of("all backups", ["balance roundrobin", "option allbackups"], ["weight 0", "backup", "backup weight 2", "backup"]).Many(8, Numbered),
        Of("backups idle", ["balance roundrobin", "option allbackups"], ["", "backup", "weight 2", "backup"]).Many(8, Numbered),
        Of("all weights 0", ["balance roundrobin"], ["weight 0", "weight 0"]).Many(2, Numbered).Expect("503"),
        Of("all weights 0, by a hash", ["balance uri", "hash-type consistent"], ["weight 0", "weight 0"]).Many(2, Numbered).Expect("503"),
        Of("a hash and the first backup", ["balance uri"], ["weight 0", "backup", "backup"]).Many(6, Numbered).Expect("s2 received"),
        Of("a hash and all backups", ["balance uri", "hash-type consistent", "option allbackups"], ["weight 0", "backup", "backup weight 4"]).Many(12, Numbered),
        Of("consistent by ids", ["balance uri", "hash-type consistent"], ["id 20", "id 3", "id 11", "id 70000"]).Many(24, Numbered),
        Of("consistent by ids, in another order", ["balance uri", "hash-type consistent"], ["id 11", "id 20", "id 3"]).Many(24, Numbered),
        Of("consistent by ids, some of them by position", ["balance uri", "hash-type consistent"], ["", "id 9", "", "id 2000"]).Many(24, Numbered),
        Of("consistent with large weights", ["balance uri", "hash-type consistent"], ["weight 256", "weight 1", "weight 100"]).Many(24, Numbered),
        Of("consistent with one that takes nothing", ["balance uri", "hash-type consistent"], ["weight 3", "weight 0", "weight 2"]).Many(24, Numbered),
        Of("hash-balance-factor without load", ["balance uri", "hash-type consistent", "hash-balance-factor 120"], Weighted).Many(12, Numbered),
        Of("hash-type from defaults", ["balance uri"], Weighted, "hash-type consistent djb2 avalanche").Many(12, Numbered),
        Of("balance without a word", ["balance"], ["", "", ""]).Many(6, Numbered),
    ];

    private static IEnumerable<HAProxyCase> Uris() =>
    [
        .. from arguments in (string[])["", "whole", "len 4", "depth 1", "depth 2", "depth 3", "depth 2 path-only", "len 12 depth 2", "whole depth 2", "path-only", "whole path-only len 9"]
           select Of($"uri {arguments}", [$"balance uri {arguments}", "hash-type map-based crc32"], Weighted)
               .Get("/").Get("/a").Get("/a/b").Get("/a/b/c").Get("/a/b/c/d?x=/1/2").Get("/a?x").Get("/a?y").Get("/a/?y").Get("//a//b").Get("/long/name/of/a/thing.html")
               .Request("GET http://h.example/a/b/c?x HTTP/1.1", "Host: h.example")
               .Request("OPTIONS * HTTP/1.1", "Host: h.example"),
        Of("uri behind set-path", ["http-request set-path /same/path", "balance uri"], Weighted).Get("/a").Get("/b").Get("/c"),
    ];

    private static IEnumerable<HAProxyCase> Parameters() =>
    [
        .. from placement in (string[])["map-based", "consistent wt6"]
           select Of($"url_param, {placement}", ["balance url_param id", $"hash-type {placement}"], Weighted)
               .Get("/?id=1").Get("/?id=2").Get("/?a=1&id=2").Get("/?uid=1&id=3").Get("/?id=").Get("/?id=%31").Get("/?ID=1").Get("/?id").Get("/?id&id=7").Get("/")
               .Get("/?id=5;id=6").Get("/?xid=4").Get("/x?id=a?id=b").Get("/?&&id=4").Get("/?none").Get("/?id=1"),
        Of("url_param in a body", ["balance url_param id check_post", "hash-type map-based djb2"], Weighted)
            .Post("/", "id=1").Post("/", "id=2").Post("/", "a=b&id=3").Post("/?id=4", "id=1").Post("/", "uid=1").Post("/", "").Post("/", "id=").Post("/", "\0\x01id=9")
            .Post("/", "a=1&id=77&b=2"),
        Of("url_param in a body without check_post", ["balance url_param id"], Weighted).Post("/", "id=1").Post("/", "id=2").Post("/", "id=3").Post("/", "x=1"),
        Of("url_param missing takes turns", ["balance url_param id", "hash-type consistent"], ["", "", ""]).Get("/").Get("/").Get("/").Get("/").Get("/"),
    ];

    private static IEnumerable<HAProxyCase> Headers() =>
    [
        .. from placement in (string[])["map-based", "consistent crc32"]
           select Of($"hdr, {placement}", ["balance hdr(X-Key)", $"hash-type {placement}"], Weighted)
               .Get("/", "X-Key: a").Get("/", "x-key: b").Get("/", "X-Key: c, d").Get("/", "X-Key: e", "X-Key: f").Get("/", "X-Key:").Get("/").Get("/", "X-Key: , g")
               .Get("/", "X-Key: \"a,b\", c").Get("/", "X-Key:   h  ").Get("/", "X-Key: a"),
        Of("hdr, the domain alone", ["balance hdr(x-host) use_domain_only", "hash-type map-based crc32"], Weighted)
            .Many(Hosts.Length, static (c, i) => c.Get("/", $"X-Host: {Hosts[i]}", "X: 1")), // HAProxy looks at the byte behind the name
        Of("hdr missing takes turns", ["balance hdr(x-key)"], ["weight 2", "weight 1"]).Get("/").Get("/").Get("/").Get("/").Get("/").Get("/"),
    ];

    private static IEnumerable<HAProxyCase> Expressions() =>
    [
        .. from placement in (string[])["map-based", "consistent"]
           select Of($"hash of a text, {placement}", ["balance hash req.hdr(x-room),lower", $"hash-type {placement}"], Weighted)
               .Get("/", "X-Room: Blue").Get("/", "X-Room: BLUE").Get("/", "X-Room: green").Get("/").Get("/", "X-Room:").Get("/", "X-Room: red").Get("/").Get("/"),
        Of("hash of a number", ["balance hash path,length"], Weighted).Get("/").Get("/a").Get("/aa").Get("/aaa").Get("/aaaa"),
        Of("hash of an address", ["http-request set-src hdr(x-src)", "balance hash src", "hash-type map-based crc32"], Weighted)
            .Get("/", "X-Src: 10.0.0.1").Get("/", "X-Src: 10.0.0.2").Get("/", "X-Src: 2001:db8::1").Get("/", "X-Src: 2001:db8::2"),
        Of("hash of bytes", ["balance hash path,sha1", "hash-type consistent wt6"], Weighted).Many(8, Numbered),
        Of("hash of a truth", ["balance hash ssl_fc"], Weighted).Get("/a"),
        Of("hash of a variable", ["http-request set-var(txn.k) url_param(k)", "balance hash var(txn.k)"], Weighted).Get("/?k=1").Get("/?k=2").Get("/?k=3").Get("/"),
    ];

    private static IEnumerable<HAProxyCase> Sources() =>
        from placement in (string[])["map-based", "consistent", "map-based sdbm avalanche", "consistent djb2"]
        select Of($"source, {placement}", ["http-request set-src hdr(x-src)", "balance source", $"hash-type {placement}"], Weighted)
            .Get("/", "X-Src: 10.0.0.1").Get("/", "X-Src: 10.0.0.2").Get("/", "X-Src: 10.0.0.3").Get("/", "X-Src: 192.168.7.200").Get("/", "X-Src: 255.255.255.255")
            .Get("/", "X-Src: ::1").Get("/", "X-Src: 0:0:0:1::").Get("/", "X-Src: 2001:db8::1").Get("/", "X-Src: 2001:db8:1:2:3:4:5:6").Get("/", "X-Src: fe80::7");

    private static IEnumerable<HAProxyCase> RdpCookies() =>
        from line in (string[])["balance rdp-cookie", "balance rdp-cookie\n    hash-type consistent"]
        select HAProxyCase.Of(
            line,
            $$"""
            listen f
                mode tcp
                bind 127.0.0.1:{port}
                tcp-request inspect-delay 2s
                tcp-request content accept if { rdp_cookie(mstshash) -m found }
                {{line}}
                server s1 {s1}
                server s2 {s2} weight 2
                server s3 {s3} weight 3
                server s4 {s4}

            """).Many(8, static (c, i) => c.Raw($"GET /?abcdeCookie: mstshash=user{i} HTTP/1.1\r\nHost: h\r\n\r\n".Replace("Cookie: ", "Cookie:", StringComparison.Ordinal)));

    private static IEnumerable<HAProxyCase> Newer() =>
    [
        Of("hash-type none", ["balance uri whole", "hash-type map-based none"], ["", "", "", ""]).Get("/12").Newer("the function 'none' is of 2.8").Expect("s1 received"),
        Of("hash of a number as it is", ["balance hash url_param(n)", "hash-type map-based none"], ["", "", "", ""]).Get("/?n=7").Newer("the function 'none' is of 2.8").Expect("s4 received"),
        Of("hash-key addr-port", ["balance uri", "hash-type consistent"], ["hash-key addr-port", "hash-key id32", "hash-key guid guid a:b", "hash-key addr"])
            .Get("/1").Newer("hash-key is of 2.9").Expect("200"),
        Of("hash-preserve-affinity", ["balance uri", "hash-type consistent", "hash-preserve-affinity maxqueue"], ["", ""]).Get("/1").Newer("it is of 3.2").Expect("200"),
        Of("sticky", ["balance sticky"], ["", "", ""]).Get("/1").Get("/2").Newer("it is of 3.0").Expect("s1 received"),
    ];

    private static HAProxyCase Numbered(HAProxyCase c, int i) => c.Get(string.Create(CultureInfo.InvariantCulture, $"/n{i}"));

    private static HAProxyCase Many(this HAProxyCase c, int count, Func<HAProxyCase, int, HAProxyCase> step) =>
        Enumerable.Range(0, count).Aggregate(c, step);

    private static HAProxyCase Of(string name, string[] lines, string[] servers, string defaults = "") => HAProxyCase.Of(
        name,
        $"""
            {defaults}
        frontend f
            bind 127.0.0.1:{"{port}"}
            default_backend b
        backend b
        {string.Concat(lines.Select(static l => $"    {l}\n"))}
        {string.Concat(servers.Select(static (s, i) => $"    server s{i + 1} {{s{i + 1}}} {s}\n"))}

        """);
}
