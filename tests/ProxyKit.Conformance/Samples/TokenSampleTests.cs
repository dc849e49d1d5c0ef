using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ProxyKit.Conformance.Samples;

/// <summary>Who may come in and for how much, as the samples have it.</summary>
public sealed class TokenSampleTests : SampleTest
{
    private readonly RSA _key = RSA.Create(2048);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        _key.Dispose();
    }

    [Fact] // GW2-01 to GW2-03
    public async Task Request_without_a_token_is_refused()
    {
        var origin = OkOrigin();
        await StartTokensAsync("token-check", origin);

        Assert.Equal((403, "Missing Authorization HTTP header"), await RefusalAsync());
        Assert.Equal(403, (await AskAsync("/api/hamsters", $"X-Token: {Token()}")).Status);
        Assert.Equal(403, (await AskAsync("/api/hamsters", "Authorization: Bearer a.b")).Status);
        Assert.Equal(403, (await AskAsync("/api/hamsters", "Authorization: Bearer a.b.c.d")).Status);
        Assert.Equal(403, (await AskAsync("/api/hamsters", $"Authorization: Bearer {Token()}.d")).Status);
        Assert.Equal(403, (await AskAsync("/api/hamsters", "Authorization: Basic x")).Status);
        Assert.Empty(origin.Requests);
    }

    /// <summary>GW2-03: HAProxy's own words take the scheme in any case; where the articles' library is to be followed, a rule asks for its case.</summary>
    [Theory]
    [InlineData("Bearer", false, 200)]
    [InlineData("bearer", false, 200)]
    [InlineData("Bearer", true, 200)]
    [InlineData("bearer", true, 403)]
    public async Task Scheme_is_taken_in_any_case_unless_a_rule_minds(string scheme, bool minds, int status)
    {
        var rule = minds ? "http-request deny unless { req.hdr(authorization) -m beg \"Bearer \" }" : "";
        File.WriteAllText(Path.Combine(Certificates, "token.pem"), _key.ExportSubjectPublicKeyInfoPem());
        await StartSampleAsync("token-check", text => text.Replace("acl is_api", $"{rule}\n    acl is_api", StringComparison.Ordinal), OkOrigin());

        Assert.Equal(status, (await AskAsync("/api/hamsters", $"Authorization: {scheme} {Token()}")).Status);
    }

    /// <summary>GW2-15: what comes of looking at the signature is logged, and nothing but 1 is good.</summary>
    [Theory]
    [InlineData("", 200, "1")]
    [InlineData("abc", 403, "-3")]
    [InlineData("a.b", 403, "-3")]
    [InlineData("altered", 403, "0")]
    public async Task Code_of_a_refused_token_is_logged(string flaw, int status, string code)
    {
        File.WriteAllText(Path.Combine(Certificates, "token.pem"), _key.ExportSubjectPublicKeyInfoPem());
        var origin = OkOrigin();
        await StartSampleAsync(
            "plans-by-token",
            static text => text
                .Replace("option httplog", "log-format \"%ST %[var(txn.code)]\"", StringComparison.Ordinal)
                .Replace("http-request deny unless asks_for_token or {", "http-request set-var(txn.code) var(txn.bearer),jwt_verify(RS256,\"${CERTS-/etc/ssl/private}/token.pem\")\n"
                    + "    http-request deny unless { var(txn.code) -m int 1 }\n    http-request deny unless asks_for_token or {", StringComparison.Ordinal),
            origin);
        var token = flaw switch
        {
            "abc" or "a.b" => flaw,
            "altered" => Altered(Token(scope: "gold")),
            _ => Token(scope: "gold"),
        };

        Assert.Equal(status, (await AskAsync("/", $"Authorization: Bearer {token}")).Status);

        Assert.Equal($"{status} {code}", (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message);
        Assert.Equal(status == 200 ? 1 : 0, origin.Requests.Count);

        static string Altered(string token) => token[..^10] + (token[^10] == 'A' ? 'B' : 'A') + token[^9..];
    }

    [Theory] // GW2-04 to GW2-13, GW2-21
    [InlineData("", "")]
    [InlineData("alg", "Unsupported JWT signing algorithm")]
    [InlineData("none", "Unsupported JWT signing algorithm")]
    [InlineData("confused", "Unsupported JWT signing algorithm")]
    [InlineData("key", "Invalid JWT signature")]
    [InlineData("expired", "JWT has expired")]
    [InlineData("eternal", "JWT has expired")]
    [InlineData("issuer", "Invalid JWT issuer")]
    [InlineData("audience", "Invalid JWT audience")]
    public async Task Token_is_refused_for_what_is_wrong_with_it(string flaw, string reason)
    {
        var origin = OkOrigin();
        await StartTokensAsync("token-check", origin);

        var response = await AskAsync("/api/hamsters", $"Authorization: Bearer {Token(flaw)}");

        Assert.Equal(flaw.Length == 0 ? (200, "ok") : (403, reason), (response.Status, response.Text));
        Assert.Equal(flaw.Length == 0 ? 1 : 0, origin.Requests.Count);
    }

    [Fact] // GW2-09
    public async Task Token_is_good_until_it_expires()
    {
        await StartTokensAsync("token-check", OkOrigin());
        var token = Token();
        Assert.Equal(200, (await AskAsync("/api/hamsters", $"Authorization: Bearer {token}")).Status);

        Pass(61);

        Assert.Equal(403, (await AskAsync("/api/hamsters", $"Authorization: Bearer {token}")).Status);
    }

    [Theory] // GW2-19, GW2-20
    [InlineData("GET", "read:hamsters", 200)]
    [InlineData("DELETE", "read:hamsters", 403)]
    [InlineData("DELETE", "read:hamsters write:hamsters", 200)]
    [InlineData("GET", "write:hamsters", 403)]
    [InlineData("GET", "read:hamsters-archive", 403)]
    [InlineData("GET", "read:hamsters2", 403)]
    [InlineData("POST", "write:hamsters", 200)]
    [InlineData("PUT", "write:hamsters", 200)]
    [InlineData("POST", "read:hamsters", 403)]
    public async Task Scope_allows_what_its_words_say(string method, string scope, int status)
    {
        await StartTokensAsync("token-check", OkOrigin());

        Assert.Equal(status, (await AskAsync(method, "/api/hamsters/1", ["Content-Length: 0", $"Authorization: Bearer {Token(scope: scope)}"])).Status);
    }

    [Fact] // GW2-16, GW2-22
    public async Task Service_is_told_what_the_token_says_and_not_what_the_client_says()
    {
        var origin = OkOrigin();
        await StartTokensAsync("token-check", origin);

        await AskAsync("/api/hamsters", $"Authorization: Bearer {Token()}", "X-Scope: everything", "X-Client: boss");

        Assert.Equal(("read:hamsters", "acme-corp"), (origin.Requests[0]["x-scope"], origin.Requests[0]["x-client"]));
        Assert.Equal(2, origin.Requests[0].Headers.Count(static h => h.Name.ToLowerInvariant() is "x-scope" or "x-client")); // none of the client's is left
    }

    [Fact] // GW2-23, MON-03
    public async Task Way_to_a_token_is_open()
    {
        var identity = OkOrigin();
        await StartTokensAsync("token-check", OkOrigin(), identity);

        Assert.Equal(200, (await AskAsync("POST", "/auth/token", ["Content-Length: 0"])).Status);
        Assert.Single(identity.Requests);
    }

    [Fact] // MON-01, MON-02, MON-04, MON-05, MON-07, MON-08
    public async Task Plan_of_the_token_says_how_many_requests_fit_into_a_minute()
    {
        await StartTokensAsync("plans-by-token", OkOrigin(), OkOrigin());
        var bronze = $"Authorization: Bearer {Token(scope: "bronze")}";

        Assert.Equal(Runs((20, 403)), await StatusesAsync(20, "/", "Authorization: Bearer a.b.c"));
        Assert.Equal(Runs((11, 200), (3, 429)), await StatusesAsync(14, "/", bronze));
        Assert.Contains("You have sent too many requests in a given amount of time.", (await AskAsync("/", bronze)).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await AskAsync("/", $"Authorization: Bearer {Token(scope: "silver")}")).Status);
        Assert.Equal(Runs((12, 200)), await StatusesAsync(12, "/auth/x"));
        Assert.Equal(403, (await AskAsync("/", $"Authorization: Bearer {Token(scope: "platinum")}")).Status);
    }

    [Fact] // MON-07, MON-09
    public async Task Who_is_refused_is_let_in_a_minute_after_the_last_request_that_was_served()
    {
        await StartTokensAsync("plans-by-token", OkOrigin(), OkOrigin());
        await StatusesAsync(11, "/", $"Authorization: Bearer {Token(scope: "bronze", seconds: 3600)}");

        for (var i = 0; i < 11; i++)
        {
            Pass(5);
            Assert.Equal(429, (await AskAsync("/", $"Authorization: Bearer {Token(scope: "bronze", seconds: 3600)}")).Status);
        }

        Pass(12); // and what was served may have ended a step later than it was answered
        Assert.Equal(200, (await AskAsync("/", $"Authorization: Bearer {Token(scope: "bronze", seconds: 3600)}")).Status);
    }

    [Fact] // MON-08, MON-20 to MON-23
    public async Task Tiers_count_by_client_and_exactly()
    {
        var (origin, fast) = (OkOrigin(), OkOrigin());
        await StartTokensAsync("tiers", origin, fast, OkOrigin());
        string Bearer(string scope) => $"Authorization: Bearer {Token(scope: scope)}";

        Assert.Equal(Runs((10, 200), (2, 429)), await StatusesAsync(12, "/", Bearer("read:x bronze")));
        Assert.Equal(403, (await AskAsync("/", Bearer("goldfish"))).Status);
        Assert.Equal(200, (await AskAsync("/usage", Bearer("bronze"))).Status);
        Assert.Equal(Runs((12, 200)), await StatusesAsync(12, "/auth/x"));
        Assert.Equal((5, 5), (origin.Requests.Count, fast.Requests.Count));
        Assert.Equal(Runs((3, 200)), await StatusesAsync(3, "/", Bearer("gold")));
        Assert.Equal(8, fast.Requests.Count); // where it prefers to be
    }

    [Fact] // MON-10
    public async Task Plan_stands_in_the_log()
    {
        await StartTokensAsync("plans-by-token", OkOrigin(), OkOrigin());

        await AskAsync("/", $"Authorization: Bearer {Token(scope: "silver")}");

        Assert.Contains(" {silver} ", (await LoggedAsync()).Text, StringComparison.Ordinal);
    }

    [Theory] // I5-12 to I5-17
    [InlineData("/", null, 200)]
    [InlineData("/admin", null, 401)]
    [InlineData("/admin", "alice:secret", 200)]
    [InlineData("/admin", "alice:wrong", 401)]
    [InlineData("/admin", "bob:secret", 200)]
    [InlineData("/admin/keys", "alice:secret", 200)]
    [InlineData("/admin/keys", "bob:secret", 403)]
    public async Task Password_opens_a_part_of_the_site(string target, string? credentials, int status)
    {
        var origin = OkOrigin();
        await StartSampleAsync("basic-auth", origin);

        var response = await AskAsync(
            target, credentials is null ? [] : [$"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}"]);

        Assert.Equal((status, status == 401 ? "Basic realm=\"Admin Area\"" : null), (response.Status, response["www-authenticate"]));
        Assert.All(origin.Requests, static r => Assert.Null(r["authorization"]));
    }

    private async Task<(int Status, string Text)> RefusalAsync()
    {
        var response = await AskAsync("/api/hamsters");
        return (response.Status, response.Text);
    }

    private Task StartTokensAsync(string name, params WireOrigin[] servers)
    {
        File.WriteAllText(Path.Combine(Certificates, "token.pem"), _key.ExportSubjectPublicKeyInfoPem());
        return StartSampleAsync(name, servers);
    }

    /// <summary>A token.</summary>
    /// <param name="flaw">What is wrong with it.</param>
    /// <param name="scope">Its scope.</param>
    /// <param name="seconds">For how long it is good.</param>
    private string Token(string flaw = "", string scope = "read:hamsters", int seconds = 60)
    {
        var now = Time.GetUtcNow().ToUnixTimeSeconds();
        var algorithm = flaw switch
        {
            "alg" => "RS384",
            "none" => "none",
            "confused" => "HS256",
            _ => "RS256",
        };
        var payload = new Dictionary<string, object>
        {
            ["iss"] = flaw == "issuer" ? "https://id.example" : "https://id.example/",
            ["aud"] = flaw == "audience" ? "https://elsewhere.example" : "https://api.example/hamsters",
            ["scope"] = scope,
            ["clientId"] = "acme-corp",
            ["exp"] = now + (flaw == "expired" ? -1 : seconds),
        };
        if (flaw == "eternal")
        {
            payload.Remove("exp");
        }

        var text = $"{Part(new Dictionary<string, object> { ["alg"] = algorithm, ["typ"] = "JWT" })}.{Part(payload)}";
        return $"{text}.{Base64Url.EncodeToString(Sign(flaw, Encoding.ASCII.GetBytes(text)))}";
    }

    private byte[] Sign(string flaw, byte[] text)
    {
        switch (flaw)
        {
            case "none":
                return [];
            case "confused":
                return HMACSHA256.HashData(Encoding.ASCII.GetBytes(_key.ExportSubjectPublicKeyInfoPem()), text);
            case "alg":
                return _key.SignData(text, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1);
            case "key":
                using (var other = RSA.Create(2048))
                {
                    return other.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                }

            default:
                return _key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    private static string Part(Dictionary<string, object> claims) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));
}
