using ProxyKit.Authentication;
using ProxyKit.Identities;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;

namespace ProxyKit.HAProxyConfig.Tests.Sections;

/// <summary>Authentication in words of ProxyKit's own.</summary>
public sealed class AuthenticationTests : IDisposable
{
    private const string Frontend = "frontend f\nmode http\ntimeout client 1s\nbind 127.0.0.1:0\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("proxykit-authentication-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Tokens_are_believed_as_the_line_says()
    {
        var jwt = Assert.IsType<JwtOptions>(Assert.Single(Read(
            $"jwt issuer https://a.example/ issuer https://b.example/ audience api algorithm RS256 key-file {Keys()} jwks-file {Keys("k.json")} secret \"0123456789abcdef0123456789abcdef\" secret-file {Keys()} "
            + "jwks-url https://a.example/keys openid https://c.example/ clock-skew 30s allow-no-expiry type at+jwt claim realm.roles=keeper,admin claim sub max-token 4096 "
            + "cache 50 refresh-every 2h refresh-at-least-after 1m refresh-timeout 3s allow-http").Schemes));

        Assert.Equal(["https://a.example/", "https://b.example/", "https://c.example/"], jwt.Issuers);
        Assert.Equal(("api", "RS256", Keys(), Keys("k.json")), (jwt.Audiences[0], jwt.Algorithms[0], jwt.KeyFiles[0], jwt.JwksFiles[0]));
        Assert.Equal([Keys()], jwt.SecretFiles);
        Assert.Equal((32, "https://a.example/keys", "https://c.example/"), (jwt.Secrets[0].Length, jwt.JwksUrls[0], jwt.OpenIdIssuers[0]));
        Assert.Equal((TimeSpan.FromSeconds(30), true, "at+jwt"), (jwt.ClockSkew, jwt.AllowsNoExpiry, jwt.TokenType));
        Assert.Equal(["claim realm.roles of keeper, admin", "claim sub"], jwt.RequiredClaims.Select(static c => c.ToString()));
        Assert.Equal((4096, 50, true), (jwt.MaxTokenBytes, jwt.CacheSize, jwt.AllowsHttp));
        Assert.Equal((TimeSpan.FromHours(2), TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(3)), (jwt.RefreshEvery, jwt.RefreshAtLeastAfter, jwt.RefreshTimeout));
    }

    [Fact]
    public void Other_schemes_are_asked_as_their_lines_say()
    {
        var schemes = Read(
            $"""
            api-key {Keys()} header X-Key query key
            basic people allow-plain-text remember-for 1m
            certificate identity email fingerprint {new string('a', 64)} issuer CN=partners
            introspection https://id.example/ask gateway "secret" audience api claim plan=gold cache-for 30s cache 10 max-concurrency 4 timeout 2s max-token 512 allow-http
            """).Schemes;

        var (keys, basic, certificate, asked) = ((ApiKeyOptions)schemes[0], (BasicOptions)schemes[1], (CertificateOptions)schemes[2], (IntrospectionOptions)schemes[3]);
        Assert.Equal((1, "X-Key", "key"), (keys.Keys.Count, keys.Header, keys.QueryParameter));
        Assert.Equal(("people", true, TimeSpan.FromMinutes(1)), (basic.UserList, basic.AllowsPlainText, basic.RememberFor));
        Assert.Equal((CertificateIdentity.Email, 64, "CN=partners"), (certificate.Identity, certificate.Fingerprints[0].Length, certificate.Issuers[0]));
        Assert.Equal(("https://id.example/ask", "gateway", "secret", "api"), (asked.Endpoint, asked.ClientId, asked.ClientSecret, asked.Audiences[0]));
        Assert.Equal((TimeSpan.FromSeconds(30), 10, 4), (asked.CacheFor, asked.CacheSize, asked.MaxConcurrency));
        Assert.Equal((TimeSpan.FromSeconds(2), 512, true, "claim plan of gold"), (asked.Timeout, asked.MaxTokenBytes, asked.AllowsHttp, asked.RequiredClaims[0].ToString()));
    }

    [Fact]
    public void What_clients_need_and_what_the_refused_get_is_said_too()
    {
        var options = Read(
            $$"""
            api-key {{Keys()}} no-header query key
            require-scope read if { method GET }
            require-claim realm.roles keeper unless { path_beg /open }
            allow GET|HEAD /api/* read write
            allow * /health
            realm "the zoo"
            refusal-status 403
            tell-reason
            allow-ambiguous-paths
            """);

        Assert.Equal(["scope read", "claim realm.roles of keeper"], options.Requirements.Select(static r => r.ToString()));
        Assert.All(options.Requirements, static r => Assert.NotNull(r.When));
        Assert.Equal("GET|HEAD /api/* -> read write\n* /health ->", options.Policy!.ToString());
        Assert.Equal(("the zoo", 403, true, true), (options.Realm, options.RefusalStatus, options.TellsReason, options.AllowsAmbiguousPaths));
    }

