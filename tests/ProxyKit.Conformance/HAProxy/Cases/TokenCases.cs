using System.Text;

namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Tokens in HAProxy's own words: <c>http_auth_bearer</c>, <c>jwt_verify</c> and the queries, and a gateway made of them.</summary>
internal static class TokenCases
{
    private const string Claims =
        """{"iss":"https://id.example/","aud":"https://api.example","exp":4102444800,"scope":"read:hamsters","sub":"ann","realm":{"roles":["keeper"]}}""";

    private static readonly TestKey Rsa = TestKey.Rsa(), Other = TestKey.Rsa(), Curve = TestKey.Curve(), Curve384 = TestKey.Curve("k1", "ES384"), Curve512 = TestKey.Curve("k1", "ES512");
    private static readonly string[] OfRsa = ["RS256", "RS384", "RS512"], OfPss = ["PS256", "PS384", "PS512"], OfSecrets = ["HS256", "HS384", "HS512"];
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes(new string('s', 32));

    public static IEnumerable<HAProxyCase> All =>
    [
        .. OfRsa.Select(static a => Verify($"GW2-06 {a}", a, "rsa.pem", Rsa.Sign(Claims, a), "1")),
        Verify("GW2-06 ES256", "ES256", "curve.pem", Curve.Sign(Claims), "1"),
        .. OfSecrets.Select(static a => Verify($"GW2-06 {a}", a, null, TestKey.Sign(Claims, Secret, a), "1")),
        .. OfPss.Select(static a => Verify($"GW2-06 {a}", a, "rsa.pem", Rsa.Sign(Claims, a), "1")
            .Newer("2.6 does not verify these: it says -2, an algorithm that is not handled")),
        Verify("GW2-06 ES384", "ES384", "curve384.pem", Curve384.Sign(Claims), "1"),
        Verify("GW2-06 ES512", "ES512", "curve512.pem", Curve512.Sign(Claims), "1"),
        Verify("GW2-07 another key", "RS256", "rsa.pem", Other.Sign(Claims), "0"),
        Verify("GW2-08 the public key as a secret", "RS256", "rsa.pem", TestKey.Sign(Claims, Encoding.ASCII.GetBytes(Rsa.Pem)), "0"),
        Verify("GW2-15 the token abc", "RS256", "rsa.pem", "abc", "-3"),
        Verify("GW2-15 two parts", "RS256", "rsa.pem", "a.b", "-3"),
        Verify("GW2-15 an altered signature", "HS256", null, TestKey.Sign(Claims, Secret)[..^4] + "AAAA", "0"),
        Verify("GW2-15 a signature of an odd length on a curve", "ES256", "curve.pem", "e30.e30." + TestKey.Encode(new byte[63]), "-3"),
        Verify("GW2-15 a short signature on a curve", "ES256", "curve.pem", "e30.e30." + TestKey.Encode(new byte[62]), "0"),
        Verify("GW2-15 no signature", "HS256", null, "e30.e30.", "-3"),
        HAProxyCase.InFrontend(
            "GW2-15 algorithm and key from variables",
            "http-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')",
            $"http-request return status 200 hdr x-code %[http_auth_bearer,jwt_verify(txn.alg,{Encoding.ASCII.GetString(Secret)})]")
            .Get("/", $"Authorization: Bearer {TestKey.Sign(Claims, Secret)}").Expect("x-code: 1")
            .Get("/", $"Authorization: Bearer {TestKey.Sign(Claims, Secret, header: """{"alg":"XX256"}""")}").Expect("x-code: -1")
            .Get("/", $"Authorization: Bearer {Rsa.Sign(Claims)}").Expect("x-code: -5"),
        HAProxyCase.InFrontend(
            "GW2-18 claims by their paths",
            "http-request return status 200 hdr x-sub %[http_auth_bearer,jwt_payload_query('$.sub')] "
            + "hdr x-exp %[http_auth_bearer,jwt_payload_query('$.exp','int')] hdr x-role %[http_auth_bearer,jwt_payload_query('$.realm.roles[0]')] "
            + "hdr x-alg %[http_auth_bearer,jwt_header_query('$.alg')] hdr x-none <%[http_auth_bearer,jwt_payload_query('$.none')]>")
            .Get("/", $"Authorization: Bearer {Rsa.Sign(Claims)}").Expect("x-sub: ann", "x-exp: 4102444800", "x-role: keeper", "x-alg: RS256", "x-none: <>"),
        HAProxyCase.InFrontend(
            "GW2-18 claims by their paths in conditions",
            "http-request deny unless { http_auth_bearer,jwt_payload_query('$.realm.roles[0]') -m str keeper }",
            "http-request deny deny_status 429 if { http_auth_bearer,jwt_payload_query('$.exp','int') -m int lt 4102444800 }")
            .Get("/", $"Authorization: Bearer {Rsa.Sign(Claims)}")
            .Get("/", $"Authorization: Bearer {Rsa.Sign(Claims.Replace("keeper", "guest", StringComparison.Ordinal))}")
            .Get("/", $"Authorization: Bearer {Rsa.Sign(Claims.Replace("4102444800", "4102444799", StringComparison.Ordinal))}")
            .Expect("step 1: HTTP/1.1 200", "step 2: HTTP/1.1 403", "step 3: HTTP/1.1 429"),
        HAProxyCase.InFrontend(
            "GW2-03 the scheme of the field",
            "http-request return status 200 hdr x-token <%[http_auth_bearer]> hdr x-own <%[http_auth_bearer(x-tok)]> hdr x-type <%[http_auth_type]>")
            .Get("/", "Authorization: bearer a.b.c").Get("/", "Authorization: Bearer   a.b").Get("/", "Authorization: Basic YTpi").Get("/")
            .Get("/", "X-Tok: Bearer x.y").Get("/", "X-Tok: Other x.y").Get("/", "Authorization: Bearer"),
        Gateway(),
    ];

    /// <summary>GW2-01 to 04, 09, 11, 12, 16, 19, 21 to 23, in the way that the articles write it: the first thing that is wrong is said.</summary>
    private static HAProxyCase Gateway() => HAProxyCase.Of(
        "GW2 a gateway that tells who may come in",
        """
        frontend api
            bind 127.0.0.1:{port}
            http-request allow if { path_beg /auth/ }
            http-request deny deny_status 403 content-type text/html string "Missing Authorization HTTP header" unless { req.hdr(authorization) -m found }
            http-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')
            http-request set-var(txn.iss) http_auth_bearer,jwt_payload_query('$.iss')
            http-request set-var(txn.aud) http_auth_bearer,jwt_payload_query('$.aud')
            http-request set-var(txn.exp) http_auth_bearer,jwt_payload_query('$.exp','int')
            http-request set-var(txn.scope) http_auth_bearer,jwt_payload_query('$.scope')
            http-request deny deny_status 403 content-type text/html string "Unsupported JWT signing algorithm" unless { var(txn.alg) -m str RS256 }
            http-request deny deny_status 403 content-type text/html string "Invalid JWT issuer" unless { var(txn.iss) -m str https://id.example/ }
            http-request deny deny_status 403 content-type text/html string "Invalid JWT audience" unless { var(txn.aud) -m str https://api.example }
            http-request deny deny_status 403 content-type text/html string "Invalid JWT signature" unless { http_auth_bearer,jwt_verify(txn.alg,"{dir}/rsa.pem") -m int 1 }
            http-request set-var(txn.now) date()
            http-request deny deny_status 403 content-type text/html string "JWT has expired" if { var(txn.exp),sub(txn.now) -m int lt 0 }
            http-request deny if { path_beg /api/hamsters } { method GET } ! { var(txn.scope) -m sub read:hamsters }
            http-request deny if { path_beg /api/hamsters } { method DELETE POST PUT } ! { var(txn.scope) -m sub write:hamsters }
            http-request set-header X-Scope %[var(txn.scope)]
            use_backend auth if { path_beg /auth/ }
            default_backend web
        backend web
            server s1 {s1}
        backend auth
            server s2 {s2}

        """)
        .File("rsa.pem", Rsa.Pem)
        .Get("/api/hamsters")
        .Get("/api/hamsters", "Authorization: Bearer a.b")
        .Get("/api/hamsters", $"Authorization: Bearer {TestKey.Sign(Claims, Secret)}")
        .Get("/api/hamsters", $"Authorization: Bearer {Rsa.Sign(Claims.Replace("id.example/", "id.example", StringComparison.Ordinal))}")
        .Get("/api/hamsters", $"Authorization: Bearer {Rsa.Sign(Claims.Replace("api.example", "web.example", StringComparison.Ordinal))}")
        .Get("/api/hamsters", $"Authorization: Bearer {Other.Sign(Claims)}")
        .Get("/api/hamsters", $"Authorization: Bearer {Rsa.Sign(Claims.Replace("4102444800", "1300819380", StringComparison.Ordinal))}")
        .Get("/api/hamsters", $"Authorization: Bearer {Rsa.Sign(Claims)}", "X-Scope: admin")
        .Request("DELETE /api/hamsters/1 HTTP/1.1", "Host: h.example", $"Authorization: Bearer {Rsa.Sign(Claims)}")
        .Post("/auth/token", "a=b")
        .Get("/api/other", $"Authorization: Bearer {Rsa.Sign(Claims)}")
        .Expect("Missing Authorization", "Unsupported JWT", "Invalid JWT issuer", "Invalid JWT audience", "Invalid JWT signature", "JWT has expired", "x-scope: read:hamsters");

    private static HAProxyCase Verify(string name, string algorithm, string? file, string token, string code) => HAProxyCase.InFrontend(
        $"{name} comes to {code}",
        $"http-request return status 200 hdr x-code %[http_auth_bearer,jwt_verify({algorithm},{(file is null ? Encoding.ASCII.GetString(Secret) : $"\"{{dir}}/{file}\"")})]")
        .File("rsa.pem", Rsa.Pem).File("curve.pem", Curve.Pem).File("curve384.pem", Curve384.Pem).File("curve512.pem", Curve512.Pem)
        .Get("/", $"Authorization: Bearer {token}").Expect($"x-code: {code}");
}
