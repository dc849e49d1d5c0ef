using System.Text.Json;
using System.Threading.RateLimiting;
using ProxyKit.Rules;
using ProxyKit.Tiers;

namespace ProxyKit.Conformance.Gateway;

/// <summary>Tiers of clients before a backend: the behaviours MON-20 to MON-25, and what comes with them.</summary>
public abstract class TierTests(Carrier carrier) : TierTest(carrier)
{
    /// <summary>MON-08, the corrected way: as many pass as the limit says, not one more.</summary>
    [Fact]
    public async Task Tier_admits_its_limit_and_then_answers_429()
    {
        await StartTiersAsync();

        Assert.Equal([.. Enumerable.Repeat(200, 10), 429, 429], await AskManyAsync(12, "acme", "bronze"));
        Assert.Equal(10, Origins[0].Requests.Count);
    }

    /// <summary>MON-01: the plan stands in the token, and another one counts with no change of the proxy, over what was used.</summary>
    [Fact]
    public async Task Client_that_changes_its_tier_has_the_new_limit_at_once()
    {
        await StartTiersAsync();
        await AskManyAsync(10, "acme", "bronze");

        Assert.Equal(429, (await AskAsync("acme", "bronze")).Status);
        Assert.Equal(200, (await AskAsync("acme", "gold")).Status);
    }

    /// <summary>MON-20: one budget for a client wherever it comes from, and one for each client.</summary>
    [Fact]
    public async Task Clients_have_budgets_of_their_own()
    {
        await StartTiersAsync();

        Assert.Equal(10, (await AskManyAsync(11, "acme", "bronze")).Count(static s => s == 200));
        Assert.Equal(10, (await AskManyAsync(11, "other", "bronze")).Count(static s => s == 200));
    }

    /// <summary>MON-20: a combination, in which no two keys are one.</summary>
    [Fact]
    public async Task Key_of_two_parts_tells_them_apart()
    {
        await StartTiersAsync(tiers => tiers.CountBy(Value.Parse("req.hdr(x-tenant)")));

        Assert.Equal(200, (await AskAsync("a|", "bronze", "X-Tenant: b")).Status);
        Assert.Equal(200, (await AskAsync("a", "bronze", "X-Tenant: |b")).Status);
        Assert.Equal(["a\\||b", "a|\\|b"], Proxy.GetTiers("plans").GetClients().Order(StringComparer.Ordinal));
    }

    /// <summary>MON-21: a tier that is none of these is refused, or gets the default one.</summary>
    [Fact]
    public async Task Unknown_tier_is_refused()
    {
        await StartTiersAsync();

        var response = await AskAsync("acme", "platinum");

        Assert.Equal((403, "application/problem+json"), (response.Status, response["Content-Type"]));
        Assert.Empty(Origins[0].Requests);
    }

    /// <inheritdoc cref="Unknown_tier_is_refused"/>
    [Fact]
    public async Task Unknown_tier_gets_the_default_one()
    {
        await StartTiersAsync(static tiers => tiers.DefaultTier("bronze"));

        Assert.Equal(10, (await AskManyAsync(11, "acme", "platinum")).Count(static s => s == 200));
    }

    /// <summary>MON-22: the tier is a whole word of a scope, an element of an array, or told by a map of clients.</summary>
    [Theory]
    [InlineData("goldfish", 403)]
    [InlineData("not-gold", 403)]
    [InlineData("read:x gold write:y", 200)]
    [InlineData("[\"silver-ish\",\"gold\"]", 200)]
    [InlineData("Gold", 403)]
    public async Task Tier_is_a_whole_word(string scope, int status)
    {
        await StartTiersAsync();

        Assert.Equal(status, (await AskAsync("acme", scope)).Status);
    }

