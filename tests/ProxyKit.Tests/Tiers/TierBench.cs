using System.Text;
using ProxyKit.Testing;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

/// <summary>A table of clients with tiers, on a clock that a test moves.</summary>
internal sealed class TierBench : IDisposable
{
    private long _versions;

    public TierBench(Action<TierBuilder> configure, DateTimeOffset? start = null)
    {
        Time = start is { } at ? new ManualTimeProvider(at) : new ManualTimeProvider();
        Table = new ClientTable(Time, static e => Assert.Fail(e.ToString()));
        Plan = PlanOf(configure);
    }

    public ManualTimeProvider Time { get; }

    public ClientTable Table { get; }

    public TierPlan Plan { get; private set; }

    /// <summary>Takes another configuration into use.</summary>
    public void Reconfigure(Action<TierBuilder> configure) => Plan = PlanOf(configure);

    public TierPlan PlanOf(Action<TierBuilder> configure)
    {
        var options = new TiersOptions { Name = "plans" };
        new TiersBuilder(options).AddTier("tier", configure);
        return new TierPlans(options, ++_versions).All[0];
    }

    /// <summary>Asks for a request that stays under way.</summary>
    public Admission Begin(string client = "a", long units = 1, TierPlan? plan = null)
    {
        var admission = new Admission();
        Table.Admit(Encoding.UTF8.GetBytes(client), plan ?? Plan, units, admission);
        return admission;
    }

    /// <summary>Asks for a request that ends at once.</summary>
    public bool Ask(string client = "a", long units = 1, TierPlan? plan = null)
    {
        var admission = Begin(client, units, plan);
        if (admission.IsAdmitted)
        {
            Table.End(admission, units);
        }

        return admission.IsAdmitted;
    }

    /// <summary>How many requests in a row pass.</summary>
    public int Passing(int most, string client = "a", TierPlan? plan = null)
    {
        var passed = 0;
        while (passed < most && Ask(client, plan: plan))
        {
            passed++;
        }

        return passed;
    }

    /// <summary>What counts in a window now.</summary>
    public long Used(string window, string client = "a", TierPlan? plan = null) => State(window, client, plan).Used;

    public WindowState State(string window, string client = "a", TierPlan? plan = null)
    {
        var judged = plan ?? Plan;
        var states = new WindowState[judged.Windows.Length];
        if (!Table.Change(
            Encoding.UTF8.GetBytes(client), null, (judged, states), static (counters, now, to) => Judgement.Read(counters, to.judged, in now, to.states)))
        {
            Judgement.Read(null, judged, Table.Clock.Now, states);
        }

        return states[Array.FindIndex(judged.Windows, w => w.Name == window)];
    }

    public void Dispose() => Table.Dispose();
}
