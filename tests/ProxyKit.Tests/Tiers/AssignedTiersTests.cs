using System.Security.Cryptography;
using System.Text;
using ProxyKit.Testing;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

public sealed class AssignedTiersTests
{
    private readonly ManualTimeProvider _time = new() { LetsOthersFinish = true };
    private readonly List<Exception> _failures = [];
    private int _asked;

    [Fact]
    public async Task Source_is_asked_once_for_all_who_wait()
    {
        var answer = new TaskCompletionSource<TierAssignment?>();
        var (tiers, plans) = Make(_ => new(answer.Task));
        var waiting = Enumerable.Range(0, 20).Select(_ => tiers.FindAsync("a"u8.ToArray(), null, plans, CancellationToken.None).AsTask()).ToArray();

        answer.SetResult(new TierAssignment("gold"));

        Assert.All(await Task.WhenAll(waiting).InTimeAsync(), found => Assert.Equal((true, "gold"), (found.IsKnown, found.Plan?.Name)));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task Source_that_takes_too_long_is_given_up()
    {
        var (tiers, plans) = Make(static _ => new(new TaskCompletionSource<TierAssignment?>().Task));

        var search = tiers.FindAsync("a"u8.ToArray(), null, plans, CancellationToken.None).AsTask();
        while (!search.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.False((await search).IsKnown);
        Assert.IsAssignableFrom<OperationCanceledException>(Assert.Single(_failures));
    }

    [Fact]
    public async Task Request_that_is_given_up_does_not_end_the_search()
    {
        var answer = new TaskCompletionSource<TierAssignment?>();
        var (tiers, plans) = Make(_ => new(answer.Task));
        using var left = new CancellationTokenSource();
        var first = tiers.FindAsync("a"u8.ToArray(), null, plans, left.Token).AsTask();
        var second = tiers.FindAsync("a"u8.ToArray(), null, plans, CancellationToken.None).AsTask();

        await left.CancelAsync();
        Assert.False((await first.InTimeAsync()).IsKnown);
        answer.SetResult(new TierAssignment("gold"));

        Assert.Equal("gold", (await second.InTimeAsync()).Plan?.Name);
    }

    /// <summary>Of a long claim no more is kept than its hash, which is none that a claim could spell.</summary>
    [Fact]
    public async Task Long_claims_are_told_apart()
    {
        var (tiers, plans) = Make(static query => new(new TierAssignment(query.Claimed is { Length: 5000 } claimed && claimed.EndsWith('g') ? "gold" : "none")));
        byte[] gold = [.. new string('x', 4999).Select(static c => (byte)c), (byte)'g'], other = [.. gold[..^1], (byte)'h'];
        await tiers.FindAsync("a"u8.ToArray(), gold, plans, CancellationToken.None);
        await tiers.FindAsync("a"u8.ToArray(), other, plans, CancellationToken.None);

        Assert.True(tiers.TryFind("a"u8, gold, plans, out var plan));
        Assert.Equal("gold", plan?.Name);
        Assert.True(tiers.TryFind("a"u8, other, plans, out plan));
        Assert.Null(plan);
        Assert.False(tiers.TryFind("a"u8, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(gold))), plans, out _));
    }

    [Fact]
    public async Task What_was_said_of_another_claim_is_asked_anew()
    {
        var (tiers, plans) = Make(static query => new(new TierAssignment(query.Claimed ?? "none")));
        await tiers.FindAsync("a"u8.ToArray(), "gold"u8.ToArray(), plans, CancellationToken.None).AsTask().InTimeAsync();

        Assert.True(tiers.TryFind("a"u8, "gold"u8, plans, out var plan));
        Assert.Equal("gold", plan?.Name);
        Assert.False(tiers.TryFind("a"u8, "bronze"u8, plans, out _));
    }

    [Fact]
    public async Task Client_that_changes_between_two_claims_is_asked_about_once_for_each()
    {
        var (tiers, plans) = Make(static query => new(new TierAssignment(query.Claimed!)));
        foreach (var claimed in new[] { "gold", "bronze", "gold", "bronze" })
        {
            var words = System.Text.Encoding.ASCII.GetBytes(claimed);
            if (!tiers.TryFind("a"u8, words, plans, out var plan))
            {
                plan = (await tiers.FindAsync("a"u8.ToArray(), words, plans, CancellationToken.None).AsTask().InTimeAsync()).Plan;
            }

            Assert.Equal(claimed, plan?.Name);
        }

        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Client_and_claim_are_not_taken_for_another_pair()
    {
        var (tiers, plans) = Make(static _ => new(new TierAssignment("gold")));
        await tiers.FindAsync("ab"u8.ToArray(), "c"u8.ToArray(), plans, CancellationToken.None).AsTask().InTimeAsync();

        Assert.False(tiers.TryFind("a"u8, "bc"u8, plans, out _));
        Assert.True(tiers.TryFind("ab"u8, "c"u8, plans, out _));
    }

    [Fact]
    public async Task No_more_clients_are_kept_than_there_may_be()
    {
        var (tiers, plans) = Make(static _ => new(new TierAssignment("gold")), size: 3);
        for (var i = 0; i < 10; i++)
        {
            await tiers.FindAsync([(byte)i], null, plans, CancellationToken.None).AsTask().InTimeAsync();
        }

        Assert.Equal([7, 8, 9], Enumerable.Range(0, 10).Where(i => tiers.TryFind([(byte)i], default, plans, out _)));
    }

    [Fact]
    public async Task Billing_day_of_a_client_is_that_of_its_quota()
    {
        var (tiers, plans) = Make(static _ => new(new TierAssignment("gold") { Anchor = new DateOnly(2024, 1, 17) }));

        var (_, plan) = await tiers.FindAsync("a"u8.ToArray(), null, plans, CancellationToken.None).AsTask().InTimeAsync();

        var span = plan!.Windows[0].Calendar!.At(_time.GetUtcNow().ToUnixTimeMilliseconds()); // found, and of a quota
        Assert.Equal(new DateTimeOffset(2025, 3, 17, 0, 0, 0, TimeSpan.Zero), DateTimeOffset.FromUnixTimeMilliseconds(span.End));
    }

    private (AssignedTiers Tiers, TierPlans Plans) Make(Func<TierQuery, ValueTask<TierAssignment?>> find, int size = 100)
    {
        var options = new TiersOptions { Name = "plans" };
        new TiersBuilder(options)
            .TierFrom(new Source(query =>
            {
                Interlocked.Increment(ref _asked);
                return find(query);
            }))
            .AddTier("bronze")
            .AddTier("gold", static t => t.Quota(10, QuotaPeriod.Month))
            .Configure(o => o.SourceCacheSize = size);
        return (new AssignedTiers(options, _time, _failures.Add), new TierPlans(options, 1));
    }

    private sealed class Source(Func<TierQuery, ValueTask<TierAssignment?>> find) : ITierSource
    {
        public ValueTask<TierAssignment?> FindAsync(TierQuery query, CancellationToken cancellationToken) => find(query);
    }
}