    /// <summary>By the words that describe the replies of rules, for each reason that there is.</summary>
    [Fact]
    public void Refusals_are_told_apart_by_their_reasons()
    {
        var reasons = Enum.GetValues<AuthenticationFault>().Except([AuthenticationFault.None]).ToArray();
        var options = Read(
            "certificate\n"
            + string.Join('\n', reasons.Select(static r => $"refusal {WordOf(r)} status 403 content-type text/plain string {r}")));

        Assert.Equal(reasons, options.Replies.Keys);
        Assert.All(options.Replies, static r => Assert.Equal(Reply.Text(r.Key.ToString(), "text/plain", 403).ToString(), r.Value.ToString()));

        static string WordOf(AuthenticationFault reason) =>
            string.Concat(reason.ToString().Select(static (c, i) => char.IsAsciiLetterUpper(c) ? $"{(i > 0 ? "-" : "")}{char.ToLowerInvariant(c)}" : $"{c}"));
    }

    [Fact]
    public void Refusal_may_be_a_page_and_have_fields()
    {
        var replies = Read("certificate\nrefusal expired status 401 hdr x-why expired\nrefusal insufficient-scope status 404 default-errorfiles").Replies;

        Assert.Equal((401, 404), (replies[AuthenticationFault.Expired].Status, replies[AuthenticationFault.InsufficientScope].Status));
        Assert.Equal(Reply.Empty(401).WithHeader("x-why", Value.Format("expired")).ToString(), replies[AuthenticationFault.Expired].ToString());
        Assert.Equal(Reply.ErrorPage(404).ToString(), replies[AuthenticationFault.InsufficientScope].ToString());
    }

    [Fact]
    public async Task Client_is_told_by_reason_what_is_wrong()
    {
        await using var proxy = Proxy.Create(p => p.AddHAProxyConfig(Reading.Of(
            $$"""
            authentication customers
            api-key {{Keys()}}
            require-scope write if { path /write }
            refusal missing-credentials status 403 content-type text/html string "<p>Say who you are"
            refusal unknown-api-key status 401 content-type text/plain lf-string "not %[req.hdr(x-api-key),length] letters"
            refusal insufficient-scope status 404 default-errorfiles
            {{Frontend}}authenticate customers
            http-request return status 200 if { path /own }

            """)));
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri($"http://{proxy.EndPoints[0]}") };

