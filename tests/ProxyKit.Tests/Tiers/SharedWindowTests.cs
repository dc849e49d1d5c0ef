using ProxyKit.Testing;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

/// <summary>What a gateway admits of the kinds of limits, and what it asks for, where they are shared.</summary>
public sealed class SharedWindowTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<SharedBench> _gateways = [];

    public void Dispose() => _gateways.ForEach(static g => g.Dispose());

    [Fact]
    public void Sliding_window_is_leased_by_its_newest_piece_and_tells_those_before()
    {
        var gateway = Gateway(static t => t.SlidingLimit(100, TimeSpan.FromMinutes(1)), credit: 0.1);
        gateway.Passing(3);
        gateway.Answer(granted: 20, taken: 20);
        _time.Advance(TimeSpan.FromSeconds(20));
        gateway.Ask();

        var state = Assert.Single(gateway.Wanted()).Read();

        Assert.Equal((TierLimitKind.Sliding, 60_000, 6), (state.Kind, state.Period, state.Segments));
        Assert.Equal((_time.GetUtcNow(), _time.GetUtcNow().AddSeconds(10)), (state.StartsAt, state.EndsAt));
        Assert.Equal([0, 3, 0, 0, 0, 0], state.Earlier);
        Assert.Equal((1, 0), (state.Used, state.Held));
        Assert.Equal(state.EndsAt.AddMinutes(1), state.CountsUntil);
    }

    [Fact]
    public void Lease_of_a_piece_that_is_over_admits_nothing_and_what_others_have_stays_known()
    {
        var gateway = Gateway(static t => t.SlidingLimit(100, TimeSpan.FromMinutes(1)), credit: 0.1);
        gateway.Ask();
        gateway.Answer(granted: 20, taken: 96);
        _time.Advance(TimeSpan.FromSeconds(10));

        // Others have 76 and one was used here: 23 are left, of which the credit is 10.
        Assert.Equal(10, gateway.Passing(100));
    }

    [Fact]
    public void Nothing_is_admitted_on_credit_in_a_new_piece_where_others_had_all_of_it()
    {
        var gateway = Gateway(static t => t.SlidingLimit(100, TimeSpan.FromMinutes(1)), credit: 0.1);
        gateway.Ask();
        gateway.Answer(granted: 1, taken: 100);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.False(gateway.Ask());

        Assert.Single(gateway.Wanted()); // at once: another piece may have come back
    }

    [Fact]
    public void While_nobody_answers_a_sliding_window_admits_its_part_in_any_of_its_length()
    {
        var gateway = Gateway(static t => t.SlidingLimit(100, TimeSpan.FromMinutes(1)), new TierLeases(creditWhileAway: 0.5));
        var admitted = 0;
        for (var piece = 0; piece < 6; piece++)
        {
            admitted += gateway.Passing(100);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(50, admitted);
    }

    [Fact]
    public void Bucket_is_told_by_all_that_was_used_of_it_and_is_no_more_than_leased()
    {
        var gateway = Gateway(static t => t.TokenBucket(100, 1, TimeSpan.FromSeconds(1)), credit: 0);
        gateway.Ask();
        gateway.Answer(granted: 20, taken: 20);
        Assert.Equal(20, gateway.Passing(100));
        _time.Advance(TimeSpan.FromSeconds(10)); // ten come back elsewhere: here it has to be leased
        Assert.False(gateway.Ask());

        var state = Assert.Single(gateway.Wanted()).Read();

        Assert.Equal((TierLimitKind.Bucket, 1000, 1, 20, 20), (state.Kind, state.Period, state.Refill, state.Used, state.Held));
        Assert.Equal(9999, state.CountsUntil.Year);
    }

    [Fact]
    public void Bucket_takes_back_what_a_request_did_not_cost_in_the_end()
    {
        var gateway = Gateway(static t => t.TokenBucket(100, 1, TimeSpan.FromSeconds(1)), credit: 0.5);
        var admission = gateway.Begin(40);
        gateway.Table.End(admission, 5);

        Assert.Equal(5, Assert.Single(gateway.Wanted()).Read().Used);
    }

    [Theory]
    [InlineData(1.0, 100, 40)]
    [InlineData(0.5, 50, 20)]
    [InlineData(0.0, 0, 0)]
    public void While_nobody_answers_a_part_of_a_bucket_is_admitted_and_of_what_comes_back(double part, int first, int later)
    {
        var gateway = Gateway(static t => t.TokenBucket(100, 1, TimeSpan.FromSeconds(1)), new TierLeases(creditWhileAway: part));

        Assert.Equal(first, gateway.Passing(200));
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(later, gateway.Passing(200));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Part_of_a_bucket_that_may_be_used_while_nobody_answers_is_no_more_however_long_that_takes(bool wasUsed)
    {
        var gateway = Gateway(static t => t.TokenBucket(100, 1, TimeSpan.FromSeconds(1)), new TierLeases(credit: 0, creditWhileAway: 0.5) { IsAway = false });
        gateway.Ask();
        gateway.Answer(granted: 10, taken: 80);
        Assert.True(gateway.Begin().IsAdmitted); // stays under way, or the client would be forgotten
        Assert.Equal(9, gateway.Passing(200));
        gateway.Leases.IsAway = true;
        Assert.Equal(wasUsed ? 10 : 0, gateway.Passing(wasUsed ? 200 : 0)); // half of the 20 that were left

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(50, gateway.Passing(200));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(5, gateway.Passing(200));
    }

    [Fact]
    public void Client_is_told_what_is_left_of_a_bucket_that_others_use_too()
    {
        var gateway = Gateway(static t => t.TokenBucket(100, 1, TimeSpan.FromSeconds(1)), credit: 0.1);
        gateway.Ask();
        gateway.Answer(granted: 11, taken: 61);
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(100 - 50 - 2 + 5, gateway.Begin().FreeOf(0)); // others have 50, two were used here, five came back
        Assert.Equal(47, gateway.Used());
    }

    [Fact]
    public void Slots_are_leased_and_come_back_with_their_requests()
    {
        var gateway = Gateway(static t => t.Concurrency(10), credit: 0);
        Assert.False(gateway.Ask());
        gateway.Answer(granted: 2, taken: 9);
        var under = gateway.Begin();
        var way = gateway.Begin();

        Assert.True(under.IsAdmitted && way.IsAdmitted);
        Assert.Equal((false, 1000L), (gateway.Begin().IsAdmitted, gateway.Begin().RetryIn));
        gateway.Table.End(under, 1);
        Assert.True(gateway.Begin().IsAdmitted);
    }

    [Fact]
    public void Slots_beyond_the_most_that_was_under_way_of_late_are_given_back()
    {
        var gateway = Gateway(static t => t.Concurrency(100), credit: 0);
        gateway.Ask();
        var lease = gateway.Answer(granted: 20, taken: 20);
        var (first, second) = (gateway.Begin(), gateway.Begin());
        gateway.Table.End(first, 1);
        var used = 0L;

        Assert.True(lease.TryGiveBack(ref used, out var state));
        Assert.Equal((1, 2, true), (state.Used, state.Held, state.GivesBack));
        lease.Answer(state, 2, 2);
        Assert.True(lease.TryGiveBack(ref used, out state));
        Assert.Equal((1, 1), (state.Used, state.Held));
        gateway.Table.End(second, 1);
    }

    [Fact]
    public void What_others_had_under_way_is_believed_for_a_while_when_nobody_answers()
    {
        var gateway = Gateway(static t => t.Concurrency(10), new TierLeases(credit: 0) { IsAway = false, ExpireAfter = TimeSpan.FromSeconds(30) });
        gateway.Ask();
        gateway.Answer(granted: 1, taken: 9);
        gateway.Leases.IsAway = true;
        Assert.True(gateway.Begin().IsAdmitted);
        Assert.True(gateway.Begin().IsAdmitted); // what was left
        Assert.False(gateway.Begin().IsAdmitted);

        _time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(8, Enumerable.Range(0, 20).Count(_ => gateway.Begin().IsAdmitted));
    }

    [Fact]
    public void What_others_had_under_way_is_believed_from_when_nobody_answers_however_old_it_is()
    {
        var gateway = Gateway(static t => t.Concurrency(10), new TierLeases(credit: 0) { IsAway = false, ExpireAfter = TimeSpan.FromSeconds(30) });
        gateway.Ask();
        gateway.Answer(granted: 1, taken: 9);
        Assert.True(gateway.Begin().IsAdmitted); // the lease; and stays under way, or the client would be forgotten
        _time.Advance(TimeSpan.FromMinutes(5));

        gateway.Leases.IsAway = true;

        Assert.Equal(1, Enumerable.Range(0, 20).Count(_ => gateway.Begin().IsAdmitted)); // what was left
        _time.Advance(TimeSpan.FromSeconds(29));
        gateway.Leases.IsAway = true; // is told again and again
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(8, Enumerable.Range(0, 20).Count(_ => gateway.Begin().IsAdmitted));
    }

    [Fact]
    public void Client_that_is_forgotten_has_its_slots_given_back_and_is_heard_of_no_more()
    {
        var gateway = Gateway(static t => t.Concurrency(10), credit: 0);
        gateway.Ask();
        gateway.Answer(granted: 2, taken: 2);
        gateway.Table.Dispose();

        var lease = Assert.Single(gateway.Wanted());
        var state = lease.Read();

        Assert.Equal((0, 0, true), (state.Used, state.Held, state.GivesBack));
        Assert.True(lease.Answer(state, 0, 0));
    }

    [Fact]
    public void Shared_window_goes_by_the_time_that_gateways_have_in_common()
    {
        var gateway = Gateway(static t => t.Limit(10, TimeSpan.FromHours(1)), credit: 1);
        _time.Shift(TimeSpan.FromMinutes(90)); // a clock that was slow is put right; noon is past
        gateway.Ask();

        var state = Assert.Single(gateway.Wanted()).Read();

        Assert.Equal((new DateTimeOffset(2025, 3, 4, 13, 0, 0, TimeSpan.Zero), new DateTimeOffset(2025, 3, 4, 14, 0, 0, TimeSpan.Zero)), (state.StartsAt, state.EndsAt));
    }

    [Theory]
    [InlineData(-30, 0)] // seconds, within which a clock may be put back across the change of windows
    [InlineData(-3600, 10)]
    public void Shared_window_of_a_clock_that_is_put_back_far_begins_anew(int seconds, int admitted)
    {
        var gateway = Gateway(static t => t.Limit(10, TimeSpan.FromMinutes(1)), credit: 1);
        Assert.Equal(10, gateway.Passing(20));

        _time.Shift(TimeSpan.FromSeconds(seconds));

        Assert.Equal(admitted, gateway.Passing(20));
    }

    [Fact]
    public void Period_that_has_begun_elsewhere_ends_here_when_it_ends_there()
    {
        var gateway = Gateway(static t => t.Quota(100, QuotaPeriod.Month), credit: 0.1);
        gateway.Ask();
        var lease = Assert.Single(gateway.Wanted());
        var (starts, ends) = (new DateTimeOffset(2025, 2, 15, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2025, 3, 15, 0, 0, 0, TimeSpan.Zero));
        lease.Answer(lease.Read(), 11, 91, starts, ends); // the client's anchor was changed; there the old month goes on

        var early = gateway.Begin();
        Assert.Equal((long)(ends - _time.GetUtcNow()).TotalMilliseconds, early.EndsIn(0));
        Assert.Equal(100 - 80 - 2, early.FreeOf(0));
        _time.Advance(ends - _time.GetUtcNow());

        Assert.True(gateway.Ask());
        var next = Assert.Single(gateway.Wanted()).Read();
        Assert.Equal((1, new DateTimeOffset(2025, 4, 1, 0, 0, 0, TimeSpan.Zero)), (next.Used, next.EndsAt));
    }

    [Fact]
    public void Sharing_all_kinds_of_a_warm_client_allocates_nothing()
    {
        var gateway = Gateway(
            static t => t.SlidingLimit(1_000_000_000, TimeSpan.FromMinutes(1)).TokenBucket(1_000_000_000, 1, TimeSpan.FromSeconds(1)).Concurrency(1000), credit: 1);

        gateway.AssertAllocatesNothing();
    }

    private SharedBench Gateway(Action<TierBuilder> configure, double credit) => Gateway(configure, new TierLeases(credit) { IsAway = false });

    private SharedBench Gateway(Action<TierBuilder> configure, TierLeases leases)
    {
        _gateways.Add(new SharedBench(_time, leases, configure));
        return _gateways[^1];
    }
}
