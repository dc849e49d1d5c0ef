using ProxyKit.Identities;
using ProxyKit.Runtime;

namespace ProxyKit.Conformance.Authentication;

/// <summary>Tokens decide who comes in: GW2-01 to GW2-23, with <see cref="TokenAlgorithmTests"/> and <see cref="ScopeTests"/>. Those about HAProxy's own
/// language stand in <c>HAProxy/Cases/TokenCases</c>, GW2-24 needs HTTP/2.</summary>
public sealed class BearerTests : BearerTest
{
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
        Assert.Empty(Web!.Requests);
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

        await AskAsync("Authorization: Bearer x" + other.Sign("""{"exp":1,"iss":"x"}""", header: """{"alg":"HS999"}"""));
        await AskAsync($"Authorization: Bearer {other.Sign("""{"exp":1,"iss":"x"}""", header: """{"alg":"HS999"}""")}");
        await AskAsync($"Authorization: Bearer {other.Sign("""{"exp":1,"iss":"x"}""")}");
        await AskAsync($"Authorization: Bearer {Key.Sign("""{"exp":1,"iss":"x"}""")}");
        await AskAsync($"Authorization: Bearer {Key.Sign(Claims(iss: "x", aud: "\"x\""))}");
        await AskAsync($"Authorization: Bearer {Key.Sign(Claims(aud: "\"x\""))}");

        Assert.Equal(
            [
                "The credentials are malformed", "The algorithm of the token is not allowed", "The signature of the token is wrong", "The token has expired",
                "The issuer of the token is not the right one", "The token is meant for somebody else",
            ],
            Log.Entries.Where(static e => e.Category == "ProxyKit" && e.Message.Contains("did not let", StringComparison.Ordinal))
                .Select(static e => e.Message.Split(": ")[^1]));
    }

    /// <summary>GW2-09: no grace behind the expiry, be the token remembered or not.</summary>
    [Fact]
    public async Task Token_is_good_until_it_expires()
    {
        await StartAsync();
        var token = Key.Sign(Claims(expiresIn: 60));

        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims(expiresIn: -1))}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims(expiresIn: 0))}"));
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

        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims(expiresIn: -9))}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims(expiresIn: -10))}"));
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims(more: $",\"nbf\":{Now + 10}"))}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims(more: $",\"nbf\":{Now + 11}"))}"));
        Assert.Equal(401, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims(more: $",\"iat\":{Now + 11}"))}"));
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

        var response = await AskAsync($"Authorization: Bearer {Key.Sign(claims)}");

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

        Assert.Equal(status, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims(issuer, audience))}"));
    }

    [Fact]
    public async Task Issuer_and_audience_are_not_asked_where_none_is_configured()
    {
        Web = OkOrigin();
        await StartAsync(Web, f => f.Authenticate(jwt => jwt.KeyFile(Files.Write("key.pem", Key.Pem))));

        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Key.Sign($"{{\"exp\":{Now + 60}}}")}"));
    }

    /// <summary>GW2-14: a key that is not there stops the start, by its name.</summary>
    [Fact]
    public async Task Missing_key_file_stops_the_start()
    {
        var refused = await Assert.ThrowsAsync<ProxyConfigurationException>(() =>
            StartAsync(OkOrigin(), f => f.Authenticate(jwt => jwt.KeyFile("/nowhere/id.pem"))));

        Assert.Contains("frontend \"public\" > Authentication > scheme 1 > could not load the key '/nowhere/id.pem'", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>GW2-16: logs have them too, of requests that passed; of others there are none.</summary>
    [Fact]
    public async Task Claims_stand_in_the_log()
    {
        await StartAsync(frontend: static f => f.Configure(static o => o.LogFormat = "%ST %[claim(sub)] %[claim(realm.roles[0])] %[claim(exp)]"));

        await AskAsync($"Authorization: Bearer {Good()}");
        await AskAsync($"Authorization: Bearer {Good()}x");

        var lines = new List<string>();
        await Log.WaitForAsync(e =>
        {
            if (e.Category == "ProxyKit.Access")
            {
                lines.Add(e.Message);
            }

            return lines.Count == 2;
        });
        Assert.Equal([$"200 ann keeper {Now + 600}", "401 - - -"], lines.Order(StringComparer.Ordinal)); // each a moment behind its answer
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

        var request = await Web!.RequestAsync();
        Assert.Equal(("ann", "read:hamsters", "keeper"), (request["X-Client"], request["X-Scope"], request["X-Role"]));
        Assert.Single(request.Headers, static h => h.Name.Equals("X-Scope", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>GW2-17: what a token claims that is not believed decides nothing.</summary>
    [Fact]
    public async Task Claims_of_a_token_that_is_not_believed_decide_nothing()
    {
        var (web, admin) = (OkOrigin(), OkOrigin());
        Web = web;
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
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims(scope: "a admin"))}"));
        Assert.Single(admin.Requests);
    }

    /// <summary>GW2-21: each refusal may have a text of its own, and has one that says the reason without.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_refusal_has_its_own_text(bool isOwn)
    {
        using var other = TestKey.Rsa();
        (AuthenticationFault Fault, string[] Fields)[] refused =
        [
            (AuthenticationFault.MissingCredentials, []),
            (AuthenticationFault.UnsupportedAlgorithm, [$"Authorization: Bearer {Key.Sign(Claims(), header: """{"alg":"none"}""")}"]),
            (AuthenticationFault.WrongIssuer, [$"Authorization: Bearer {Key.Sign(Claims(iss: "x"))}"]),
            (AuthenticationFault.WrongAudience, [$"Authorization: Bearer {Key.Sign(Claims(aud: "\"x\""))}"]),
            (AuthenticationFault.BadSignature, [$"Authorization: Bearer {other.Sign(Claims())}"]),
            (AuthenticationFault.Expired, [$"Authorization: Bearer {Key.Sign(Claims(expiresIn: -1))}"]),
        ];
        await StartAsync(frontend: f =>
        {
            f.RefuseUnauthenticated(403, tellsReason: true);
            foreach (var (fault, _) in isOwn ? refused : [])
            {
                f.RefuseUnauthenticated(fault, Reply.Text($"<p>{fault}</p>", "text/html", 403));
            }
        });
        var texts = new List<string>();
        foreach (var (_, fields) in refused)
        {
            var response = await AskAsync(fields);
            Assert.Equal((403, isOwn ? "text/html" : "text/plain"), (response.Status, response["Content-Type"]));
            texts.Add(response.Text);
        }

        Assert.Equal(refused.Length, texts.Distinct().Count());
        Assert.True(!isOwn || texts.SequenceEqual(refused.Select(static r => $"<p>{r.Fault}</p>")));
        Assert.Empty(Web!.Requests);
    }

    [Fact]
    public async Task Refusal_of_a_token_says_what_is_wrong_in_its_challenge()
    {
        await StartAsync();

        var response = await AskAsync($"Authorization: Bearer {Key.Sign(Claims(expiresIn: -1))}");

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
        Assert.Empty(Web!.Requests);
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
}
