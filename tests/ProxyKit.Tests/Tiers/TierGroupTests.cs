using System.Text;
using ProxyKit.Testing;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

public sealed class TierGroupTests : IDisposable
{
    private static readonly DateOnly Fifteenth = new(2024, 1, 15);

    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2025, 3, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly TierGroup _group;
    private readonly TierPlan _own; // that of a client whose months begin on the 15th

    public TierGroupTests()
    {
        var options = new TiersOptions { Name = "plans" };
        new TiersBuilder(options).AddTier("gold", static t => t.Quota(10, QuotaPeriod.Month));
        _group = new TierGroup(options.Name, _time, static e => Assert.Fail(e.ToString()));
        var plans = new TierPlans(options, _group.NextVersion(), _group.Clients);
        _group.Adopt(options, plans, null);
        _own = plans.Find("gold")!.With(Fifteenth);
    }

    public void Dispose() => _group.Clients.Dispose();

    /// <summary>Whoever watches what clients use gives nobody another month.</summary>
    [Fact]
    public void Look_at_what_a_client_has_used_begins_no_period_of_it()
    {
        var held = Begin(); // or the client is forgotten when its month is over
        _time.Advance(TimeSpan.FromDays(11)); // and it is, while the calendar's is not

        Assert.Equal(0, Assert.Single(_group.GetUsage("acme", "gold")).Used);

        Ask();
        _group.Clients.End(held, 1);
        Assert.Equal((1, new DateTimeOffset(2025, 4, 15, 0, 0, 0, TimeSpan.Zero)), Usage());
    }

    [Fact]
    public void Look_at_a_client_that_has_only_a_setting_begins_no_period_of_it()
    {
        _group.SetOverride("acme", new ClientOverride());

        Assert.Equal(0, Assert.Single(_group.GetUsage("acme", "gold")).Used);

        Ask();
        Assert.Equal((1, new DateTimeOffset(2025, 3, 15, 0, 0, 0, TimeSpan.Zero)), Usage());
    }

    [Fact]
    public void What_is_set_as_used_is_so_in_the_period_that_is_under_way()
    {
        Ask();

        _group.SetUsed("acme", "gold", "month", 7);

        Assert.Equal((7, new DateTimeOffset(2025, 3, 15, 0, 0, 0, TimeSpan.Zero)), Usage());
        _time.Advance(TimeSpan.FromDays(11));
        _group.SetUsed("acme", "gold", "month", 3); // it is over: this is of the next one, by the tier's calendar
        Assert.Equal((3, new DateTimeOffset(2025, 4, 1, 0, 0, 0, TimeSpan.Zero)), Usage());
    }

    private Admission Begin()
    {
        var admission = new Admission();
        _group.Clients.Admit(Encoding.UTF8.GetBytes("acme"), _own, 1, admission);
        Assert.True(admission.IsAdmitted);
        return admission;
    }

    private void Ask() => _group.Clients.End(Begin(), 1);

    private (long Used, DateTimeOffset? EndsAt) Usage()
    {
        var state = Assert.Single(_group.GetUsage("acme", "gold"));
        return (state.Used, state.ResetsAt);
    }

    [Fact]
    public void Limits_of_an_override_are_no_null() => Assert.Throws<ArgumentNullException>(static () => new ClientOverride { Limits = null! });
}
