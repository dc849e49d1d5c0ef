namespace ProxyKit.Conformance.Authentication;

/// <summary>What scopes allow: GW2-19 and GW2-20, in each way that it can be written.</summary>
public sealed class ScopeTests : BearerTest
{
    public static TheoryData<string, string, int> Requests { get; } = new()
    {
        { "read:hamsters", "GET", 200 },
        { "read:hamsters", "DELETE", 403 },
        { "read:hamsters", "POST", 403 },
        { "read:hamsters", "PUT", 403 },
        { "write:hamsters", "POST", 200 },
        { "write:hamsters", "PUT", 200 },
        { "write:hamsters", "DELETE", 200 },
        { "write:hamsters", "GET", 403 },
        { "read:hamsters-archive", "GET", 403 },
        { "read:hamsters2", "GET", 403 },
        { "xread:hamsters", "GET", 403 },
        { "a read:hamsters b", "GET", 200 },
        { "", "GET", 403 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Scope_decides_by_conditions_as_a_whole_word(string scope, string method, int status)
    {
        await StartAsync(frontend: static f => f
            .RequireScope("read:hamsters", Match.Method("GET") & Match.Path("/api/hamsters/*"))
            .RequireScope("write:hamsters", Match.Method("POST", "PUT", "DELETE") & Match.Path("/api/hamsters/*")));

        await ExpectAsync(scope, method, status);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Scope_decides_by_the_table_as_a_whole_word(string scope, string method, int status)
    {
        await StartAsync(frontend: static f => f.Authorize(ScopePolicy.Parse("""
            GET /api/hamsters/* -> read:hamsters
            POST|PUT|DELETE /api/hamsters/* -> write:hamsters
            """)));

        await ExpectAsync(scope, method, status);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Scope_decides_in_a_configuration_file_as_a_whole_word(string scope, string method, int status)
    {
        Web = OkOrigin();
        await StartAsync(proxy => proxy.AddHAProxyConfig(HAProxyConfiguration.Parse(
            $$"""
            defaults
                mode http
                timeout client 1h
                timeout connect 1h
                timeout server 1h
            authentication api
                jwt issuer {{Issuer}} audience {{Audience}} key-file {{Files.Write("key.pem", Key.Pem)}}
                require-scope read:hamsters if { method GET } { path_beg /api/hamsters/ }
                require-scope write:hamsters if { method POST PUT DELETE } { path_beg /api/hamsters/ }
            frontend public
                bind 127.0.0.1:0
                authenticate api
                default_backend web
            backend web
                server s1 {{Web.Address}}

            """)));

        await ExpectAsync(scope, method, status);
    }

    /// <summary>A request that no row is about is refused.</summary>
    [Fact]
    public async Task Table_allows_what_it_names_and_nothing_else()
    {
        await StartAsync(frontend: static f => f.Authorize(ScopePolicy.Parse("GET /api/hamsters/* -> read:hamsters")));

        await ExpectAsync("read:hamsters write:hamsters", "PATCH", 403);
    }

    /// <summary>What has no value in a claim's array, and no text, hides nothing that stands behind it.</summary>
    [Theory]
    [InlineData("claim(roles)", """["banned"]""")]
    [InlineData("claim(roles)", """[null,"banned"]""")]
    [InlineData("claim(roles)", """["\ud800","banned"]""")]
    [InlineData("claim_words(roles)", """["\ud800","banned"]""")]
    [InlineData("claim_words(roles)", "\"\\ud800 banned\"")]
    public async Task Condition_tries_all_that_a_claim_has(string value, string roles)
    {
        await StartAsync(frontend: f => f.OnAuthenticated(r => r.Deny(403, Match.Parse($"{{ {value} -m str banned }}"))));

        Assert.Equal(403, await StatusAsync($"Authorization: Bearer {Key.Sign(Claims(more: $",\"roles\":{roles}"))}"));
        Assert.Equal(200, await StatusAsync($"Authorization: Bearer {Good()}"));
    }

    private async Task ExpectAsync(string scope, string method, int status)
    {
        var response = await SendAsync(method, "/api/hamsters/1", $"Authorization: Bearer {Key.Sign(Claims(scope: scope))}", "Content-Length: 0");

        Assert.Equal(status, response.Status);
        Assert.Equal(status == 200 ? 1 : 0, Web!.Requests.Count);
        if (status == 403)
        {
            Assert.StartsWith("Bearer realm=\"public\", error=\"insufficient_scope\"", response["WWW-Authenticate"], StringComparison.Ordinal);
        }
    }
}
