using ProxyKit.Authentication;
using ProxyKit.Runtime;

namespace ProxyKit.Conformance.Authentication;

/// <summary>Tokens of an issuer with many keys: those that do not say which one has signed them are tried with some, so that none costs as much as all.</summary>
public sealed class ManyKeysTests() : ProxyTest(Carrier.Sockets)
{
    private const string NoName = """{"alg":"ES256","typ":"JWT"}""", Claims = """{"sub":"ann","exp":4102444800}""";

    private readonly TestKey[] _keys = [.. Enumerable.Range(1, JwtOptions.MostKeysTried + 1).Select(static i => TestKey.Curve($"k{i}"))];
    private readonly TestAuthority _files = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _files.Dispose();
        Array.ForEach(_keys, static k => k.Dispose());
    }

    [Fact]
    public async Task Token_without_a_name_for_its_key_is_tried_with_so_many_and_refused_with_a_reason_of_its_own()
    {
        await StartAsync(_keys);

        Assert.Equal(200, await StatusAsync(_keys[^2].Sign(Claims, header: NoName)));
        Assert.Equal(401, await StatusAsync(_keys[^1].Sign(Claims, header: NoName)));
        Assert.Equal("The token does not say which of many keys is its own", Reason());
    }

    [Fact]
    public async Task Token_that_names_its_key_is_good_whichever_it_is()
    {
        await StartAsync(_keys);

        Assert.Equal(200, await StatusAsync(_keys[^1].Sign(Claims)));
    }

    [Fact]
    public async Task Token_that_names_its_key_is_good_behind_as_many_keys_without_names()
    {
        var nameless = _files.Write("keys.pem", string.Join('\n', _keys[..^1].Select(static k => k.Pem)));
        var named = _files.Write("keys.json", $$"""{"keys":[{{_keys[^1].Jwk}}]}""");
        await StartAsync(OkOrigin(), f => f.Authenticate(jwt => jwt.KeyFile(nameless).JwksFile(named)));

        Assert.Equal(200, await StatusAsync(_keys[^1].Sign(Claims)));
    }

    [Fact]
    public async Task Token_of_a_stranger_is_not_signed_rightly_where_all_keys_were_tried()
    {
        await StartAsync(_keys[..^1]);
        using var other = TestKey.Curve();

        Assert.Equal(401, await StatusAsync(other.Sign(Claims, header: NoName)));
        Assert.Equal("The signature of the token is wrong", Reason());
    }

    [Fact]
    public async Task Keys_without_names_that_would_never_be_tried_stop_the_start()
    {
        var file = _files.Write("keys.pem", string.Join('\n', _keys.Select(static k => k.Pem)));

        var refused = await Assert.ThrowsAsync<ProxyConfigurationException>(() => StartAsync(OkOrigin(), f => f.Authenticate(jwt => jwt.KeyFile(file))));

        Assert.Contains("9 keys without a name are for ES256; 8 are tried with a token at most", refused.Message, StringComparison.Ordinal);
    }

    private Task StartAsync(TestKey[] keys)
    {
        var file = _files.Write("keys.json", $$"""{"keys":[{{string.Join(',', keys.Select(static k => k.Jwk))}}]}""");
        return StartAsync(OkOrigin(), f => f.Authenticate(jwt => jwt.JwksFile(file)));
    }

    private async Task<int> StatusAsync(string token)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", $"Authorization: Bearer {token}", "", "");
        return (await client.ReadResponseAsync()).Status;
    }

    private string? Reason() => Log.Entries.LastOrDefault(static e => e.Message.Contains("did not let", StringComparison.Ordinal))?.Message.Split(": ")[^1];
}
