using System.Text;
using ProxyKit.Testing;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

/// <summary>Limits that several gateways share: here is what each of them admits, and what it asks for.</summary>
public sealed class TierLeaseTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<SharedBench> _gateways = [];

    public void Dispose() => _gateways.ForEach(static g => g.Dispose());

    [Fact]
    public void First_requests_of_a_client_are_admitted_on_credit_and_no_more()
    {
        var gateway = Gateway(100, new TierLeases(credit: 0.05) { IsAway = false });

        Assert.Equal(5, gateway.Passing(20));
    }

    [Fact]
    public void Request_on_credit_is_told_and_more_is_asked_for()
    {
        var gateway = Gateway(100, new TierLeases(credit: 0.05) { IsAway = false });
        gateway.Ask(3);

        var state = Assert.Single(gateway.Wanted()).Read();

        Assert.Equal(("plans", "a", "month", 100, 3, 0), (state.Tiers, Encoding.UTF8.GetString(state.Client.Span), state.Window, state.Limit, state.Used, state.Held));
        Assert.Equal(new DateTimeOffset(2025, 4, 1, 0, 0, 0, TimeSpan.Zero), state.EndsAt);
    }

    [Fact]
    public void Lease_is_served_from_without_asking_until_half_of_it_is_used()
    {
        var gateway = Gateway(100, new TierLeases(credit: 0) { IsAway = false });
        gateway.Ask();
        gateway.Answer(granted: 20, taken: 20);

        Assert.Equal(9, gateway.Passing(9));
        Assert.Empty(gateway.Wanted());
        gateway.Ask();

        Assert.Single(gateway.Wanted());
        Assert.Equal(10, gateway.Passing(100));
    }

    [Fact]
    public void Nothing_is_admitted_on_credit_where_all_is_taken()
    {
        var gateway = Gateway(100, new TierLeases(credit: 0.5) { IsAway = false });
        gateway.Ask();
        gateway.Answer(granted: 1, taken: 100);

        Assert.False(gateway.Ask());
    }

    [Fact]
    public void Client_who_has_nothing_left_is_asked_for_once_a_second()
    {
        var gateway = Gateway(100, new TierLeases(credit: 0.5) { IsAway = false });
        gateway.Ask();
        gateway.Answer(granted: 1, taken: 100);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        gateway.Ask();
        Assert.Empty(gateway.Wanted());

        _time.Advance(TimeSpan.FromMilliseconds(1));
        gateway.Ask();

        Assert.Single(gateway.Wanted());
    }

    [Theory]
    [InlineData(1.0, 100)]
    [InlineData(0.5, 50)]
    [InlineData(0.0, 0)]
    public void While_nobody_answers_a_part_of_the_limit_is_admitted(double part, int admitted)
    {
        var gateway = Gateway(100, new TierLeases(creditWhileAway: part));

        Assert.Equal(admitted, gateway.Passing(200));
    }

    [Fact]
    public void While_nobody_answers_a_part_of_what_was_left_is_admitted_behind_the_lease()
    {
        var leases = new TierLeases(creditWhileAway: 0.5) { IsAway = false };
        var gateway = Gateway(100, leases);
        gateway.Ask();
        gateway.Answer(granted: 20, taken: 60);

        leases.IsAway = true;

        Assert.Equal(19 + 20, gateway.Passing(200));
    }

    [Fact]
    public void Client_is_told_what_others_have_left_and_when_to_come_again()
    {
        var gateway = Gateway(100, new TierLeases(credit: 0) { IsAway = false });
        var early = gateway.Begin();
        gateway.Answer(granted: 5, taken: 60);
        var admission = gateway.Begin();

        Assert.Equal((false, 1000L), (early.IsAdmitted, early.RetryIn));
        Assert.Equal((true, 100 - 55 - 1L), (admission.IsAdmitted, admission.FreeOf(0)));
        Assert.Equal(56, gateway.Used());
    }

    [Fact]
    public void Request_that_costs_more_than_is_leased_says_what_it_needs()
    {
        var gateway = Gateway(100, new TierLeases(credit: 0.01) { IsAway = false });

        Assert.False(gateway.Ask(50));

        Assert.Equal(50, Assert.Single(gateway.Wanted()).Read().Needed);
    }

    [Fact]
    public void Lease_ends_with_its_period()
    {
        var gateway = Gateway(100, new TierLeases(credit: 0.01) { IsAway = false });
        gateway.Begin(); // and stays under way, or the client would be forgotten with its month
        var lease = Assert.Single(gateway.Wanted());
        var state = lease.Read();
        _time.Advance(TimeSpan.FromDays(30));
        Assert.True(gateway.Ask());

        lease.Answer(state, 100, 100); // of the month before

        Assert.False(gateway.Ask());
        Assert.NotEqual(state.EndsAt, Assert.Single(gateway.Wanted()).Read().EndsAt);
    }

    [Fact]
    public void What_a_request_did_not_cost_in_the_end_is_not_told_as_used()
    {
        var gateway = Gateway(100, new TierLeases(credit: 0.5) { IsAway = false });
        var admission = gateway.Begin(10);
        gateway.Table.End(admission, 4);

        Assert.Equal(4, Assert.Single(gateway.Wanted()).Read().Used);
    }

    [Fact]
    public void Lease_that_nobody_uses_can_be_given_back_and_is_not_admitted_any_more()
    {
        var gateway = Gateway(100, new TierLeases(credit: 0) { IsAway = false });
        gateway.Ask();
        var lease = gateway.Answer(granted: 20, taken: 20);
        gateway.Ask();
        var used = 0L;

        Assert.False(lease.TryGiveBack(ref used, out _)); // one was used since
        Assert.True(lease.TryGiveBack(ref used, out var state));

        Assert.Equal((1, 1, true), (state.Used, state.Held, state.GivesBack));
        Assert.False(gateway.Ask());
    }

    [Fact]
    public void Client_that_is_forgotten_gives_its_lease_back_also_where_an_answer_is_under_way()
    {
        var gateway = Gateway(100, new TierLeases(credit: 0.5) { IsAway = false });
        gateway.Ask();
        var lease = Assert.Single(gateway.Wanted());
        var state = lease.Read();
        gateway.Table.Dispose();

        Assert.Empty(gateway.Wanted());
        lease.Answer(state, 20, 20);

        var last = Assert.Single(gateway.Wanted()).Read();
        Assert.Equal((1, true), (last.Used, last.GivesBack));
        lease.Answer(last, 1, 1);
        Assert.Empty(gateway.Wanted());
    }

    [Fact]
    public void Sharing_a_warm_client_allocates_nothing()
    {
        var gateway = Gateway(1_000_000_000, new TierLeases());

        gateway.AssertAllocatesNothing();
    }

    /// <summary>Gateways of threads and of their own, over one count, with answers that come late and get lost.</summary>
    [Fact]
    public async Task Gateways_admit_no_more_than_the_limit_and_their_credits_together()
    {
        const int Limit = 5_000, Gateways = 4, Credit = 50;
        var gateways = Enumerable.Range(0, Gateways).Select(_ => Gateway(Limit, new TierLeases(credit: 0.01) { IsAway = false })).ToList();
        var table = new LeaseModel(Limit);
        using var stop = new CancellationTokenSource();
        var lessors = gateways.Select((g, i) => Task.Run(() => table.ServeAsync(g.Leases, i, stop.Token))).ToArray();

        var admitted = await Task.WhenAll(gateways.SelectMany(static g => Enumerable.Repeat(g, 2)).Select(g => Task.Run(async () =>
        {
            var passed = 0;
            for (var refused = 0; refused < 200 || table.Free > 0;)
            {
                if (g.Ask())
                {
                    passed++;
                }
                else
                {
                    refused++;
                    await Task.Yield();
                }

                if (refused % 100 == 99)
                {
                    await Task.Delay(1); // lessors want to run too
                }
            }

            return passed;
        }))).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        await stop.CancelAsync();
        await Task.WhenAll(lessors);
        Assert.InRange(admitted.Sum(), Limit - (Gateways * LeaseModel.Lease), Limit + (Gateways * Credit));
    }

    private SharedBench Gateway(long limit, TierLeases leases)
    {
        _gateways.Add(new SharedBench(_time, leases, t => t.Quota(limit, QuotaPeriod.Month)));
        return _gateways[^1];
    }
}
