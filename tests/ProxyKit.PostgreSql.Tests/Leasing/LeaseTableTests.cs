using Npgsql;
using ProxyKit.PostgreSql.Leasing;
using ProxyKit.PostgreSql.Tests.Servers;
using ProxyKit.Tiers;

namespace ProxyKit.PostgreSql.Tests.Leasing;

/// <summary>What the database answers to leases of each kind: gateways are tables here, which tell it what tests say.</summary>
[Collection(nameof(SharedServer))]
public sealed class LeaseTableTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly DateTimeOffset NoEnd = DateTimeOffset.FromUnixTimeMilliseconds(253_402_300_799_999);
    private static readonly DateTimeOffset Noon = new(2026, 11, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly string _schema = PostgresServer.NewSchema();
    private Database? _database;

    public ValueTask InitializeAsync()
    {
        PostgresPrograms.Need();
        _database = new Database(server.ConnectionString, Options, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _database?.DisposeAsync() ?? default;

    private PostgreSqlOptions Options => new() { Schema = _schema };

    [Fact]
    public async Task Sliding_window_is_what_all_have_in_the_pieces_that_it_has()
    {
        var (one, other) = (Gateway(), Gateway());
        await AskAsync(one, Piece(0) with { Used = 40 }, wanted: 0);

        var full = await AskAsync(other, Piece(5) with { Used = 50, Needed = 20 });
        var free = await AskAsync(other, Piece(7) with { Used = 0, Earlier = [0, 50, 0, 0, 0, 0], Needed = 20 });

        Assert.Equal((50 + 3, 40 + 53), (full.Granted, full.Taken)); // a quarter of the 10 that are free
        Assert.Equal((20, 50 + 20), (free.Granted, free.Taken)); // what the first had is out of the window
    }

    [Fact]
    public async Task Sliding_window_counts_the_lease_of_one_who_does_not_come_again_until_its_piece_is_out()
    {
        var (one, other) = (Gateway(), Gateway());
        var killed = await AskAsync(one, Piece(0) with { Used = 10 }, wanted: 50);

        var next = await AskAsync(other, Piece(1), wanted: 0);

        Assert.Equal(10 + 23, killed.Granted);
        Assert.Equal(33, next.Taken);
    }

    [Fact]
    public async Task Bucket_comes_back_by_the_clock_of_the_database()
    {
        var gateway = Gateway();
        await AskAsync(gateway, Bucket(refill: 1_000) with { Used = 100 }, wanted: 0); // full again in a tenth of a second

        LeaseAnswer answer = default;
        await TestGateway.UntilAsync(
            async () => (answer = await AskAsync(gateway, Bucket(refill: 1_000) with { Used = 100, Held = 100 }, wanted: 0)).Taken == 0, "the bucket to be full");

        Assert.Equal(100, answer.Granted);
    }

    [Fact]
    public async Task Bucket_gives_out_what_it_has_and_no_more()
    {
        var (one, other) = (Gateway(), Gateway());
        var first = await AskAsync(one, Bucket(refill: 1, period: 86_400_000) with { Used = 30, Needed = 50 });
        var second = await AskAsync(other, Bucket(refill: 1, period: 86_400_000) with { Used = 15, Needed = 6 });

        Assert.Equal((80, 80), (first.Granted, first.Taken));
        Assert.Equal(15 + 2, second.Granted); // five are left: six are not, and a quarter is two
        Assert.Equal(97, second.Taken);
    }

    [Fact]
    public async Task Lease_of_a_bucket_that_is_told_twice_counts_once_and_is_given_back_once()
    {
        var (one, other) = (Gateway(), Gateway());
        var slow = Bucket(refill: 1, period: 86_400_000);
        await AskAsync(one, slow with { Used = 10 }, wanted: 20);
        await AskAsync(one, slow with { Used = 10 }, wanted: 20);
        await AskAsync(one, slow with { Used = 12, Held = 12, GivesBack = true }, wanted: 0);
        await AskAsync(one, slow with { Used = 12, Held = 12, GivesBack = true }, wanted: 0);

        Assert.Equal(12, (await AskAsync(other, slow, wanted: 0)).Taken);
    }

    [Fact]
    public async Task What_is_leased_of_a_bucket_is_no_room_for_more()
    {
        var (one, other) = (Gateway(), Gateway());
        await AskAsync(one, Bucket(refill: 100_000), wanted: 20);

        // Twenty come back within the time that it takes to ask; the bucket is full, but for what the first may still use of it.
        Assert.Equal(20, (await AskAsync(other, Bucket(refill: 100_000), wanted: 0)).Taken);
    }

    [Fact]
    public async Task Slots_of_a_gateway_that_shows_itself_no_more_go_to_others()
    {
        var (killed, other) = (Gateway(), Gateway());
        await AskAsync(killed, Slots with { Used = 6, Needed = 3 });
        var before = await AskAsync(other, Slots with { Needed = 8 });
        await AgeAsync();
        var after = await AskAsync(other, Slots with { Needed = 8 });

        Assert.Equal((1, 10), (before.Granted, before.Taken)); // six are used there, and three leased
        Assert.Equal((8, 8), (after.Granted, after.Taken));
    }

    [Fact]
    public async Task Gateway_that_was_away_for_long_keeps_the_slots_that_it_uses_and_no_others()
    {
        var (cut, other) = (Gateway(), Gateway());
        await AskAsync(cut, Slots with { Used = 4, Needed = 6 });
        await AgeAsync();
        await AskAsync(other, Slots with { Needed = 10 });

        var back = await AskAsync(cut, Slots with { Used = 4, Held = 10 });

        Assert.Equal((4, 14), (back.Granted, back.Taken)); // too many, for as long as these four take
    }

    [Fact]
    public async Task Gateway_that_is_back_keeps_only_what_it_uses_also_where_it_tells_so_late_and_misses_the_answer()
    {
        var (cut, other) = (Gateway(), Gateway());
        await AskAsync(cut, Slots with { Used = 4, Needed = 6 });
        await AgeAsync();
        await AskAsync(other, Slots with { Needed = 10 });
        await cut.AskAsync([], Noon, TestContext.Current.CancellationToken); // is there again, and has nothing to tell yet

        var back = await AskAsync(cut, Slots with { Used = 4, Held = 10 });
        var again = await AskAsync(cut, Slots with { Used = 4, Held = 10 });

        Assert.Equal((4, 4), (back.Granted, again.Granted));
    }

    [Fact]
    public async Task Gateway_that_is_back_has_no_more_of_a_bucket_than_it_used()
    {
        var (cut, other) = (Gateway(), Gateway());
        var slow = Bucket(refill: 1, period: 86_400_000);
        await AskAsync(cut, slow with { Used = 10, Needed = 30 });
        await AgeAsync();

        var back = await AskAsync(cut, slow with { Used = 15, Held = 40 }, wanted: 0);

        Assert.Equal(15, back.Granted);
        Assert.Equal(40, (await AskAsync(other, slow, wanted: 0)).Taken); // what it had left comes back as all does
    }

    [Fact]
    public async Task Bucket_whose_lease_is_lost_charges_nothing_again()
    {
        var gateway = Gateway();

        var answer = await AskAsync(gateway, Bucket(refill: 1, period: 86_400_000) with { Used = 5_003, Held = 5_000 });

        Assert.Equal(5_003 + 10, answer.Granted);
        Assert.Equal(3 + 10, (await AskAsync(Gateway(), Bucket(refill: 1, period: 86_400_000), wanted: 0)).Taken);
    }

    [Fact]
    public async Task Slots_of_a_gateway_that_has_nothing_to_ask_stay_its_own()
    {
        var (idle, other) = (Gateway(), Gateway());
        await AskAsync(idle, Slots with { Used = 4, Needed = 6 });
        await AgeAsync();
        await idle.AskAsync([], Noon, TestContext.Current.CancellationToken);

        Assert.Equal(10, (await AskAsync(other, Slots, wanted: 0)).Taken);
    }

    [Fact]
    public async Task Quota_ends_for_all_when_it_ends_for_the_first()
    {
        var (one, other) = (Gateway(), Gateway());
        var november = Quota(Noon.AddDays(-10), Noon.AddDays(20));
        var moved = Quota(Noon.AddDays(-2), Noon.AddDays(28)); // by another anchor
        await AskAsync(one, november with { Used = 30 }, wanted: 0);

        var answer = await AskAsync(other, moved with { Used = 5 }, wanted: 0);
        var next = await AskAsync(other, moved with { StartsAt = Noon.AddDays(-2), Used = 7 }, wanted: 0, now: Noon.AddDays(20));
        var slow = await AskAsync(one, november with { Used = 33, Held = 33 }, wanted: 10, now: Noon.AddDays(20).AddSeconds(-1));

        Assert.Equal((november.StartsAt, november.EndsAt, 35), (answer.StartsAt, answer.EndsAt, answer.Taken));
        Assert.Equal((moved.EndsAt, 7), (next.EndsAt, next.Taken));
        Assert.Equal((33, 100, november.EndsAt), (slow.Granted, slow.Taken, slow.EndsAt)); // its clock is slow: nothing more of a period that is over
    }

    [Fact]
    public async Task Limits_of_one_name_that_count_in_other_ways_are_apart()
    {
        var gateway = Gateway();
        await AskAsync(gateway, Quota(Noon.AddDays(-1), Noon.AddDays(1)) with { Used = 30 });

        Assert.Equal(1, (await AskAsync(gateway, Slots with { Number = 2, Used = 1 }, wanted: 0)).Taken);
    }

    [Fact]
    public async Task Lease_that_is_over_is_removed_and_told_again_does_no_harm()
    {
        var gateway = Gateway();
        var slow = Bucket(refill: 1, period: 86_400_000);
        var last = slow with { Used = 12, GivesBack = true }; // on credit
        await AskAsync(gateway, last, wanted: 0);

        await gateway.RemoveAsync([last], TestContext.Current.CancellationToken);

        Assert.Equal(0, await server.AskAsync<long>($"SELECT count(*) FROM {_schema}.leases"));
        Assert.Equal(12, (await AskAsync(Gateway(), slow, wanted: 0)).Taken);
    }

    [Fact]
    public async Task Gateway_that_ends_leaves_what_is_still_under_way_and_what_is_of_a_period()
    {
        var gateway = Gateway();
        await AskAsync(gateway, Slots with { Used = 1 });
        await AskAsync(gateway, Slots with { Number = 2 });
        await AskAsync(gateway, Bucket(refill: 1) with { Number = 3, Used = 7 });
        await AskAsync(gateway, Piece(0) with { Number = 4 });

        await gateway.RemoveAllAsync(TestContext.Current.CancellationToken);

        Assert.Equal("1 4", await server.AskAsync<string>($"SELECT string_agg(number::text, ' ' ORDER BY number) FROM {_schema}.leases"));
    }

    [Fact]
    public async Task Slots_that_a_gateway_has_for_months_are_forgotten_when_it_is_gone()
    {
        var gateway = Gateway();
        await AskAsync(gateway, Slots with { Used = 3 }, wanted: 0);

        Assert.Equal(0, await gateway.ForgetAsync(Noon.AddDays(40), 10, TestContext.Current.CancellationToken));
        Assert.Equal(3, (await AskAsync(Gateway(), Slots with { Number = 2 }, wanted: 0)).Taken);
        await server.AskAsync<string>($"UPDATE {_schema}.gateways SET seen_at = seen_at - interval '2 days' RETURNING gateway");

        Assert.Equal(2, await gateway.ForgetAsync(Noon.AddDays(40), 10, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_over_is_forgotten()
    {
        var gateway = Gateway();
        await AskAsync(gateway, Piece(0) with { Used = 1 });
        await AskAsync(gateway, Slots with { Number = 2 });

        Assert.Equal(0, await gateway.ForgetAsync(Noon.AddHours(23), 10, TestContext.Current.CancellationToken));
        Assert.Equal(1, await gateway.ForgetAsync(Noon.AddDays(2), 10, TestContext.Current.CancellationToken));
        Assert.Equal("concurrency", await server.AskAsync<string>($"SELECT string_agg(shape, ' ') FROM {_schema}.quotas"));
    }

    [Fact]
    public async Task Limit_that_is_forgotten_while_somebody_asks_for_it_begins_anew()
    {
        await AskAsync(Gateway(), Piece(0) with { Used = 1 });
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await RunAsync($"SELECT FROM {_schema}.quotas FOR UPDATE");
        var asked = AskAsync(Gateway(), Piece(1) with { Used = 2 }, wanted: 0);
        await TestGateway.UntilAsync(
            async () => await server.AskAsync<long>($"SELECT count(*) FROM pg_locks WHERE NOT granted AND {connection.ProcessID} = ANY (pg_blocking_pids(pid))") > 0,
            "somebody who waits for the row");

        await RunAsync($"DELETE FROM {_schema}.quotas");
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        var answer = await asked;
        Assert.Equal((2, 2), (answer.Granted, answer.Taken));
        Assert.Equal(1, await server.AskAsync<long>($"SELECT count(*) FROM {_schema}.quotas"));

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    private static TierLeaseState Slots => State("slots", TierLimitKind.Concurrency, NoEnd) with { Limit = 10 };

    private static TierLeaseState Piece(int number) => State("minute", TierLimitKind.Sliding, Noon.AddSeconds(10 * (number + 1))) with
    {
        StartsAt = Noon.AddSeconds(10 * number), Period = 60_000, Segments = 6, Earlier = new long[6],
    };

    private static TierLeaseState Bucket(long refill, long period = 1000) => State("burst", TierLimitKind.Bucket, NoEnd) with { Refill = refill, Period = period };

    private static TierLeaseState Quota(DateTimeOffset from, DateTimeOffset until) => State("slots", TierLimitKind.Quota, until) with { StartsAt = from, Period = 1 };

    private static TierLeaseState State(string window, TierLimitKind kind, DateTimeOffset end) =>
        new("plans", "acme"u8.ToArray(), window, end, 1) { Kind = kind, Limit = 100, StartsAt = DateTimeOffset.UnixEpoch };

    private static async Task<LeaseAnswer> AskAsync(LeaseTable gateway, TierLeaseState state, long wanted = 10, DateTimeOffset? now = null) =>
        Assert.Single(await gateway.AskAsync([(state, wanted)], now ?? Noon, TestContext.Current.CancellationToken));

    /// <summary>An hour passes in which no gateway shows itself.</summary>
    private Task<string> AgeAsync() => server.AskAsync<string>($"UPDATE {_schema}.gateways SET seen_at = seen_at - interval '1 hour' RETURNING gateway");

    private LeaseTable Gateway() => new(_database!, Options); // made before any test
}
