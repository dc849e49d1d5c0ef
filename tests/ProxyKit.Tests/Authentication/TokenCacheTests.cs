using System.Security.Cryptography;
using ProxyKit.Authentication;
using ProxyKit.Identities;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Authentication;

public sealed class TokenCacheTests
{
    private static readonly ClientPrincipal Ann = new("jwt", ClaimSet.None);

    [Fact]
    public void Entry_is_found_until_it_expires()
    {
        var cache = new TokenCache(8);
        cache.Add(Hash(1), Ann, null, now: 0, expiresAt: 100);

        Assert.Same(Ann, cache.Find(Hash(1), 99));
        Assert.Null(cache.Find(Hash(1), 100));
        Assert.Null(cache.Find(Hash(2), 0));
    }

    [Fact]
    public void Entry_counts_no_more_when_its_key_is_retired()
    {
        using var key = TestKey.Curve();
        var verification = KeyFiles.OfPem(key.Pem)[0];
        var cache = new TokenCache(8);
        cache.Add(Hash(1), Ann, verification, 0, 100);

        verification.Retire();

        Assert.Null(cache.Find(Hash(1), 1));
    }

    [Fact]
    public void Cache_never_has_more_than_it_has_room_for_and_keeps_what_is_used()
    {
        const long Second = TimeSpan.TicksPerSecond;
        var cache = new TokenCache(64);
        for (var i = 0; i < 10_000; i++)
        {
            cache.Add(Hash(i), Ann, null, i * Second, long.MaxValue);
            Assert.NotNull(cache.Find(Hash(0), i * Second));
        }

        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => cache.Find(Hash(i), 10_000 * Second) is not null), 32, 64);
    }

    [Fact]
    public void Cache_under_many_threads_never_mixes_up_who_is_who()
    {
        var cache = new TokenCache(16);
        var principals = Enumerable.Range(0, 100).Select(static i => new ClientPrincipal("jwt", ClaimSet.Of(w => w.WriteString("sub", $"{i}")))).ToArray();
        Parallel.For(0, 100_000, i =>
        {
            var who = i % 100;
            cache.Add(Hash(who), principals[who], null, i, long.MaxValue);
            Assert.Same(principals[who], cache.Find(Hash(who), i) ?? principals[who]);
        });
    }

    [Fact]
    public void Token_that_was_seen_before_costs_no_allocation()
    {
        using var key = TestKey.Rsa();
        var options = new JwtOptions();
        var time = new ManualTimeProvider();
        var authenticator = new JwtAuthenticator(options, [.. KeyFiles.OfPem(key.Pem)], [], time);
        var token = key.Sign($$"""{"sub":"ann","exp":{{time.GetUtcNow().ToUnixTimeSeconds() + 60}}}""");
        var context = Rules.TestExchange.With($"Authorization: Bearer {token}").Context;
        Assert.NotNull(authenticator.Authenticate(context).Principal);

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                authenticator.Authenticate(context);
            }
        });
    }

    private static byte[] Hash(int i) => SHA256.HashData(BitConverter.GetBytes(i));
}
