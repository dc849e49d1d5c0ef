using ProxyKit.Authentication;
using ProxyKit.Runtime;

namespace ProxyKit.Conformance.Authentication;

/// <summary>Keys that an issuer publishes: how they come, change, and stay good while it is away.</summary>
public sealed class IssuerTests() : ProxyTest(Carrier.Sockets)
{
    private readonly OpenIdServer _issuer = new();
    private readonly TestKey _first = TestKey.Curve("k1"), _second = TestKey.Curve("k2");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _issuer.DisposeAsync();
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task Keys_are_discovered_and_the_first_request_waits_for_them()
    {
        _issuer.Publish(_first);
        var release = _issuer.Hold();
        await StartAsync();

        var status = StatusAsync(_first);
        await UntilAsync(() => _issuer.KeyRequests == 1);
        Assert.False(status.IsCompleted);
        release();

        Assert.Equal(200, await status);
    }

    [Fact]
    public async Task Key_that_is_not_known_is_asked_for_at_once_but_not_again_and_again()
    {
        _issuer.Publish(_first);
        await StartAsync();
        Assert.Equal(200, await StatusAsync(_first));
        using var stranger = TestKey.Curve("k9");
        _issuer.Publish(_first, _second);

        Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(200, await StatusAsync(_second));
        Assert.Equal(2, _issuer.KeyRequests);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(401, await StatusAsync(stranger));
        }

