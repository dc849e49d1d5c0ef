using System.Text;
using ProxyKit.Identities;
using ProxyKit.Rules.UserLists;
using ProxyKit.Runtime;

namespace ProxyKit.Conformance.Authentication;

/// <summary>Names with passwords, keys of one's own, and tokens that their issuer is asked about.</summary>
public sealed class SchemeTests() : ProxyTest(Carrier.Sockets)
{
    private WireOrigin? _origin;

    [Fact]
    public async Task Basic_believes_a_right_password_and_tells_the_server_who_it_is()
    {
        await StartBasicAsync(new UserOptions { Name = "ann", PasswordHash = Pbkdf2("secret"), Groups = { "keepers", "all" } });

        Assert.Equal(200, (await AskAsync(Basic("ann:secret"))).Status);
        Assert.Equal(200, (await AskAsync(Basic("ann:secret"))).Status);

        Assert.Equal("ann of [\"keepers\",\"all\"]", (await _origin!.RequestAsync(2))["X-Client"]);
    }

    [Theory]
    [InlineData("ann:Secret")]
    [InlineData("ann:")]
    [InlineData("ann")]
    [InlineData("bob:secret")]
    [InlineData(":")]
    public async Task Basic_refuses_others_with_its_challenge(string credentials)
    {
        await StartBasicAsync(new UserOptions { Name = "ann", PasswordHash = Pbkdf2("secret") });

        var response = await AskAsync(Basic(credentials));

        Assert.Equal((401, "Basic realm=\"public\""), (response.Status, response["WWW-Authenticate"]));
        Assert.Empty(_origin!.Requests);
    }