    /// <inheritdoc cref="Tier_is_a_whole_word"/>
    [Fact]
    public async Task Map_of_clients_goes_before_the_scope_where_it_comes_first()
    {
        var map = Path.GetTempFileName();
        await File.WriteAllTextAsync(map, "acme gold\n", TestContext.Current.CancellationToken);
        try
        {
            await StartTiersAsync(tiers => tiers.Configure(o => o.TierBy.Insert(0, Value.Parse($"req.hdr(x-client),map({map})"))));

            Assert.Equal(11, (await AskManyAsync(11, "acme", "bronze")).Count(static s => s == 200));
            Assert.Equal(10, (await AskManyAsync(11, "other", "bronze")).Count(static s => s == 200));
        }
        finally
        {
            File.Delete(map);
        }
    }

    /// <summary>MON-22: of two tiers in one scope the one that stands first in the configuration counts, and not both.</summary>
    [Fact]
    public async Task Scope_of_two_tiers_has_the_first_one()
    {
        await StartTiersAsync();

        Assert.Equal(10, (await AskManyAsync(11, "acme", "gold bronze")).Count(static s => s == 200));
    }

    /// <summary>MON-23: several windows at once, of which the answer names the one that refuses.</summary>
    [Fact]
    public async Task Refusal_names_its_window()
    {
        await StartTiersAsync(static tiers => tiers.AddTier("both", static t => t.Limit(5, TimeSpan.FromSeconds(1)).Quota(100, QuotaPeriod.Day)));
        await AskManyAsync(5, "acme", "both");

        Assert.Equal("second", WindowOf(await AskAsync("acme", "both")));
        for (var i = 0; i < 95; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(200, (await AskAsync("acme", "both")).Status);
        }

        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("day", WindowOf(await AskAsync("acme", "both")));
    }

    /// <summary>MON-24: a month is one of the calendar of a stated time zone, and what another process has counted can be set.</summary>
    [Fact]
    public async Task Month_begins_anew_at_midnight_of_its_time_zone()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        await StartTiersAsync(tiers => tiers.AddTier("monthly", t => t.Quota(3, QuotaPeriod.Month, q => q.TimeZone = berlin)));
        Proxy.GetTiers("plans").SetUsed("acme", "monthly", "month", 2);