        Assert.Equal(2, _issuer.KeyRequests);
    }

    [Fact]
    public async Task Key_that_is_gone_counts_no_more_after_a_refresh_remembered_tokens_included()
    {
        _issuer.Publish(_first);
        await StartAsync();
        var token = Token(_first);
        Assert.Equal(200, await StatusAsync(token));
        _issuer.Publish(_second);

        Time.Advance(TimeSpan.FromHours(1));
        await LearntAsync(2);

        Assert.Equal(401, await StatusAsync(token));
        Assert.Equal(200, await StatusAsync(_second));
    }

    [Fact]
    public async Task Key_that_stays_keeps_its_tokens_over_a_refresh()
    {
        _issuer.Publish(_first);
        await StartAsync();
        var token = Token(_first);
        Assert.Equal(200, await StatusAsync(token));

        _issuer.Publish(_second, _first);
        Time.Advance(TimeSpan.FromHours(1));
        await LearntAsync(2);

        Assert.Equal(200, await StatusAsync(token));
    }

    [Fact]
    public async Task Last_keys_stay_good_while_the_issuer_is_away_and_new_ones_come_when_it_is_back()
    {
        _issuer.Publish(_first);
        await StartAsync();
        Assert.Equal(200, await StatusAsync(_first));
        _issuer.GoAway();

        Time.Advance(TimeSpan.FromHours(1));
        await Log.WaitForAsync(static e => e.Message.Contains("cannot be had", StringComparison.Ordinal));
        Assert.Equal(200, await StatusAsync(_first));

        _issuer.Publish(_second);
        _issuer.ComeBack();
        Time.Advance(TimeSpan.FromSeconds(30));
        await LearntAsync(2);
        Assert.Equal(200, await StatusAsync(_second));
    }

    [Fact]
    public async Task Issuer_that_was_never_there_costs_503_and_not_the_proxy()
    {
        _issuer.GoAway();
        await StartAsync();

        Assert.Equal(503, await StatusAsync(_first));

        _issuer.Publish(_first);
        _issuer.ComeBack();
        Time.Advance(TimeSpan.FromSeconds(30));
        await LearntAsync(1);
        Assert.Equal(200, await StatusAsync(_first));
    }

    [Fact]
    public async Task Issuer_that_does_not_answer_is_given_up()
    {
        _issuer.Publish(_first);
        var release = _issuer.Hold();
        await StartAsync();

        var status = StatusAsync(_first);
        await UntilAsync(() => _issuer.KeyRequests == 1);
        var outcome = await AdvanceUntilAsync(status);

        Assert.Equal(503, outcome);
        release();
    }

    [Fact]
    public async Task Reload_keeps_the_keys_that_are_known()
    {
        _issuer.Publish(_first);
        var origin = OkOrigin();
        await StartAsync(Compose([origin], Protect));
        Assert.Equal(200, await StatusAsync(_first));
        _issuer.GoAway();

        await ReloadAsync(Compose([origin], Protect));

        Assert.Equal(200, await StatusAsync(_first));
        Assert.Equal(1, _issuer.KeyRequests);
    }

    [Fact]
    public async Task Reload_that_has_keys_asked_for_in_another_way_keeps_those_that_are_known()
    {
        _issuer.Publish(_first);
        var origin = OkOrigin();
        await StartAsync(Compose([origin], Protect));
        Assert.Equal(200, await StatusAsync(_first));
        _issuer.GoAway();

        await ReloadAsync(Compose([origin], f => f.Authenticate(jwt => jwt.OpenId(_issuer.Issuer).Configure(static (JwtOptions o) =>
            (o.AllowsHttp, o.RefreshEvery) = (true, TimeSpan.FromMinutes(7))))));

        Assert.Equal(200, await StatusAsync(_first));
    }

    [Theory]
    [InlineData("""{"issuer":"https://evil.example/","jwks_uri":"http://127.0.0.1:1/keys"}""", "about the issuer 'https://evil.example/'")]
    [InlineData("""{"jwks_uri":"http://127.0.0.1:1/keys"}""", "the metadata of the issuer are none")]
    [InlineData("""nothing""", "the metadata of the issuer are none")]
    public async Task Metadata_of_somebody_else_are_refused(string metadata, string reason)
    {
        _issuer.Describe(metadata);
        await StartAsync();

        var told = await Log.WaitForAsync(static e => e.Message.Contains("cannot be had", StringComparison.Ordinal));

        Assert.Contains(reason, told.Message, StringComparison.Ordinal);
        Assert.Equal(503, await StatusAsync(_first));
    }

    [Fact]
    public async Task Issuer_speaks_in_its_own_name_alone()
    {
        await using var partner = new OpenIdServer();
        partner.Publish(_second);
        _issuer.Publish(_first);
        await StartAsync(OkOrigin(), f => f.Authenticate(jwt => jwt.OpenId(_issuer.Issuer).OpenId(partner.Issuer).Configure(static (JwtOptions o) => o.AllowsHttp = true)));

        Assert.Equal(200, await StatusAsync(_first));
        Assert.Equal(200, await StatusAsync(Token(_second, partner.Issuer)));
        Assert.Equal(401, await StatusAsync(Token(_second, _issuer.Issuer)));
        Assert.Equal(401, await StatusAsync(Token(_second, _issuer.Issuer))); // nor is it remembered
    }

    [Fact]
    public async Task Key_that_is_not_known_is_asked_for_beside_one_without_a_name()
    {
        using var nameless = TestKey.Curve("");
        _issuer.Publish(nameless);
        await StartAsync();
        Assert.Equal(200, await StatusAsync(nameless));
        _issuer.Publish(nameless, _second);

        Time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(200, await StatusAsync(_second));
    }

    [Fact]
    public async Task Refresh_that_comes_too_early_is_made_up_for()
    {
        _issuer.Publish(_first);
        await StartAsync(OkOrigin(), f => f.Authenticate(jwt => jwt.OpenId(_issuer.Issuer).Configure(static (JwtOptions o) =>
        {
            o.AllowsHttp = true;
            (o.RefreshEvery, o.RefreshAtLeastAfter) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));
        })));
        Assert.Equal(200, await StatusAsync(_first));
        _issuer.Publish(_second);

        Time.Advance(TimeSpan.FromMinutes(1));
        Time.Advance(TimeSpan.FromMinutes(4) + TimeSpan.FromMilliseconds(2));
        await LearntAsync(2);

        Assert.Equal(401, await StatusAsync(_first));
    }

    [Fact]
    public async Task Secrets_that_are_published_are_no_keys()
    {
        _issuer.Publish("""{"keys":[{"kty":"oct","kid":"k1","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}]}""");
        await StartAsync();

        var told = await Log.WaitForAsync(static e => e.Message.Contains("cannot be had", StringComparison.Ordinal));

        Assert.Contains("no key in it that signatures could be verified with", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_without_tls_are_refused_unless_that_is_wanted()
    {
        var refused = await Assert.ThrowsAsync<ProxyConfigurationException>(() =>
            StartAsync(OkOrigin(), f => f.Authenticate(jwt => jwt.OpenId(_issuer.Issuer))));

        Assert.Contains("use https", refused.Message, StringComparison.Ordinal);
    }

    private string Token(TestKey key, string? issuer = null) =>
        key.Sign($$"""{"iss":"{{issuer ?? _issuer.Issuer}}","sub":"ann","exp":{{Time.GetUtcNow().ToUnixTimeSeconds() + 86400}}}""");

    private void Protect(FrontendBuilder frontend) =>
        frontend.Authenticate(jwt => jwt.OpenId(_issuer.Issuer).Configure(static (JwtOptions o) => o.AllowsHttp = true));

    private Task StartAsync() => StartAsync(OkOrigin(), Protect);

    private Task<int> StatusAsync(TestKey key) => StatusAsync(Token(key));

    private async Task<int> StatusAsync(string token)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", $"Authorization: Bearer {token}", "", "");
        return (await client.ReadResponseAsync()).Status;
    }

    /// <summary>Waits until keys were had for the nth time.</summary>
    private Task<LogEntry> LearntAsync(int times)
    {
        var seen = 0;
        return Log.WaitForAsync(e => e.Message.Contains("keys of an issuer of tokens are known", StringComparison.Ordinal) && ++seen == times);
    }
}