    [Fact]
    public async Task Basic_with_passwords_in_plain_text_is_refused_unless_that_is_wanted()
    {
        var refused = await Assert.ThrowsAsync<ProxyConfigurationException>(() => StartBasicAsync(new UserOptions { Name = "ann", InsecurePassword = "secret" }));

        Assert.Contains("userlist 'staff' has a password in plain text", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Group_of_a_user_can_be_required()
    {
        await StartBasicAsync(
            f => f.RequireClaim("groups", "keepers", Match.Path("/cage/*")),
            new UserOptions { Name = "ann", PasswordHash = Pbkdf2("secret"), Groups = { "keepers" } },
            new UserOptions { Name = "bob", PasswordHash = Pbkdf2("secret"), Groups = { "keepers-of-nothing" } });

        Assert.Equal(200, (await AskAsync("/cage/1", Basic("ann:secret"))).Status);
        Assert.Equal(403, (await AskAsync("/cage/1", Basic("bob:secret"))).Status);
        Assert.Equal(200, (await AskAsync("/", Basic("bob:secret"))).Status);
    }

    [Fact]
    public async Task Api_key_is_good_from_when_it_is_added_until_it_is_taken_out()
    {
        var (keys, key) = (new ApiKeySet(), ApiKeySet.NewKey());
        await StartApiKeyAsync(keys);

        Assert.Equal(401, (await AskAsync($"X-Api-Key: {key}")).Status);
        keys.Add(ApiKeySet.HashOf(key), "shop", """{"plan":"gold"}""");
        Assert.Equal(200, (await AskAsync($"X-Api-Key: {key}")).Status);
        Assert.Equal("shop of gold", (await _origin!.RequestAsync())["X-Client"]);
        Assert.True(keys.Remove(ApiKeySet.HashOf(key)));
        Assert.Equal(401, (await AskAsync($"X-Api-Key: {key}")).Status);
    }

    [Theory]
    [InlineData("/?api_key=KEY", 200)]
    [InlineData("/?a=1&api_key=KEY&b=2", 200)]
    [InlineData("/?api_key=KEYX", 401)]
    [InlineData("/?api_key=", 401)]
    [InlineData("/?api_key=KEY&api_key=KEY", 401)]
    [InlineData("/?Api_Key=KEY", 401)]
    [InlineData("/", 401)]
    public async Task Api_key_may_come_in_the_query_where_that_is_wanted(string target, int status)
    {
        var keys = new ApiKeySet();
        keys.Add(ApiKeySet.HashOf("KEY"), "shop", """{"plan":"gold"}""");
        await StartApiKeyAsync(keys, "api_key");

        Assert.Equal(status, (await AskAsync(target, "X-Other: 1")).Status);
    }

    [Fact]
    public async Task Two_api_keys_are_refused()
    {
        var keys = new ApiKeySet();
        keys.Add(ApiKeySet.HashOf("KEY"), "shop", """{"plan":"gold"}""");
        await StartApiKeyAsync(keys);

        Assert.Equal(401, (await AskAsync("/", "X-Api-Key: KEY", "X-Api-Key: other")).Status);
    }

    [Fact]
    public async Task First_scheme_whose_credentials_are_there_decides_and_all_are_offered()
    {
        var keys = new ApiKeySet();
        keys.Add(ApiKeySet.HashOf("KEY"), "shop");
        using var key = TestKey.Curve();
        using var files = new TestAuthority();
        await StartAsync(OkOrigin(), f => f
            .Authenticate(jwt => jwt.KeyFile(files.Write("key.pem", key.Pem)))
            .AuthenticateApiKey(keys));

        Assert.Equal(200, (await AskAsync("X-Api-Key: KEY")).Status);
        Assert.Equal(401, (await AskAsync("/", "X-Api-Key: KEY", "Authorization: Bearer a.b.c")).Status);
        var challenges = (await AskAsync("X-Other: 1")).Headers.Where(static h => h.Name.Equals("WWW-Authenticate", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(["Bearer realm=\"public\"", "ApiKey realm=\"public\""], challenges.Select(static h => h.Value));
    }

    [Fact]
    public async Task Tokens_of_two_issuers_are_believed_and_the_reason_is_that_of_its_own()
    {
        using TestKey first = TestKey.Curve("k1"), second = TestKey.Curve("k2"), stranger = TestKey.Curve("k3");
        using var files = new TestAuthority();
        await StartAsync(OkOrigin(), f => f
            .Authenticate(jwt => jwt.KeyFile(files.Write("first.pem", first.Pem)).Issuer("first"))
            .Authenticate(jwt => jwt.KeyFile(files.Write("second.pem", second.Pem)).Issuer("second")));

        Assert.Equal(200, (await AskAsync($"Authorization: Bearer {TokenOf(first, "first")}")).Status);
        Assert.Equal(200, (await AskAsync($"Authorization: Bearer {TokenOf(second, "second")}")).Status);
        Assert.Equal(401, (await AskAsync($"Authorization: Bearer {TokenOf(first, "second")}")).Status);
        Assert.Equal(401, (await AskAsync($"Authorization: Bearer {TokenOf(stranger, "first")}")).Status);
        var expired = await AskAsync($"Authorization: Bearer {TokenOf(second, "second", TimeSpan.FromHours(-1))}");
        Assert.Contains("The token has expired", expired["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frontend_without_tokens_asks_for_none_where_a_claim_is_missing()
    {
        var keys = new ApiKeySet();
        keys.Add(ApiKeySet.HashOf("KEY"), "shop", """{"scope":"read"}""");
        await StartAsync(OkOrigin(), f => f.AuthenticateApiKey(keys).RequireScope("write"));

        var response = await AskAsync("X-Api-Key: KEY");

        Assert.Equal((403, null), (response.Status, response["WWW-Authenticate"]));
    }

    [Fact]
    public async Task Introspection_asks_once_for_all_who_bring_a_token_at_once()
    {
        var (asked, may) = (0, new TaskCompletionSource());
        await StartIntrospectionAsync(_ =>
        {
            Interlocked.Increment(ref asked);
            return """{"active":true,"sub":"ann","plan":"gold"}""";
        }, may.Task);

        var first = AskAsync("Authorization: Bearer opaque");
        await UntilAsync(() => Volatile.Read(ref asked) == 1);
        var others = Enumerable.Range(0, 5).Select(_ => AskAsync("Authorization: Bearer opaque")).ToArray();
        await UntilAsync(() => Proxy.Connections == 6);
        may.SetResult();

        Assert.All(await Task.WhenAll([first, .. others]), static response => Assert.Equal(200, response.Status));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Introspection_asks_once_and_again_when_the_answer_has_aged()
    {
        var asked = new List<string>();
        await StartIntrospectionAsync(body =>
        {
            asked.Add(body);
            return """{"active":true,"sub":"ann","scope":"read","plan":"gold"}""";
        });

        Assert.Equal(200, (await AskAsync("Authorization: Bearer opaque+1/2=")).Status);
        Assert.Equal(200, (await AskAsync("Authorization: Bearer opaque+1/2=")).Status);
        Assert.Equal(["token=opaque%2B1%2F2%3D&token_type_hint=access_token"], asked);
        Assert.Equal("ann of gold", (await _origin!.RequestAsync())["X-Client"]);

        Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(200, (await AskAsync("Authorization: Bearer opaque+1/2=")).Status);
        Assert.Equal(2, asked.Count);
    }

    /// <summary>A clock that is put back makes no answer good for longer.</summary>
    [Theory]
    [InlineData("""{"active":true,"sub":"ann","plan":"gold"}""", 200)]
    [InlineData("""{"active":false}""", 401)]
    public async Task Introspection_asks_again_when_the_answer_has_aged_though_the_clock_was_put_back(string answer, int status)
    {
        var asked = 0;
        await StartIntrospectionAsync(_ => Interlocked.Increment(ref asked) > 0 ? answer : null);
        Assert.Equal(status, (await AskAsync("Authorization: Bearer opaque")).Status);

        Time.Shift(TimeSpan.FromHours(-1));
        Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(status, (await AskAsync("Authorization: Bearer opaque")).Status);
        Assert.Equal(2, asked);
    }

    /// <summary>Timestamps stand still while a machine is suspended; the time of day goes on.</summary>
    [Theory]
    [InlineData("""{"active":true,"sub":"ann","plan":"gold"}""", 200)]
    [InlineData("""{"active":false}""", 401)]
    public async Task Introspection_asks_again_when_the_answer_has_aged_while_the_machine_was_suspended(string answer, int status)
    {
        var asked = 0;
        await StartIntrospectionAsync(_ => Interlocked.Increment(ref asked) > 0 ? answer : null);
        Assert.Equal(status, (await AskAsync("Authorization: Bearer opaque")).Status);

        Time.Shift(TimeSpan.FromSeconds(60));

        Assert.Equal(status, (await AskAsync("Authorization: Bearer opaque")).Status);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Introspection_asks_again_about_a_token_that_has_expired_since_the_clock_was_put_on()
    {
        var asked = 0;
        await StartIntrospectionAsync(_ => Interlocked.Increment(ref asked) == 1
            ? $$"""{"active":true,"sub":"ann","plan":"gold","exp":{{Time.GetUtcNow().AddMinutes(30).ToUnixTimeSeconds()}}}"""
            : """{"active":false}""");
        Assert.Equal(200, (await AskAsync("Authorization: Bearer opaque")).Status);

        Time.Shift(TimeSpan.FromHours(1));

        Assert.Equal(401, (await AskAsync("Authorization: Bearer opaque")).Status);
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData("""{"active":false}""", 401)]
    [InlineData("""{"active":"true"}""", 401)]
    [InlineData("""{"active":true,"exp":1}""", 401)]
    [InlineData("""{"active":true,"active":false}""", 503)]
    [InlineData("""{}""", 503)]
    [InlineData("""nothing""", 503)]
    public async Task Introspection_believes_nothing_but_a_clear_yes(string answer, int status)
    {
        await StartIntrospectionAsync(_ => answer);

        Assert.Equal(status, (await AskAsync("Authorization: Bearer opaque")).Status);
    }

    [Fact]
    public async Task Introspection_that_cannot_be_had_costs_503()
    {
        await StartIntrospectionAsync(_ => null);

        Assert.Equal(503, (await AskAsync("Authorization: Bearer opaque")).Status);
        Assert.Equal(401, (await AskAsync("Authorization: Bearer not{a}token")).Status);
    }

    private static string Pbkdf2(string password)
    {
        var salt = "0123456789abcdef"u8.ToArray();
        var hash = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2(password, salt, 1000, System.Security.Cryptography.HashAlgorithmName.SHA256, 32);
        return $"$pbkdf2-sha256$1000${Convert.ToBase64String(salt).TrimEnd('=').Replace('+', '.')}${Convert.ToBase64String(hash).TrimEnd('=').Replace('+', '.')}";
    }

    private static string Basic(string credentials) => $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}";

    private Task StartBasicAsync(params UserOptions[] users) => StartBasicAsync(static _ => { }, users);

    private Task StartBasicAsync(Action<FrontendBuilder> frontend, params UserOptions[] users)
    {
        _origin = OkOrigin();
        return StartAsync(p => p
            .AddUserList("staff", list =>
            {
                foreach (var user in users)
                {
                    list.Users.Add(user);
                }
            })
            .AddFrontend("public", f =>
            {
                f.Bind("127.0.0.1:0").DefaultBackend("web")
                    .AuthenticateBasic("staff")
                    .OnAuthenticated(r => r.SetHeader("X-Client", Value.Format("%[claim(sub)] of %[claim(groups)]")));
                frontend(f);
            })
            .AddBackend("web", b => b.AddServer("s1", _origin.Address)));
    }

    private Task StartApiKeyAsync(ApiKeySet keys, string? parameter = null) => StartWithPlanAsync(f =>
        f.AuthenticateApiKey(keys, configure: o => o.QueryParameter = parameter));

    private string TokenOf(TestKey key, string issuer, TimeSpan? validFor = null) => key.Sign(
        $$"""{"iss":"{{issuer}}","sub":"ann","exp":{{(Time.GetUtcNow() + (validFor ?? TimeSpan.FromHours(1))).ToUnixTimeSeconds()}}}""");

    private Task StartIntrospectionAsync(Func<string, string?> answer, Task? until = null)
    {
        var issuer = DisposeFirst(WireOrigin.Start(async exchange =>
        {
            var body = answer(Encoding.ASCII.GetString(await exchange.ReadBodyAsync()));
            await (until ?? Task.CompletedTask);
            await (body is null
                ? exchange.AnswerAsync("HTTP/1.1 500 Internal Server Error", "Content-Length: 0", "", "")
                : exchange.AnswerAsync("HTTP/1.1 200 OK", "Content-Type: application/json", $"Content-Length: {body.Length}", "", body));
        }));
        return StartWithPlanAsync(f => f.AuthenticateByIntrospection(
            $"http://127.0.0.1:{issuer.Port}/introspect", "gateway", "s3cret", configure: o => o.AllowsHttp = true));
    }

    private Task StartWithPlanAsync(Action<FrontendBuilder> frontend)
    {
        _origin = OkOrigin();
        return StartAsync(_origin, f =>
        {
            frontend(f);
            f.OnAuthenticated(r => r.SetHeader("X-Client", Value.Format("%[claim(sub)] of %[claim(plan)]")));
        });
    }

    private Task<WireMessage> AskAsync(string field) => AskAsync("/", field);

    private async Task<WireMessage> AskAsync(string target, params string[] fields)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync([$"GET {target} HTTP/1.1", "Host: a", .. fields, "", ""]);
        return await client.ReadResponseAsync();
    }
}
