using System.Text;
using Microsoft.Extensions.Logging;
using ProxyKit.Metering.Quotas;
using ProxyKit.Testing;
using ProxyKit.Tiers;

namespace ProxyKit.Tests.Metering.Quotas;

/// <summary>A gateway's quotas, kept in a folder or a store of a test's own, on a clock that a test moves.</summary>
internal sealed class QuotaBench : IAsyncDisposable
{
    private readonly QuotaKeepers _keepers;
    private TierPlans? _plans;

    private QuotaBench(TiersOptions options, ManualTimeProvider time, ILoggerFactory log)
    {
        (Options, _keepers) = (options, new QuotaKeepers(log, time));
        Group = new TierGroup(options.Name, time, static e => Assert.Fail(e.ToString()));
    }

    public TiersOptions Options { get; }

    public TierGroup Group { get; }

    public static async Task<QuotaBench> StartAsync(Action<TiersBuilder> configure, ManualTimeProvider time, ILoggerFactory? log = null)
    {
        var options = new TiersOptions { Name = "plans" };
        configure(new TiersBuilder(options).AddTier("bronze", static t => t.Quota(5, QuotaPeriod.Month).Quota(100, QuotaPeriod.Day)));
        var bench = new QuotaBench(options, time, log ?? new RecordingLoggerProvider());
        await bench._keepers.OpenAsync([options], TestContext.Current.CancellationToken);
        bench.Adopt();
        return bench;
    }

    /// <summary>Puts the options to use again, as a reload does.</summary>
    public async Task ReloadAsync()
    {
        await _keepers.OpenAsync([Options], TestContext.Current.CancellationToken);
        Adopt();
        await _keepers.CloseAllButAsync([Options]);
    }

    /// <summary>Asks for a request that ends at once.</summary>
    public bool Ask(string client = "acme", long units = 1, long? charged = null)
    {
        var admission = new Admission();
        Group.Clients.Admit(Encoding.UTF8.GetBytes(client), _plans!.Find("bronze")!, units, admission);
        if (admission.IsAdmitted)
        {
            Group.Clients.End(admission, charged ?? units);
        }

        return admission.IsAdmitted;
    }

    public long Used(string client = "acme", string window = "month") => Group.GetUsage(client, "bronze").Single(w => w.Name == window).Used;

    public async ValueTask DisposeAsync()
    {
        await _keepers.DisposeAsync();
        Group.Clients.Dispose();
    }

    private void Adopt()
    {
        _plans = new TierPlans(Options, Group.NextVersion(), Group.Clients);
        Group.Adopt(Options, _plans, assigned: null);
        _keepers.Begin(Group, Options, _plans);
    }
}