        Assert.Equal([200, 429], await AskManyAsync(2, "acme", "monthly"));
        Time.Advance(new DateTimeOffset(2025, 3, 31, 21, 59, 59, TimeSpan.Zero) - Time.GetUtcNow());
        Assert.Equal(429, (await AskAsync("acme", "monthly")).Status);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await AskAsync("acme", "monthly")).Status);
    }

    /// <summary>MON-25: what is left stands in every response, and a refusal says when to come back.</summary>
    [Fact]
    public async Task Responses_tell_the_limits()
    {
        await StartTiersAsync();
        Time.Advance(TimeSpan.FromSeconds(19)); // the clock of the test is at one second past

        var admitted = await AskAsync("acme", "bronze");
        Assert.Equal(("\"minute\";q=10;w=60, \"month\";q=10000", "\"minute\";r=9;t=40, \"month\";r=9999;t=2375980"), (admitted["RateLimit-Policy"], admitted["RateLimit"]));
        Assert.Null(admitted["Retry-After"]);

        await AskManyAsync(9, "acme", "bronze");
        var refused = await AskAsync("acme", "bronze");
        Assert.Equal(("40", "\"minute\";r=0;t=40, \"month\";r=9990;t=2375980"), (refused["Retry-After"], refused["RateLimit"]));
        using var problem = JsonDocument.Parse(refused.Text);
        Assert.Equal(
            ("https://iana.org/assignments/http-problem-types#quota-exceeded", 429, "minute", 10, 40),
            (problem.RootElement.GetProperty("type").GetString(), problem.RootElement.GetProperty("status").GetInt32(),
                problem.RootElement.GetProperty("window").GetString(), problem.RootElement.GetProperty("limit").GetInt32(),
                problem.RootElement.GetProperty("retry-after").GetInt32()));
    }

    /// <summary>MON-25: they can be left out.</summary>
    [Fact]
    public async Task Fields_can_be_left_out()
    {
        await StartTiersAsync(static tiers => tiers.WithoutHeaders());
        await AskManyAsync(10, "acme", "bronze");

        var refused = await AskAsync("acme", "bronze");

        Assert.Equal((429, null, null), (refused.Status, refused["RateLimit"], refused["Retry-After"]));
    }

    [Fact]
    public async Task Fields_of_the_proxy_take_the_place_of_a_servers_own()
    {
        await StartTiersAsync(answer: ["HTTP/1.1 200 OK", "RateLimit: \"theirs\";r=1", "Content-Length: 2", "", "ok"]);

        Assert.Equal("\"minute\";r=9;t=59, \"month\";r=9999;t=2375999", (await AskAsync("acme", "bronze"))["RateLimit"]);
    }

    [Fact]
    public async Task Refusal_keeps_the_connection()
    {
        await StartTiersAsync();
        var client = await ConnectAsync();
        for (var i = 0; i < 11; i++)
        {
            await AskAsync(client, "acme", "bronze");
        }

        Assert.Equal(200, (await AskAsync(client, "other", "bronze")).Status);
    }

    [Fact]
    public async Task Request_without_a_key_is_refused()
    {
        await StartTiersAsync();
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "X-Scope: gold", "", "");

        Assert.Equal(403, (await client.ReadResponseAsync()).Status);
        Assert.Equal("PR", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Requests_without_a_key_can_count_together()
    {
        await StartTiersAsync(static tiers => tiers.CountRestTogether());
        var client = await ConnectAsync();
        var statuses = new List<int>();
        for (var i = 0; i < 11; i++)
        {
            await client.SendAsync("GET / HTTP/1.1", "Host: a", "X-Scope: bronze", "", "");
            statuses.Add((await client.ReadResponseAsync()).Status);
        }

        Assert.Equal([.. Enumerable.Repeat(200, 10), 429], statuses);
    }

    /// <summary>MON-03: some requests are nobody's to count.</summary>
    [Fact]
    public async Task Requests_that_tiers_leave_alone_pass()
    {
        await StartTiersAsync(frontend: static f => f.UseTiers("plans", unless: Match.Path("/auth/*")));
        var client = await ConnectAsync();
        for (var i = 0; i < 50; i++)
        {
            await client.SendAsync("GET /auth/token HTTP/1.1", "Host: a", "", "");
            var response = await client.ReadResponseAsync();
            Assert.Equal((200, null), (response.Status, response["RateLimit"]));
        }

        Assert.Equal(0, Proxy.GetTiers("plans").ClientCount);
    }

    [Fact]
    public async Task Answers_can_be_replaced()
    {
        await StartTiersAsync(static tiers => tiers
            .WhenRefused(RuleActions.Return(Reply.Format(Value.Format("no more of %[tier_window] for %[tier_client], %[tier]"), "text/plain", 420)))
            .WhenUnknown(RuleActions.Deny(401)));
        await AskManyAsync(10, "acme", "bronze");

        var refused = await AskAsync("acme", "bronze");

        Assert.Equal((420, "no more of minute for acme, bronze", "59"), (refused.Status, refused.Text, refused["Retry-After"]));
        Assert.Equal(401, (await AskAsync("acme", "none")).Status);
    }

    [Fact]
    public async Task Soft_limit_warns_and_serves()
    {
        await StartTiersAsync(static tiers => tiers.AddTier("soft", static t => t.Limit(3, TimeSpan.FromMinutes(1), l => l.SoftLimit = 1)));

        Assert.Null((await AskAsync("acme", "soft"))["RateLimit-Warning"]);
        Assert.Equal("\"minute\"", (await AskAsync("acme", "soft"))["RateLimit-Warning"]);
    }

    [Fact]
    public async Task Client_sees_what_it_has_used_at_no_cost()
    {
        await StartTiersAsync(frontend: static f => f.UsageEndpoint("/usage"));
        await AskManyAsync(3, "acme", "bronze");

        await AskAsync("acme", "bronze", target: "/usage");
        var response = await AskAsync("acme", "bronze", target: "/usage?x=1");

        Assert.Equal((200, "application/json", "no-store"), (response.Status, response["Content-Type"], response["Cache-Control"]));
        using var usage = JsonDocument.Parse(response.Text);
        var minute = usage.RootElement.GetProperty("limits")[0];
        Assert.Equal(("acme", "bronze"), (usage.RootElement.GetProperty("client").GetString(), usage.RootElement.GetProperty("tier").GetString()));
        Assert.Equal(
            ("minute", 10, 3, 7, "2025-03-04T12:01:00+00:00"),
            (minute.GetProperty("name").GetString(), minute.GetProperty("limit").GetInt32(), minute.GetProperty("used").GetInt32(),
                minute.GetProperty("remaining").GetInt32(), minute.GetProperty("resetsAt").GetString()));
        Assert.Equal(3, Origins[0].Requests.Count);
    }

    [Fact]
    public async Task Client_that_has_nothing_left_still_sees_what_it_has_used()
    {
        await StartTiersAsync(frontend: static f => f.UsageEndpoint("/usage"));
        await AskManyAsync(11, "acme", "bronze");

        Assert.Equal(200, (await AskAsync("acme", "bronze", target: "/usage")).Status);
    }

    [Fact]
    public async Task Limiter_of_the_users_own_is_asked_last_and_given_its_lease_back()
    {
        await StartTiersAsync(static tiers => tiers.AddTier("own", static t => t
            .Limit(10, TimeSpan.FromMinutes(1))
            .Limiter(static _ => new FixedWindowRateLimiter(new FixedWindowRateLimiterOptions
            {
                PermitLimit = 2,
                Window = TimeSpan.FromDays(1),
                AutoReplenishment = false,
            }))));

        Assert.Equal([200, 200, 429], await AskManyAsync(3, "acme", "own"));
        Assert.Equal(200, (await AskAsync("other", "own")).Status);
        Assert.Equal(2, Proxy.GetTiers("plans").GetUsage("acme", "own")[0].Used); // what the limiter refused was given back
    }

    [Fact]
    public async Task Request_that_costs_more_than_a_limiter_of_the_users_own_ever_gives_is_refused()
    {
        await StartTiersAsync(static tiers => tiers.Cost(5, Match.Path("/dear")).AddTier("own", static t => t
            .Limit(10, TimeSpan.FromMinutes(1))
            .Limiter(static _ => new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 2 }))));

        var refused = await AskAsync("acme", "own", target: "/dear");

        Assert.Equal((429, "limiter", null), (refused.Status, WindowOf(refused), refused["Retry-After"]));
        Assert.Equal(0, Proxy.GetTiers("plans").GetUsage("acme", "own")[0].Used); // nothing was counted
        Assert.Equal(200, (await AskAsync("acme", "own")).Status);
    }

    [Fact]
    public async Task Limit_whose_code_makes_no_limiter_lets_nothing_pass()
    {
        ExpectedFaults = 1;
        await StartTiersAsync(static tiers => tiers.AddTier("own", static t => t.Limiter(static _ => null!)));

        Assert.Equal(500, (await AskAsync("acme", "own")).Status);
    }

    [Fact]
    public async Task Bucket_that_lacks_more_than_comes_back_in_all_time_is_told_of()
    {
        await StartTiersAsync(
            static tiers => tiers.AddTier("deep", static t => t.TokenBucket(100, 1, TimeSpan.FromDays(1))), static f => f.UsageEndpoint("/usage"));
        Proxy.GetTiers("plans").SetUsed("acme", "deep", "burst", 1_000_000_000_000);

        var usage = await AskAsync("acme", "deep", target: "/usage");

        Assert.Equal(200, usage.Status);
        Assert.Contains("\"remaining\":0,\"resetsAt\":\"9999-12-31T", usage.Text, StringComparison.Ordinal);
        Assert.Equal(429, (await AskAsync("acme", "deep")).Status);
    }

    public sealed class OverSockets() : TierTests(Carrier.Sockets);

    public sealed class InMemory() : TierTests(Carrier.Memory);
}