        Assert.Equal((403, "<p>Say who you are"), await GetAsync(client, "/", key: null));
        Assert.Equal((401, "not 5 letters"), await GetAsync(client, "/", "other"));
        Assert.Equal(404, (await GetAsync(client, "/write", "the-key")).Status);
        Assert.Equal(200, (await GetAsync(client, "/own", key: null)).Status); // rules of the frontend come before
    }

    [Fact]
    public void Each_frontend_excepts_its_own_requests()
    {
        var result = Reading.Of(
            $"authentication a\ncertificate\n{Frontend}authenticate a unless {{ path /x }}\nfrontend g\nmode http\ntimeout client 1s\nbind :81\nauthenticate a\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal([false, true], result.Options.Frontends.Select(static f => Assert.Single(f.Authentication.Schemes).Unless is null));
    }

    [Theory]
    [InlineData("jwt", "parsing [a.cfg:2] : 'jwt' expects")]
    [InlineData("jwt isuer x", "parsing [a.cfg:2] : 'jwt' : unknown parameter 'isuer'; did you mean 'issuer' maybe ?")]
    [InlineData("jwt issuer", "parsing [a.cfg:2] : 'jwt' : 'issuer' expects a value.")]
    [InlineData("jwt cache many", "parsing [a.cfg:2] : 'jwt' expects an integer")]
    [InlineData("api-key /nowhere/keys.lst", "parsing [a.cfg:2] : 'api-key' : '/nowhere/keys.lst': Could not find")]
    [InlineData("jwt key-file /nowhere/k.pem", "parsing [a.cfg:2] : 'jwt' : 'key-file' : '/nowhere/k.pem': there is no such file.")]
    [InlineData("jwt issuer x jwks-file /nowhere/k.json", "parsing [a.cfg:2] : 'jwt' : 'jwks-file' : '/nowhere/k.json': there is no such file.")]
    [InlineData("api-key \"\"", "parsing [a.cfg:2] : 'api-key' : '': The value cannot be an empty string. (Parameter 'path').")]
    [InlineData("jwt secret-file /nowhere/s", "parsing [a.cfg:2] : 'jwt' : 'secret-file' : '/nowhere/s': there is no such file.")]
    [InlineData("jwt claim role=", "parsing [a.cfg:2] : 'jwt' : 'role=' has no value behind the '='")]
    [InlineData("jwt claim role=,", "parsing [a.cfg:2] : 'jwt' : 'role=,' has no value behind the '='")]
    [InlineData("allow GET \"/a b\"", "parsing [a.cfg:2] : 'allow' : There is a blank or a control character in the path.")]
    [InlineData("certificate identity face", "parsing [a.cfg:2] : 'certificate' only supports 'common-name'")]
    [InlineData("allow GET api", "parsing [a.cfg:2] : 'allow' : ")]
    [InlineData("require-scope read when { path / }", "parsing [a.cfg:2] : 'require-scope' expects either 'if' or 'unless'")]
    [InlineData("refusal late status 403", "parsing [a.cfg:2] : 'refusal' only supports 'missing-credentials', ")]
    [InlineData("refusal expired", "parsing [a.cfg:2] : 'refusal' expects <reason> status <code>")]
    [InlineData("refusal expired content-type text/plain string no", "parsing [a.cfg:2] : 'refusal' : expects at least 'status <code>'.")]
    [InlineData("refusal expired status 99", "parsing [a.cfg:2] : 'refusal' : expects an integer from 200 to 599 as <status> (got '99').")]
    [InlineData("refusal expired status 403 string no", "parsing [a.cfg:2] : 'refusal' : a content type must be defined when non-empty payload is configured.")]
    [InlineData("refusal expired status 403 if { path / }", "parsing [a.cfg:2] : 'refusal' : cannot handle unexpected argument 'if'.")]
    [InlineData("refusal expired status 403\nrefusal expired status 404", "parsing [a.cfg:3] : 'refusal' : there is one for 'expired' already.")]
    [InlineData("realm a\nrealm b", "parsing [a.cfg:3] : 'realm' : there is one already, at a.cfg:2.")]
    [InlineData("refusal-status 401\nrefusal-status 403", "parsing [a.cfg:3] : 'refusal-status' : there is one already, at a.cfg:2.")]
    [InlineData("refusal-status 404", "parsing [a.cfg:2] : 'refusal-status' only supports '401', '403' (got '404')")]
    public void Fault_is_told(string line, string message) =>
        Assert.StartsWith(message, Reading.Alert($"authentication a\n{line}\n{Frontend}"), StringComparison.Ordinal);

    /// <summary>Nobody can say where it ends, so that anything behind it may be a part of it: nothing of that is told.</summary>
    [Theory]
    [InlineData("jwt secret correct horse battery")]
    [InlineData("jwt secret correct cache horse")]
    [InlineData("jwt secret correct cache 20m")]
    [InlineData("jwt secret correct\\ horse cache 5")]
    [InlineData("jwt secret \"correct\"horse cache 5")]
    [InlineData("jwt secret correct\" horse\" cache 5")]
    [InlineData("jwt secret correct allow-http")]
    [InlineData("jwt secret \"correct horse\" secret battery cache 5")]
    [InlineData("jwt secret \"${HORSES[*]}\"")]
    [InlineData("introspection https://id.example/ask gateway correct horse battery")]
    [InlineData("introspection https://id.example/ask gateway correct cache horse")]
    public void Secret_with_parameters_behind_it_stands_in_quotes(string line)
    {
        var result = Reading.Of($"global\nsetenv HORSES \"correct horse battery\"\nauthentication a\n{line}\n{Frontend}authenticate a\n");

        Assert.Equal($"parsing [a.cfg:4] : '{line.Split(' ')[0]}' : a secret with parameters behind it stands in quotes.", Assert.Single(result.Alerts()));
    }

    [Theory]
    [InlineData("jwt secret \"correct horse\" cache many", "(got 'many')")]
    [InlineData("jwt secret 'correct horse' casche 5", "unknown parameter 'casche'; did you mean 'cache' maybe ?")]
    [InlineData("jwt secret \"correct \\\"horse\\\"\" secret-file /nowhere", "'/nowhere': there is no such file.")]
    [InlineData("jwt secret \"${HORSES}\" claim role=", "'role=' has no value behind the '='")]
    [InlineData("introspection https://id.example/ask gateway \"correct horse\" cache many", "(got 'many')")]
    public void What_is_wrong_behind_a_secret_in_quotes_is_told(string line, string message)
    {
        var alert = Assert.Single(Reading.Of($"global\nsetenv HORSES \"correct horse battery\"\nauthentication a\n{line}\n{Frontend}authenticate a\n").Alerts());

        Assert.Contains(message, alert, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", alert, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jwt secret correct")]
    [InlineData("jwt cache 5 secret correct\\ horse # battery")]
    [InlineData("introspection https://id.example/ask gateway correct")]
    public void Secret_at_the_end_of_its_line_needs_no_quotes(string line) => Read(line);

    [Theory]
    [InlineData("algorithm horse", "Algorithms: 'horse' is no algorithm")]
    [InlineData("jwks-url horse", "'horse' is no address")]
    [InlineData("max-token 7", "MaxTokenBytes: 7 is out of range (64-65536)")]
    public void Fault_of_the_options_is_told_whole(string parameters, string message)
    {
        var result = Reading.Of($"authentication a\njwt secret \"correct\" {parameters}\n{Frontend}authenticate a\n");

        var fault = Assert.Single(Proxy.Check(result.GetOptionsOrThrow()).Select(text => result.Locate(text)), f => f.Message.Contains(message, StringComparison.Ordinal));

        Assert.Equal(2, fault.Line);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef", 0)]
    [InlineData("0123456789abcdef0123456789abcdef\n", 0)]
    [InlineData("0123456789abcdef0123456789abcdef\r\n", 0)]
    [InlineData("", 1)]
    [InlineData("\n", 1)]
    [InlineData("0123456789abcdef0123456789abcde\n", 1)]
    public void Secret_of_a_file_is_judged_as_one_that_is_written(string content, int faults)
    {
        var path = Path.Combine(_folder.FullName, "jwt.secret");
        File.WriteAllText(path, content);

        var result = Reading.Of($"authentication a\njwt secret-file {path}\n{Frontend}authenticate a\n");

        Assert.True(result.IsValid, result.ToString());
        var found = Proxy.Check(result.Options).Where(static f => f.Contains("secret", StringComparison.Ordinal)).ToArray();
        Assert.Equal(faults, found.Length);
        Assert.All(found, f =>
        {
            Assert.Contains($"could not load the key '{path}': the secret has {content.TrimEnd('\n').Length} bytes; HS256 needs 32 or more", f, StringComparison.Ordinal);
            Assert.Equal(2, result.Locate(f).Line);
        });
    }

    [Theory]
    [InlineData("", 6)]
    [InlineData("realm zoo\ntell-reason\n", 8)]
    [InlineData("require-scope read\nallow GET /\n", 8)]
    public void Section_that_asks_nobody_cannot_be_used(string lines, int line) => Assert.StartsWith(
        $"parsing [a.cfg:{line}] : frontend 'f': the authentication section 'a' names no scheme, so that nobody would be asked who they are.",
        Reading.Alert($"authentication a\n{lines}{Frontend}authenticate a\n"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("", 1)]
    [InlineData("allow GET /\n", 0)]
    public void Row_of_a_table_that_is_not_there_is_a_fault(string table, int faults)
    {
        var options = Reading.Of($"authentication a\napi-key {Keys()}\n{table}{Frontend}authenticate a\nlog-format \"%[policy_row]\"\n").GetOptionsOrThrow();

        Assert.Equal(faults, Proxy.Check(options).Count(static f => f.Contains("there is no table of scopes here", StringComparison.Ordinal)));
    }

    [Fact]
    public void Scheme_that_is_wrong_is_the_only_fault_of_its_section() =>
        Assert.StartsWith("parsing [a.cfg:2] : 'jwt' : ", Reading.Alert($"authentication a\njwt isuer x\n{Frontend}authenticate a\n"), StringComparison.Ordinal);

    [Fact]
    public void Files_are_those_beside_the_file_that_names_them()
    {
        var (first, second) = (_folder.CreateSubdirectory("first").FullName, _folder.CreateSubdirectory("second").FullName);
        Keys("first/keys.lst");
        Keys("first/k.pem");
        File.WriteAllText(Path.Combine(first, "a.cfg"), "global\ndefault-path config\nauthentication a\napi-key keys.lst\njwt key-file k.pem\n");
        File.WriteAllText(Path.Combine(second, "b.cfg"), $"{Frontend}authenticate a\n{Frontend.Replace("frontend f", "frontend g", StringComparison.Ordinal)}authenticate a\n");

        var options = HAProxyConfiguration.Load([Path.Combine(first, "a.cfg"), Path.Combine(second, "b.cfg")]).GetOptionsOrThrow();

        var schemes = options.Frontends.Select(static f => f.Authentication.Schemes).ToArray();
        Assert.Equal(2, schemes.Length);
        Assert.All(schemes, s => Assert.Equal(Path.Combine(first, "k.pem"), Path.GetFullPath(Assert.Single(Assert.IsType<JwtOptions>(s[1]).KeyFiles))));
        Assert.Same(((ApiKeyOptions)schemes[0][0]).Keys, ((ApiKeyOptions)schemes[1][0]).Keys);
        Assert.NotSame(schemes[0][1], schemes[1][1]);
    }

    [Theory]
    [InlineData("authenticate customer", "parsing [a.cfg:7] : frontend 'f': unable to find the authentication section 'customer'; did you mean 'customers' maybe ?")]
    [InlineData("authenticate customers\nauthenticate customers", "parsing [a.cfg:8] : 'authenticate' : frontend 'f' has authentication already, 'customers' at ")]
    public void Use_that_is_wrong_is_told(string lines, string message) =>
        Assert.StartsWith(message, Reading.Alert($"authentication customers\ncertificate\n{Frontend}{lines}\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("jwt clock-skew 1h", "ClockSkew", 2)]
    [InlineData("basic x\nbasic y remember-for 2d", "RememberFor", 3)]
    [InlineData("certificate\nrequire-scope \"a b\"", "requirement 1", 3)]
    public void Fault_of_the_options_is_told_with_its_line(string lines, string word, int line)
    {
        var result = Reading.Of($"authentication a\n{lines}\n{Frontend}authenticate a\n");

        Assert.True(result.IsValid, result.ToString());
        var fault = Assert.Single(Proxy.Check(result.Options), f => f.Contains(word, StringComparison.Ordinal));

        Assert.Equal(line, result.Locate(fault).Line);
    }

    [Fact]
    public async Task Client_with_a_key_is_known_counted_and_written_down()
    {
        var usage = Path.Combine(_folder.FullName, "usage");
        await using (var proxy = Proxy.Create(p => p.AddHAProxyConfig(Reading.Of(
            $$"""
            authentication customers
            api-key {{Keys()}}
            require-scope write unless { method GET }
            tell-reason
            tiers plans
            count-by claim(sub)
            tier-by claim(plan)
            tier gold
            limit gold 2 per 1h
            metering
            journal {{usage}}
            durability before-response
            count-by claim(sub)
            tier-by tier
            {{Frontend}}authenticate customers unless { path /open }
            use-tiers plans unless { path /open }
            default_backend b
            backend b
            mode http
            timeout connect 1s
            timeout server 1s
            http-request return status 200 content-type text/plain lf-string "%[claim(sub)]"

            """))))
        {
            await proxy.StartAsync(TestContext.Current.CancellationToken);
            using var client = new HttpClient { BaseAddress = new Uri($"http://{proxy.EndPoints[0]}") };

            Assert.Equal((200, ""), await GetAsync(client, "/open", key: null));
            Assert.Equal(401, (await GetAsync(client, "/", key: null)).Status);
            Assert.Equal((200, "acme"), await GetAsync(client, "/", "the-key"));
            Assert.Equal((200, "acme"), await GetAsync(client, "/", "the-key"));
            Assert.Equal(429, (await GetAsync(client, "/", "the-key")).Status);
            using var post = new HttpRequestMessage(HttpMethod.Post, "/") { Headers = { { "X-Api-Key", "the-key" } } };
            using var refused = await client.SendAsync(post, TestContext.Current.CancellationToken);
            Assert.Equal(403, (int)refused.StatusCode);
        }

        var totals = UsageJournal.ReadTotals(usage, new UsageQuery { Client = "acme", Resolution = UsageResolution.All });
        Assert.Equal(2, totals.Single(static t => t is { Meter: UsageMeters.Requests, Tier: "gold" }).Quantity);
        Assert.Equal(2, totals.Where(static t => t.Meter == UsageMeters.Refused).Sum(static t => t.Quantity));
    }

    private static async Task<(int Status, string Text)> GetAsync(HttpClient client, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static AuthenticationOptions Read(string lines)
    {
        var result = Reading.Of($"authentication a\n{lines}\n{Frontend}authenticate a\n");
        Assert.True(result.IsValid, result.ToString());
        return Assert.Single(result.Options.Frontends).Authentication;
    }

    /// <summary>A file with one key.</summary>
    private string Keys(string name = "keys.lst")
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, $"# hash, owner, claims\n\n{ApiKeySet.HashOf("the-key")} acme {{\"plan\":\"gold\", \"scope\":\"read\"}}\n");
        return path;
    }
}
