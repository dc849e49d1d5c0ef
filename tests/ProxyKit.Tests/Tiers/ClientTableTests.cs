using System.Globalization;
using System.Text;
using System.Threading.RateLimiting;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

public sealed class ClientTableTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Fixed_window_admits_its_limit_and_begins_anew()
    {
        using var bench = new TierBench(t => t.Limit(10, Minute));

        Assert.Equal(10, bench.Passing(20));
        bench.Time.Advance(TimeSpan.FromSeconds(59.999));
        Assert.Equal(0, bench.Passing(20));
        bench.Time.Advance(TimeSpan.FromMilliseconds(1)); // the clock began at a full minute
        Assert.Equal(10, bench.Passing(20));
    }

    [Fact]
    public void Sliding_window_gives_back_what_is_older_than_itself()
    {
        using var bench = new TierBench(t => t.SlidingLimit(10, Minute, l => l.Segments = 6));
        Assert.Equal(10, bench.Passing(20));

        bench.Time.Advance(TimeSpan.FromSeconds(65));
        Assert.Equal(0, bench.Passing(20));
        bench.Time.Advance(TimeSpan.FromSeconds(5)); // a piece of ten seconds later at most
        Assert.Equal(10, bench.Passing(20));
    }

    [Fact]
    public void Bucket_is_filled_at_its_pace_and_no_further_than_its_capacity()
    {
        using var bench = new TierBench(t => t.TokenBucket(capacity: 5, refill: 2, every: TimeSpan.FromSeconds(1)));
        Assert.Equal(5, bench.Passing(20));

        bench.Time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Equal(0, bench.Passing(20));
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, bench.Passing(20));
        bench.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(5, bench.Passing(20));
    }

    [Fact]
    public void Quotas_of_one_name_with_other_first_days_do_not_begin_each_other_anew()
    {
        var start = new DateTimeOffset(2025, 3, 20, 0, 0, 0, TimeSpan.Zero);
        using var bench = new TierBench(static t => t.Quota(10, QuotaPeriod.Month), start);
        var other = bench.Plan.With(new DateOnly(2024, 1, 15));

        Assert.Equal(6, bench.Passing(6));
        Assert.Equal(4, bench.Passing(20, plan: other));
        Assert.Equal(0, bench.Passing(20));
        bench.Time.Advance(TimeSpan.FromDays(12)); // the first of April: what was begun is over
        Assert.Equal(10, bench.Passing(20, plan: other));
        Assert.Equal(0, bench.Passing(20));
    }

    [Fact]
    public void Quota_of_a_clock_that_was_far_ahead_begins_anew_when_the_clock_is_right()
    {
        using var bench = new TierBench(static t => t.Quota(10, QuotaPeriod.Day));
        var (window, words) = (bench.Plan.Windows[0], new long[3]);
        TierTime At(int year) => new(0, new DateTimeOffset(year, 3, 20, 12, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds());

        var count = new WindowCount(window, words, At(2035));
        count.Add(10);

        Assert.False(new WindowCount(window, words, At(2035)).Fits(1));
        Assert.True(new WindowCount(window, words, At(2025)).Fits(10));
    }

    [Fact]
    public void Client_whose_quota_goes_on_since_the_clock_was_put_back_stays_until_that_is_over()
    {
        using var bench = new TierBench(static t => t.Quota(10, QuotaPeriod.Day), new DateTimeOffset(2025, 3, 20, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal(10, bench.Passing(20));

        bench.Time.Shift(TimeSpan.FromHours(-6));
        bench.Time.Advance(TimeSpan.FromHours(12)); // when the day was to be over
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, bench.Table.Count);
        Assert.Equal(0, bench.Passing(20));
        bench.Time.Advance(TimeSpan.FromHours(6));
        bench.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, bench.Table.Count);
    }

    [Fact]
    public void Limiter_that_a_newer_configuration_does_not_have_is_neither_asked_nor_kept()
    {
        var made = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 1 });
        TierBench? bench = null;
        bench = new TierBench(t => t.Limiter(_ =>
        {
            bench!.Reconfigure(static other => other.Limit(10, Minute)); // while the limiter is made
            bench.Begin();
            return made;
        }));
        using (bench)
        {
            var (plan, first) = (bench.Plan, bench.Begin());

            Assert.Null(bench.Table.LimiterOf(first.Client!, plan, plan.Windows[0]));
            Assert.Throws<ObjectDisposedException>(() => made.AttemptAcquire());
            Assert.Null(bench.Table.LimiterOf(first.Client!, plan, plan.Windows[0]));
        }
    }

    [Fact]
    public void Concurrency_counts_what_is_under_way()
    {
        using var bench = new TierBench(t => t.Concurrency(2));
        var first = bench.Begin();
        var second = bench.Begin(units: 100); // each is one, whatever it costs

        Assert.False(bench.Begin().IsAdmitted);
        bench.Table.End(first, 1);
        Assert.True(bench.Begin().IsAdmitted);
        Assert.False(bench.Begin().IsAdmitted);
        bench.Table.End(second, 100);
        Assert.Equal(1, bench.Used("concurrency"));
    }

    [Fact]
    public void Refusal_by_one_window_takes_nothing_from_another()
    {
        using var bench = new TierBench(t => t.Limit(100, Minute).Limit(3, TimeSpan.FromSeconds(1)).Quota(1000, QuotaPeriod.Day).Concurrency(50));

        Assert.Equal(3, bench.Passing(20));

        Assert.Equal((3, 3, 3, 0), (bench.Used("minute"), bench.Used("second"), bench.Used("day"), bench.Used("concurrency")));
    }

    [Fact]
    public void Refusal_names_the_window_that_lasts_longest_and_all_that_refuse()
    {
        using var bench = new TierBench(t => t.Limit(2, TimeSpan.FromSeconds(1)).Quota(2, QuotaPeriod.Day).Limit(100, Minute));
        bench.Passing(2);

        var refused = bench.Begin();

        Assert.Equal(("day", 0b011u), (refused.RefusedBy?.Name, refused.RefusedMask));
        Assert.Equal(TimeSpan.FromHours(12), TimeSpan.FromMilliseconds(refused.RetryIn)); // the clock began at noon
    }

    [Fact]
    public void Request_that_costs_more_than_is_left_is_refused_whole()
    {
        using var bench = new TierBench(t => t.Limit(10, Minute));

        Assert.True(bench.Ask(units: 7));
        Assert.False(bench.Ask(units: 4));
        Assert.True(bench.Ask(units: 3));
        Assert.Equal(10, bench.Used("minute"));
    }

    [Fact]
    public void Request_that_costs_more_than_the_limit_never_fits()
    {
        using var bench = new TierBench(t => t.Limit(10, Minute).TokenBucket(20, 1, Minute));

        Assert.Equal(long.MaxValue, bench.Begin(units: 11).RetryIn);
    }

    [Fact]
    public void Window_of_requests_counts_one_whatever_a_request_costs()
    {
        using var bench = new TierBench(t => t.Limit(3, Minute, l => l.CountsRequests = true).Quota(1000, QuotaPeriod.Month));

        Assert.True(bench.Ask(units: 300));

        Assert.Equal((1, 300), (bench.Used("minute"), bench.Used("month")));
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    [InlineData(25, 25)] // beyond the limit: it has been used
    public void Settlement_charges_what_it_was_in_the_end(long charged, long used)
    {
        using var bench = new TierBench(t => t.Limit(10, Minute).SlidingLimit(10, Minute, l => l.Name = "sliding").TokenBucket(10, 1, Minute).Quota(10, QuotaPeriod.Day));
        var admission = bench.Begin(units: 5);

        bench.Table.End(admission, charged);

        Assert.Equal((used, used, used, used), (bench.Used("minute"), bench.Used("sliding"), bench.Used("burst"), bench.Used("day")));
        Assert.Equal(used <= 10, bench.Ask(units: 0));
        Assert.Equal(charged, admission.Units);
    }

    [Fact]
    public void Settlement_gives_nothing_back_to_a_window_that_has_begun_since()
    {
        using var bench = new TierBench(t => t.Limit(10, Minute));
        var admission = bench.Begin(units: 9);
        bench.Time.Advance(Minute);
        bench.Passing(4);

        bench.Table.End(admission, 0);

        Assert.Equal(4, bench.Used("minute"));
    }

    [Fact]
    public void Settlement_charges_the_window_of_its_own_time_with_what_is_more()
    {
        using var bench = new TierBench(t => t.Limit(10, Minute));
        var admission = bench.Begin(units: 1);
        bench.Time.Advance(Minute);

        bench.Table.End(admission, 8);

        Assert.Equal(7, bench.Used("minute"));
    }

    [Fact]
    public void Withdrawn_request_counts_nowhere()
    {
        using var bench = new TierBench(t => t.Limit(10, Minute, l => l.CountsRequests = true).TokenBucket(10, 1, Minute).Concurrency(5));

        bench.Table.Withdraw(bench.Begin(units: 4));

        Assert.Equal((0, 0, 0), (bench.Used("minute"), bench.Used("burst"), bench.Used("concurrency")));
    }

    [Fact]
    public void Another_limit_keeps_what_was_counted()
    {
        using var bench = new TierBench(t => t.Limit(10, Minute).Quota(100, QuotaPeriod.Month));
        bench.Passing(8);

        bench.Reconfigure(t => t.Concurrency(3).Quota(9, QuotaPeriod.Month));

        Assert.Equal(1, bench.Passing(20));
        Assert.Equal(9, bench.Used("month"));
    }

    [Fact]
    public void Another_tier_shares_windows_that_are_alike()
    {
        using var bench = new TierBench(t => t.Limit(10, Minute));
        bench.Passing(10);

        bench.Reconfigure(t => t.Limit(100, Minute)); // the client's new tier

        Assert.Equal(90, bench.Passing(200));
    }

    [Fact]
    public void Request_of_an_older_configuration_ends_in_the_counters_of_a_newer_one()
    {
        using var bench = new TierBench(t => t.Concurrency(2).Limit(10, Minute));
        var old = bench.Begin(units: 5);
        bench.Reconfigure(t => t.Quota(10, QuotaPeriod.Day).Limit(10, Minute).Concurrency(2));
        bench.Begin();

        bench.Table.End(old, 2);

        Assert.Equal((1, 3), (bench.Used("concurrency"), bench.Used("minute")));
    }

    [Fact]
    public void Clients_do_not_count_for_each_other()
    {
        using var bench = new TierBench(t => t.Limit(1, Minute));

        Assert.True(Enumerable.Range(0, 1000).All(i => bench.Ask($"client {i}")));
        Assert.Equal(1000, bench.Table.Count);
    }

    [Fact]
    public void Client_leaves_once_nothing_counts_for_it()
    {
        using var bench = new TierBench(t => t.Limit(5, Minute).Quota(100, QuotaPeriod.Day));
        for (var i = 0; i < 500; i++)
        {
            bench.Ask($"client {i}");
        }

        bench.Time.Advance(TimeSpan.FromHours(11));
        Assert.Equal(500, bench.Table.Count); // their day is not over
        bench.Time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(1));
        Assert.Equal(0, bench.Table.Count);
    }

    [Fact]
    public void Client_with_a_request_under_way_stays()
    {
        using var bench = new TierBench(t => t.Concurrency(1));
        var admission = bench.Begin();

        bench.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, bench.Table.Count);
        bench.Table.End(admission, 1);
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, bench.Table.Count);
    }

    [Fact]
    public void Full_table_forgets_a_client_and_never_one_with_a_request_under_way()
    {
        using var bench = new TierBench(t => t.Limit(1, TimeSpan.FromHours(1)).Concurrency(1));
        bench.Table.MaxClients = 100;
        var busy = bench.Begin("busy");

        for (var i = 0; i < 5000; i++)
        {
            Assert.True(bench.Ask($"client {i}"));
            Assert.InRange(bench.Table.Count, 1, 100);
        }

        Assert.False(bench.Ask("busy"));
        bench.Table.End(busy, 1);
    }

    /// <summary>As a reload makes it, which nobody is to be turned away for.</summary>
    [Fact]
    public void Table_that_may_have_fewer_clients_than_it_has_takes_new_ones_and_shrinks()
    {
        using var bench = new TierBench(t => t.Limit(1, TimeSpan.FromHours(1)));
        Assert.All(Enumerable.Range(0, 2000), i => Assert.True(bench.Ask($"client {i}")));
        bench.Time.Advance(TimeSpan.FromSeconds(5));

        bench.Table.MaxClients = 1000;

        Assert.All(Enumerable.Range(0, 200), i => Assert.True(bench.Ask($"new {i}")));
        Assert.Equal(2000, bench.Table.Count); // for each that came one left
        bench.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.InRange(bench.Table.Count, 990, 1000);
        Assert.InRange(Enumerable.Range(0, 200).Count(i => !bench.Ask($"new {i}")), 150, 200); // those unused for longer have left before them
    }

    [Fact]
    public void Table_that_refuses_new_clients_has_those_it_has_until_they_leave_though_it_may_have_fewer()
    {
        using var bench = new TierBench(t => t.Limit(1, TimeSpan.FromHours(1)));
        Assert.All(Enumerable.Range(0, 20), i => Assert.True(bench.Ask($"client {i}")));

        (bench.Table.MaxClients, bench.Table.RefusesNew) = (10, true);
        bench.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal((TierOutcome.NoRoom, 20), (bench.Begin("new").Outcome, bench.Table.Count));
        bench.Time.Advance(TimeSpan.FromHours(1));
        Assert.True(bench.Ask("new"));
    }

    [Fact]
    public void Full_table_that_refuses_new_clients_serves_those_it_has()
    {
        using var bench = new TierBench(t => t.Limit(2, TimeSpan.FromHours(1)));
        (bench.Table.MaxClients, bench.Table.RefusesNew) = (2, true);
        bench.Ask("a");
        bench.Ask("b");

        Assert.Equal(TierOutcome.NoRoom, bench.Begin("c").Outcome);
        Assert.True(bench.Ask("a"));
        bench.Time.Advance(TimeSpan.FromHours(1));
        Assert.True(bench.Ask("c")); // nothing counts for the others any more
    }

    /// <summary>However many threads ask for one client, as many pass as may, in each window.</summary>
    [Fact]
    public void Limit_is_exact_under_contention()
    {
        using var bench = new TierBench(t => t.Limit(1000, TimeSpan.FromSeconds(1)).SlidingLimit(100_000, Minute).Quota(1_000_000, QuotaPeriod.Month));
        for (var round = 0; round < 5; round++)
        {
            var passed = 0;
            Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
            {
                for (var i = 0; i < 2000; i++)
                {
                    if (bench.Ask())
                    {
                        Interlocked.Increment(ref passed);
                    }
                }
            });

            Assert.Equal(1000, passed);
            bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal((5000, 5000), (bench.Used("minute"), bench.Used("month")));
    }

    [Fact]
    public void Concurrency_is_exact_under_contention()
    {
        using var bench = new TierBench(t => t.Concurrency(3));
        var (now, most) = (0, 0);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            for (var i = 0; i < 5000; i++)
            {
                var admission = bench.Begin();
                if (admission.IsAdmitted)
                {
                    var running = Interlocked.Increment(ref now);
                    InterlockedMax(ref most, running);
                    Interlocked.Decrement(ref now);
                    bench.Table.End(admission, 1);
                }
            }
        });

        Assert.InRange(most, 1, 3);
        Assert.Equal(0, bench.Used("concurrency"));
    }

    [Fact]
    public void Admission_allocates_nothing()
    {
        using var bench = new TierBench(t => t.Limit(long.MaxValue / 10_000_000, Minute).SlidingLimit(1_000_000_000, Minute, l => l.Name = "s").Quota(1_000_000_000, QuotaPeriod.Month).Concurrency(5));
        var admission = new Admission();
        var key = "some-client"u8.ToArray();

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                bench.Table.Admit(key, bench.Plan, 2, admission);
                bench.Table.End(admission, 3);
                admission.Reset();
            }
        });
    }

    /// <summary>A million clients with three limits fit into 400 MiB, keys included.</summary>
    [Fact]
    public void Million_clients_fit_into_400_MiB()
    {
        using var bench = new TierBench(t => t.Limit(10, TimeSpan.FromSeconds(1)).SlidingLimit(100, Minute).Quota(10_000, QuotaPeriod.Month));
        var admission = new Admission();
        var key = new byte[32];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 1_000_000; i++)
        {
            var length = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"customer-{i:d8}@tenant"), key);
            bench.Table.Admit(key.AsSpan(0, length), bench.Plan, 1, admission);
            bench.Table.End(admission, 1);
        }

        var used = GC.GetTotalMemory(forceFullCollection: true) - before;

        Assert.Equal(1_000_000, bench.Table.Count);
        Assert.InRange(used / (1024 * 1024), 1, 400);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
