namespace ProxyKit.Conformance.Samples;

/// <summary>How much a client may ask for, as the samples have it.</summary>
public sealed class LimitSampleTests : SampleTest
{
    [Fact] // GW1-08, MON-13
    public async Task Twenty_requests_in_ten_seconds_pass()
    {
        await StartSampleAsync("rate-limit", OkOrigin());

        Assert.Equal(Runs((20, 200), (2, 429)), await StatusesAsync(22, "/"));
        Pass(21);
        Assert.Equal(Runs((20, 200), (1, 429)), await StatusesAsync(21, "/"));
    }

    [Theory] // GW1-09, GW1-11
    [InlineData("/urla", 10)]
    [InlineData("/urlb", 20)]
    [InlineData("/urlb/slow", 2)]
    [InlineData("/other", 20)]
    public async Task Map_says_how_often_a_page_may_be_asked_for(string target, int limit)
    {
        await StartSampleAsync("rate-limit-by-url", OkOrigin());

        Assert.Equal(Runs((limit, 200), (1, 429)), await StatusesAsync(limit + 1, target));
    }

    [Fact] // GW1-10
    public async Task Page_is_counted_without_its_query_and_apart_from_others()
    {
        await StartSampleAsync("rate-limit-by-url", OkOrigin());

        Assert.Equal(Runs((5, 200)), await StatusesAsync(5, "/urla?x=1"));
        Assert.Equal(Runs((5, 200), (1, 429)), await StatusesAsync(6, "/urla?x=2"));
        Assert.Equal(Runs((10, 200)), await StatusesAsync(10, "/urla/1"));
        Assert.Equal(Runs((10, 200)), await StatusesAsync(10, "/urla", "Host: b.example"));
    }

    [Fact] // GW1-12
    public async Task Client_that_hammers_on_stays_out_until_it_pauses()
    {
        await StartSampleAsync("rate-limit-by-url", OkOrigin());
        await StatusesAsync(10, "/urla");

        for (var second = 0; second < 30; second++)
        {
            Assert.Equal(Runs((5, 429)), await StatusesAsync(5, "/urla"));
            Pass(1);
        }

        Pass(21);
        Assert.Equal(200, (await AskAsync("/urla")).Status);
    }

    [Fact] // MON-14 to MON-16
    public async Task Quota_of_a_key_is_that_of_its_plan()
    {
        await StartSampleAsync("plans-by-key", OkOrigin());

        Assert.Equal(429, (await AskAsync("/")).Status);
        Assert.Equal(403, (await AskAsync("/?token=nobody")).Status);
        Assert.Equal("2", (await AskAsync("/?token=key-of-acme"))["x-quota-left"]);
        Assert.Equal(Runs((2, 200), (1, 429)), await StatusesAsync(3, "/?token=key-of-acme"));
        Assert.Equal(Runs((5, 200)), await StatusesAsync(5, "/?token=key-of-globex"));
        Pass(25 * 3600);
        Assert.Equal(200, (await AskAsync("/?token=key-of-acme")).Status);
    }

    [Fact] // SEC-07
    public async Task Client_with_many_errors_is_shut_out_for_a_while()
    {
        await StartSampleAsync("abuse", Origin(static exchange => exchange.AnswerAsync("HTTP/1.1 404 None", "Content-Length: 0", "", "")));

        Assert.Equal(Runs((11, 404), (2, 429)), await StatusesAsync(13, "/"));
        Pass(31);
        Assert.Equal(404, (await AskAsync("/")).Status);
    }

    [Fact] // SEC-09
    public async Task Robot_is_kept_waiting()
    {
        var origin = OkOrigin();
        await StartSampleAsync("abuse", origin);
        var asking = AskAsync("/", "User-Agent: x BadBot/1");

        Assert.Equal(500, (await AdvanceUntilAsync(asking)).Status);
        Assert.Empty(origin.Requests);
    }

    [Theory] // SEC-11
    [InlineData("/.git/config", 403)]
    [InlineData("/?q=1+UNION+SELECT", 403)]
    [InlineData("/?q=%3CScript", 403)]
    [InlineData("/?q=1", 200)]
    public async Task Suspicious_targets_are_refused(string target, int status)
    {
        await StartSampleAsync("abuse", OkOrigin());

        Assert.Equal(status, (await AskAsync(target)).Status);
    }

    [Fact] // SEC-10
    public async Task Listed_address_is_not_served()
    {
        var origin = OkOrigin();
        await StartSampleAsync("abuse", static text => text.Replace("-f \"${HERE-.}/blocked.lst\"", "127.0.0.0/8", StringComparison.Ordinal), origin);
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        await Assert.ThrowsAnyAsync<IOException>(() => client.ReadResponseAsync());
        Assert.Empty(origin.Requests);
    }
}
