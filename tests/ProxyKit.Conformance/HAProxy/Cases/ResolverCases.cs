namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Names that are looked up while the proxy runs.</summary>
internal static class ResolverCases
{
    private const string Resolvers = """
        resolvers dns
            nameserver ns1 {dns}
            hold valid 10s

        """;

    private const string ToHost = """
        frontend f
            bind 127.0.0.1:{port}
            http-request do-resolve(txn.to,dns,ipv4) req.hdr(x-to),lower
            http-request return status 404 hdr X-To <%[var(txn.to)]> unless { var(txn.to) -m found }
            http-request set-header X-Address %[var(txn.to)]
            http-request set-dst var(txn.to)
            default_backend b
        backend b
            server any 0.0.0.0:{p1}

        """;

    public static IEnumerable<HAProxyCase> All =>
    [
        HAProxyCase.Of("do-resolve sends a request where a name is", Resolvers + ToHost).Naming("a.test", "127.0.0.1")
            .Get("/", "X-To: a.test").Get("/", "X-To: A.Test").Expect("x-address: 127.0.0.1"),
        HAProxyCase.Of("do-resolve of a name that is not there", Resolvers + ToHost).Naming("a.test", "127.0.0.1")
            .Get("/", "X-To: b.test").Get("/").Get("/", "X-To: a b").Get("/", "X-To: a..test").Expect("404"),
        HAProxyCase.Of("do-resolve of a name without addresses", Resolvers + ToHost).Naming("a.test").Get("/", "X-To: a.test").Expect("404"),
        HAProxyCase.InFrontend(
            "do-resolve without a family takes IPv6 first", "http-request do-resolve(txn.to,dns) req.hdr(x-to)", "http-request set-header X-To %[var(txn.to)]")
            .With(Resolvers).Naming("both.test", "192.0.2.1", "2001:db8::1").Naming("four.test", "192.0.2.1").Naming("six.test", "2001:db8::1")
            .Get("/", "X-To: both.test").Get("/", "X-To: four.test").Get("/", "X-To: six.test").Expect("x-to: 2001:db8::1", "x-to: 192.0.2.1"),
        HAProxyCase.InFrontend(
            "do-resolve leaves a variable as it was", "http-request set-var(txn.to) str(before)", "http-request do-resolve(txn.to,dns,ipv4) str(none.test)",
            "http-request set-header X-To %[var(txn.to)]").With(Resolvers).Naming("a.test", "192.0.2.1").Get("/").Expect("x-to: before"),
        HAProxyCase.Of(
            "tcp-request content do-resolve",
            Resolvers + """
            frontend f
                bind 127.0.0.1:{port}
                mode tcp
                tcp-request content do-resolve(sess.to,dns,ipv4) str(a.test)
                tcp-request content set-dst var(sess.to)
                default_backend b
            backend b
                mode tcp
                server any 0.0.0.0:{p2}

            """).Naming("a.test", "127.0.0.1").Get("/").Expect("s2"),
    ];
}
