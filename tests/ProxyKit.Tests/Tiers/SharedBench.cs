using System.Diagnostics.CodeAnalysis;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

/// <summary>One gateway's clients, whose limits are shared; the test is who has the common count.</summary>
internal sealed class SharedBench : IDisposable
{
    private readonly List<TierLease> _wanted = [];

    public SharedBench(TimeProvider time, TierLeases leases, Action<TierBuilder> configure)
    {
        Table = new ClientTable(time, static e => Assert.Fail(e.ToString()));
        Leases = leases;
        Plan = PlanOf(configure);
    }

    public ClientTable Table { get; }

    public TierLeases Leases { get; }

    public TierPlan Plan { get; set; }

    public TierPlan PlanOf(Action<TierBuilder> configure)
    {
        var options = new TiersOptions { Name = "plans", Leases = Leases };
        new TiersBuilder(options).AddTier("tier", configure);
        return new TierPlans(options, 1, Table).All[0];
    }

    public Admission Begin(long units = 1)
    {
        var admission = new Admission();
        Table.Admit("a"u8, Plan, units, admission);
        return admission;
    }

    public bool Ask(long units = 1)
    {
        var admission = Begin(units);
        if (admission.IsAdmitted)
        {
            Table.End(admission, units);
        }

        return admission.IsAdmitted;
    }

    public int Passing(int most)
    {
        var passed = 0;
        while (passed < most && Ask())
        {
            passed++;
        }

        return passed;
    }

    public long Used()
    {
        var states = new WindowState[Plan.Windows.Length];
        Table.Change("a"u8, null, (Plan, states), static (counters, now, to) => Judgement.Read(counters, to.Plan, in now, to.states));
        return states[0].Used;
    }

    /// <summary>The leases that are wanted now.</summary>
    [SuppressMessage("Design", "CA1024", Justification = "Takes them.")]
    public List<TierLease> Wanted()
    {
        _wanted.Clear();
        Leases.TakeWanted(_wanted);
        return [.. _wanted];
    }

    /// <summary>Answers the one lease that is wanted.</summary>
    public TierLease Answer(long granted, long taken)
    {
        var lease = Assert.Single(Wanted());
        lease.Answer(lease.Read(), granted, taken);
        return lease;
    }

    /// <summary>Requests of a client that is known cost no memory.</summary>
    public void AssertAllocatesNothing()
    {
        var admission = new Admission();
        Ask();

        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                Table.Admit("a"u8, Plan, 1, admission);
                Table.End(admission, 1);
                admission.Reset();
            }
        });
    }

    public void Dispose() => Table.Dispose();
}
