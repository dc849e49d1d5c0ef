using ProxyKit.Identities;
using ProxyKit.Runtime;

namespace ProxyKit.Conformance.Authentication;

/// <summary>Tokens decide who comes in: GW2-01 to GW2-23. Those about HAProxy's own language stand in <c>HAProxy/Cases/TokenCases</c>, GW2-24 needs
/// HTTP/2.</summary>
public sealed class BearerTests() : ProxyTest(Carrier.Sockets)
{
    private const string Issuer = "https://id.example/", Audience = "https://api.example/";

    private readonly TestKey _key = TestKey.Rsa();
    private readonly TestAuthority _files = new();
    private WireOrigin? _origin;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _key.Dispose();
        _files.Dispose();
    }

    /// <summary>GW2-01: the token is read from Authorization.</summary>
    [Fact]
    public async Task Token_is_read_from_Authorization_alone()
    {
        await StartAsync();

        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Good()}"));
        Assert.Equal(200, await StatusAsync($"authorization:   bEARER   {Good()} "));
        Assert.Equal(401, await StatusAsync($"X-Token: {Good()}"));
    }

    /// <summary>GW2-02: without one nobody comes in, and the server sees nothing; 403 by choice.</summary>
    [Theory]
    [InlineData(401, "Bearer realm=\"public\"")]
    [InlineData(403, null)]
    public async Task Request_without_credentials_is_refused(int status, string? challenge)
    {
        await StartAsync(frontend: f => f.RefuseUnauthenticated(status));

        var response = await AskAsync();

        Assert.Equal((status, challenge), (response.Status, response["WWW-Authenticate"]));
        Assert.Empty(_origin!.Requests);
        Assert.Equal("PR", (await LoggedAsync()).End);
    }

    /// <summary>GW2-03: a malformed field is refused.</summary>
    [Theory]
    [InlineData("Bearer a.b", "malformed")]
    [InlineData("Bearer a.b.c.d", "malformed")]
    [InlineData("Bearer", "malformed")]
    [InlineData("Bearer a b", "malformed")]
    [InlineData("Basic YTpi", "needed")]
    [InlineData("Bearera.b.c", "needed")]
    public async Task Malformed_credentials_are_refused(string value, string reason)
    {
        await StartAsync(frontend: f => f.RefuseUnauthenticated(401, tellsReason: true));

        var response = await AskAsync($"Authorization: {value}");

        Assert.Equal(401, response.Status);
        Assert.Contains(reason, response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_Authorization_fields_are_refused_whichever_is_good()
    {
        await StartAsync();

        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {Good()}", "Authorization: Bearer a.b.c"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {Good()}", "Authorization: Basic YTpi"));
    }

    /// <summary>GW2-04: the first failure in the stated order is the reason, and the log has it.</summary>
    [Fact]
    public async Task First_failure_is_the_reason_that_the_log_has()
    {
        await StartAsync();
        using var other = TestKey.Rsa();

        await AskAsync($"Authorization: Bearer {other.Sign("""{"exp":1,"iss":"x"}""", header: """{"alg":"HS999"}""")}");
        await AskAsync($"Authorization: Bearer {other.Sign("""{"exp":1,"iss":"x"}""")}");
        await AskAsync($"Authorization: Bearer {_key.Sign("""{"exp":1,"iss":"x"}""")}");
        await AskAsync($"Authorization: Bearer {_key.Sign(Claims(iss: "x", aud: "\"x\""))}");

        Assert.Equal(
            ["The algorithm of the token is not allowed", "The signature of the token is wrong", "The token has expired", "The issuer of the token is not the right one"],
            Log.Entries.Where(static e => e.Category == "ProxyKit" && e.Message.Contains("did not let", StringComparison.Ordinal))
                .Select(static e => e.Message.Split(": ")[^1]));
    }

    /// <summary>GW2-05 and 06: algorithms are those of the key, or fewer.</summary>
    [Theory]
    [InlineData("RS256", 200)]
    [InlineData("RS384", 200)]
    [InlineData("RS512", 200)]
    [InlineData("PS256", 200)]
    [InlineData("PS384", 200)]
    [InlineData("PS512", 200)]
    [InlineData("RS384", 401, "RS256", "HS256")]
    [InlineData("RS256", 200, "RS256", "HS256")]
    public async Task Algorithms_are_those_of_the_key_or_fewer(string algorithm, int status, params string[] allowed)
    {
        await StartAsync(jwt => jwt.Algorithm(allowed));

        Assert.Equal(status, await StatusAsync($"Authorization: Bearer {_key.Sign(Claims(), algorithm)}"));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task Key_on_a_curve_verifies_by_the_algorithm_of_its_curve(string algorithm)
    {
        using var key = TestKey.Curve("k1", algorithm);
        await StartAsync(jwt => jwt.KeyFile(_files.Write("curve.pem", key.Pem)));

        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {key.Sign(Claims())}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {key.Sign(Claims(), algorithm == "ES256" ? "ES512" : "ES256")}"));
    }

    [Fact]
    public async Task Token_that_is_not_signed_is_refused()
    {
        await StartAsync();

        var none = $"{TestKey.Encode("""{"alg":"none"}""")}.{TestKey.Encode(Claims())}";

        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {none}."));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {none}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {none}.YWI"));
    }

    /// <summary>GW2-08: a public key is never taken for a secret.</summary>
    [Fact]
    public async Task Public_key_is_never_taken_for_a_secret()
    {
        await StartAsync(jwt => jwt.Secret(new string('s', 32)));

        var forged = TestKey.Sign(Claims(), System.Text.Encoding.UTF8.GetBytes(_key.Pem), header: """{"alg":"HS256","kid":"k1"}""");

        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {forged}"));
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {TestKey.Sign(Claims(), [.. Enumerable.Repeat((byte)'s', 32)])}"));
    }

    /// <summary>GW2-09: no grace behind the expiry, be the token remembered or not.</summary>
    [Fact]
    public async Task Token_is_good_until_it_expires()
    {
        await StartAsync();
        var token = _key.Sign(Claims(expiresIn: 60));

        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {_key.Sign(Claims(expiresIn: -1))}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {_key.Sign(Claims(expiresIn: 0))}"));
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {token}"));
        Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {token}"));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {token}"));
    }

    [Fact]
    public async Task Skew_of_clocks_is_allowed_for_at_both_ends()
    {
        await StartAsync(jwt => jwt.ClockSkew(TimeSpan.FromSeconds(10)));

        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {_key.Sign(Claims(expiresIn: -9))}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {_key.Sign(Claims(expiresIn: -10))}"));
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {_key.Sign(Claims(more: $",\"nbf\":{Now + 10}"))}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {_key.Sign(Claims(more: $",\"nbf\":{Now + 11}"))}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {_key.Sign(Claims(more: $",\"iat\":{Now + 11}"))}"));
    }

    /// <summary>GW2-10: a token without exp is refused cleanly.</summary>
    [Theory]
    [InlineData("""{"iss":"https://id.example/","aud":"https://api.example/"}""", "does not say when it expires")]
    [InlineData("""{"exp":"4000000000"}""", "malformed")]
    [InlineData("""{"exp":1e400}""", "malformed")]
    [InlineData("""{"exp":99999999999999999999}""", "malformed")]
    [InlineData("""{"exp":-1}""", "malformed")]
    [InlineData("""{"exp":null}""", "malformed")]
    [InlineData("""{"exp":4000000000,"exp":1}""", "twice")]
    public async Task Token_without_a_usable_expiry_is_refused_and_the_next_served(string claims, string reason)
    {
        await StartAsync(frontend: f => f.RefuseUnauthenticated(401, tellsReason: true));

        var response = await AskAsync($"Authorization: Bearer {_key.Sign(claims)}");

        Assert.Equal(401, response.Status);
        Assert.Contains(reason, response.Text, StringComparison.Ordinal);
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Good()}"));
    }

    /// <summary>GW2-11, GW2-12, GW2-13: issuer and audience.</summary>
    [Theory]
    [InlineData(Issuer, "\"https://api.example/\"", 200)]
    [InlineData("https://id.example", "\"https://api.example/\"", 401)]
    [InlineData(Issuer, "[\"X\",\"B\"]", 200)]
    [InlineData(Issuer, "[\"X\"]", 401)]
    [InlineData(Issuer, "\"C\"", 401)]
    [InlineData(Issuer, "[]", 401)]
    [InlineData(Issuer, "{\"B\":1}", 401)]
    public async Task Issuer_is_compared_whole_and_one_audience_suffices(string issuer, string audience, int status)
    {
        await StartAsync(jwt => jwt.Audience("B"));

        Assert.Equal(status, await StatusAsync($"Authorization: Bearer {_key.Sign(Claims(issuer, audience))}"));
    }

    [Fact]
    public async Task Issuer_and_audience_are_not_asked_where_none_is_configured()
    {
        _origin = OkOrigin();
        await StartAsync(_origin, f => f.Authenticate(jwt => jwt.KeyFile(_files.Write("key.pem", _key.Pem))));

        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {_key.Sign($"{{\"exp\":{Now + 60}}}")}"));
    }

    /// <summary>GW2-14: a key that is not there stops the start, by its name.</summary>
    [Fact]
    public async Task Missing_key_file_stops_the_start()
    {
        var refused = await Assert.ThrowsAsync<ProxyConfigurationException>(() =>
            StartAsync(OkOrigin(), f => f.Authenticate(jwt => jwt.KeyFile("/nowhere/id.pem"))));

        Assert.Contains("frontend \"public\" > Authentication > could not load the key '/nowhere/id.pem'", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>GW2-16 and 22: claims go to the server, in the place of what the client said.</summary>
    [Fact]
    public async Task Claims_go_to_the_server_and_replace_what_the_client_said()
    {
        await StartAsync(frontend: f => f.OnAuthenticated(r => r
            .SetHeader("X-Client", Value.Claim("sub"))
            .SetHeader("X-Scope", Value.Claim("scope"))
            .SetHeader("X-Role", Value.Claim("realm.roles[0]"))));

        await AskAsync($"Authorization: Bearer {Good()}", "X-Scope: admin", "X-Scope: root");

        var request = await _origin!.RequestAsync();
        Assert.Equal(("ann", "read:hamsters", "keeper"), (request["X-Client"], request["X-Scope"], request["X-Role"]));
        Assert.Single(request.Headers, static h => h.Name.Equals("X-Scope", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>GW2-17: what a token claims that is not believed decides nothing.</summary>
    [Fact]
    public async Task Claims_of_a_token_that_is_not_believed_decide_nothing()
    {
        var (web, admin) = (OkOrigin(), OkOrigin());
        _origin = web;
        await StartAsync(p => p
            .AddFrontend("public", f => Protect(f.Bind("127.0.0.1:0"))
                .OnRequest(r => r.Deny(404, Match.Claim("scope"))) // before it is verified there is none
                .Route(Match.Scope("admin"), to: "admin")
                .DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", web.Address))
            .AddBackend("admin", b => b.AddServer("s9", admin.Address)));
        using var other = TestKey.Rsa();

        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {other.Sign(Claims(scope: "admin"))}"));
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Good()}"));
        Assert.Empty(admin.Requests);
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {_key.Sign(Claims(scope: "a admin"))}"));
        Assert.Single(admin.Requests);
    }

    /// <summary>GW2-19 and 20: scopes by method and path, as whole words.</summary>
    [Theory]
    [InlineData("read:hamsters", "GET", 200)]
    [InlineData("read:hamsters", "DELETE", 403)]
    [InlineData("write:hamsters", "POST", 200)]
    [InlineData("write:hamsters", "GET", 403)]
    [InlineData("read:hamsters-archive", "GET", 403)]
    [InlineData("a read:hamsters b", "GET", 200)]
    [InlineData("read:hamsters write:hamsters", "PATCH", 403)]
    public async Task Scope_decides_by_method_and_path_as_a_whole_word(string scope, string method, int status)
    {
        await StartAsync(frontend: f => f
            .RequireScope("read:hamsters", Match.Method("GET") & Match.Path("/api/hamsters/*"))
            .RequireScope("write:hamsters", Match.Method("POST", "PUT", "DELETE") & Match.Path("/api/hamsters/*"))
            .Authorize(ScopePolicy.Parse("""
                GET /api/hamsters/* -> read:hamsters
                POST|PUT|DELETE /api/hamsters/* -> write:hamsters
                """)));

        var response = await SendAsync(method, "/api/hamsters/1", $"Authorization: Bearer {_key.Sign(Claims(scope: scope))}");

        Assert.Equal(status, response.Status);
        if (status == 403)
        {
            Assert.StartsWith("Bearer realm=\"public\", error=\"insufficient_scope\"", response["WWW-Authenticate"], StringComparison.Ordinal);
        }
    }

    /// <summary>GW2-21: each refusal may have a text of its own.</summary>
    [Fact]
    public async Task Each_refusal_has_its_own_text()
    {
        using var other = TestKey.Rsa();
        await StartAsync(frontend: f => f
            .RefuseUnauthenticated(403, tellsReason: true)
            .RefuseUnauthenticated(AuthenticationFault.Expired, Reply.Text("<p>Log in again</p>", "text/html", 403)));

        string[] bodies =
        [
            (await AskAsync()).Text,
            (await AskAsync($"Authorization: Bearer {_key.Sign(Claims(), header: """{"alg":"none"}""")}")).Text,
            (await AskAsync($"Authorization: Bearer {_key.Sign(Claims(iss: "x"))}")).Text,
            (await AskAsync($"Authorization: Bearer {_key.Sign(Claims(aud: "\"x\""))}")).Text,
            (await AskAsync($"Authorization: Bearer {other.Sign(Claims())}")).Text,
            (await AskAsync($"Authorization: Bearer {_key.Sign(Claims(expiresIn: -1))}")).Text,
        ];

        Assert.Equal(6, bodies.Distinct().Count());
        Assert.Equal("<p>Log in again</p>", bodies[^1]);
    }

    [Fact]
    public async Task Refusal_of_a_token_says_what_is_wrong_in_its_challenge()
    {
        await StartAsync();

        var response = await AskAsync($"Authorization: Bearer {_key.Sign(Claims(expiresIn: -1))}");

        Assert.Equal("Bearer realm=\"public\", error=\"invalid_token\", error_description=\"The token has expired\"", response["WWW-Authenticate"]);
    }

    [Theory]
    [InlineData("/auth/../api/hamsters")]
    [InlineData("/auth/%2e%2e/api/hamsters")]
    [InlineData("//api/hamsters")]
    public async Task Path_that_a_server_may_take_for_another_is_refused(string path)
    {
        await StartAsync();

        Assert.Equal(400, (await SendAsync("GET", path)).Status);
        Assert.Equal(400, (await SendAsync("GET", path, $"Authorization: Bearer {Good()}")).Status);
        Assert.Empty(_origin!.Requests);
    }

    [Fact]
    public async Task Paths_of_any_spelling_are_let_in_by_choice()
    {
        await StartAsync(frontend: static f => f.Configure(static o => o.Authentication.AllowsAmbiguousPaths = true));

        Assert.Equal(200, (await SendAsync("GET", "//api/hamsters", $"Authorization: Bearer {Good()}")).Status);
    }

    /// <summary>GW2-23: what is needed to get a token is excepted.</summary>
    [Fact]
    public async Task Excepted_paths_need_no_token()
    {
        await StartAsync();

        Assert.Equal(200, (await SendAsync("POST", "/auth/token", "Content-Length: 0")).Status);
        Assert.Equal(401, (await SendAsync("POST", "/author", "Content-Length: 0")).Status);
    }

    [Fact]
    public async Task Users_code_sees_who_it_is()
    {
        var seen = "";
        await StartAsync(frontend: f => f.OnAuthenticated(r => r.Run("see", e => seen = e.Principal + " " + e.Principal?.Claims.Contains("realm.roles", "keeper"))));

        await AskAsync($"Authorization: Bearer {Good()}");

        Assert.Equal("jwt ann True", seen);
    }

    [Fact]
    public async Task Next_request_of_the_connection_has_to_say_who_it_is_again()
    {
        await StartAsync();
        await using var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", $"Authorization: Bearer {Good()}", "", "");
        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        Assert.Equal(401, (await client.ReadResponseAsync()).Status);
    }

    private long Now => Time.GetUtcNow().ToUnixTimeSeconds();

    private string Good() => _key.Sign(Claims());

    private string Claims(string iss = Issuer, string aud = $"\"{Audience}\"", int expiresIn = 600, string scope = "read:hamsters", string more = "") =>
        $$"""{"iss":"{{iss}}","aud":{{aud}},"exp":{{Now + expiresIn}},"sub":"ann","scope":"{{scope}}","realm":{"roles":["keeper"]}{{more}}}""";

    private Task StartAsync(Action<JwtBuilder>? jwt = null, Action<FrontendBuilder>? frontend = null)
    {
        _origin = OkOrigin();
        return StartAsync(_origin, f =>
        {
            Protect(f, jwt);
            frontend?.Invoke(f);
        });
    }

    private FrontendBuilder Protect(FrontendBuilder frontend, Action<JwtBuilder>? jwt = null) => frontend.Authenticate(
        j =>
        {
            j.Issuer(Issuer).Audience(Audience).KeyFile(_files.Write("key.pem", _key.Pem));
            jwt?.Invoke(j);
        },
        unless: Match.Path("/auth/*"));

    private async Task<int> StatusAsync(params string[] fields) => (await AskAsync(fields)).Status;

    private Task<WireMessage> AskAsync(params string[] fields) => SendAsync("GET", "/", fields);

    private async Task<WireMessage> SendAsync(string method, string target, params string[] fields)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync([$"{method} {target} HTTP/1.1", "Host: a", .. fields, "", ""]);
        return await client.ReadResponseAsync(method);
    }
}
