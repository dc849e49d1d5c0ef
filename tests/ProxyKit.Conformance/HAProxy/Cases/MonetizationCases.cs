using System.Security.Cryptography;
using System.Text;

namespace ProxyKit.Conformance.HAProxy.Cases;

/// <summary>Plans by the scope of a token, counted in a stick table, and who is refused. With the clock going on, and by their ids, they stand in
/// <see cref="Gateway.MonetizationTests"/>.</summary>
internal static class MonetizationCases
{
    private static readonly string Bronze = "Authorization: Bearer " + Token("bronze");
    private static readonly string Silver = "Authorization: Bearer " + Token("silver");

    public static IEnumerable<HAProxyCase> All =>
    [
        Plans("a plan's requests are counted, and one more passes than its number").Get("/", Bronze).Get("/", Bronze).Get("/", Bronze).Get("/", Bronze).Get("/", Bronze)
            .Expect("429 Too Many Requests", "You have sent too many requests in a given amount of time."),
        Plans("another plan counts on").Get("/", Bronze).Get("/", Bronze).Get("/", Bronze).Get("/", Bronze).Get("/", Silver).Expect("429 Too Many Requests", "200 OK"),
        Plans("a bad token counts nowhere").Get("/").Get("/").Get("/").Get("/").Get("/", Bronze + "x").Get("/", "Authorization: Basic YTpi").Get("/", Bronze)
            .Expect("403 Forbidden", "200 OK"),
        Plans("what fetches a token needs none").Get("/auth/a").Get("/auth/b").Get("/auth/c").Get("/auth/d").Get("/auth/e").Expect("200 OK"),
        Plans("a refusal keeps the connection").Get("/", Bronze).Then("/", Bronze).Then("/", Bronze).Then("/", Bronze).Then("/", Silver).Expect("429 Too Many Requests"),
    ];

    private static HAProxyCase Plans(string name) => HAProxyCase.InFrontend(
        name,
        "stick-table type ip size 100k expire 1m store http_req_cnt",
        "acl is_auth path_beg /auth/",
        "http-request deny if !is_auth !{ http_auth_bearer -m found }",
        "http-request set-var(txn.alg) http_auth_bearer,jwt_header_query('$.alg')",
        "http-request set-var(txn.scope) http_auth_bearer,jwt_payload_query('$.scope')",
        "http-request deny if !is_auth !{ var(txn.alg) -m str HS256 }",
        "http-request deny if !is_auth !{ http_auth_bearer,jwt_verify(txn.alg,\"a-secret-of-at-least-32-characters\") -m int 1 }",
        "http-request deny deny_status 429 if !is_auth { var(txn.scope) -m sub bronze } { src_http_req_cnt gt 2 }",
        "http-request deny deny_status 429 if !is_auth { var(txn.scope) -m sub silver } { src_http_req_cnt gt 20 }",
        "http-request track-sc0 src unless is_auth");

    private static string Token(string scope)
    {
        var text = $"{Encode("{\"alg\":\"HS256\"}")}.{Encode($"{{\"scope\":\"{scope}\"}}")}";
        return $"{text}.{System.Buffers.Text.Base64Url.EncodeToString(HMACSHA256.HashData("a-secret-of-at-least-32-characters"u8, Encoding.ASCII.GetBytes(text)))}";
    }

    private static string Encode(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
