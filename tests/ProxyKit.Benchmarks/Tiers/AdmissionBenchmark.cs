using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using ProxyKit.Tiers;

namespace ProxyKit.Benchmarks.Tiers;

/// <summary>What a tier with three windows costs a request: to be admitted and, in the end, settled. The bar is one microsecond and no
/// allocation.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "The benchmark's own cleanup disposes of the table.")]
public class AdmissionBenchmark
{
    private readonly Admission _admission = new();
    private readonly byte[] _key = [.. "customer-0000000"u8];
    private ClientTable _table = null!; // set up before the first run, as is the next
    private TierPlan _plan = null!;
    private RateLimiter[] _limiters = [];
    private uint _next;

    [Params(1, 1_000_000)]
    public int Clients { get; set; }

    [GlobalSetup]
    public void FillTable()
    {
        var options = new TiersOptions { Name = "plans" };
        new TiersBuilder(options).AddTier("gold", static t => t
            .Limit(1_000_000_000, TimeSpan.FromSeconds(1))
            .SlidingLimit(1_000_000_000, TimeSpan.FromMinutes(1))
            .Quota(1_000_000_000_000, QuotaPeriod.Month));
        _plan = new TierPlans(options, 1).All[0];
        _table = new ClientTable(TimeProvider.System, static _ => { });
        for (var i = 0; i < Clients; i++)
        {
            Admit(i);
        }

        _limiters =
        [
            new FixedWindowRateLimiter(new() { PermitLimit = int.MaxValue, Window = TimeSpan.FromSeconds(1) }),
            new SlidingWindowRateLimiter(new() { PermitLimit = int.MaxValue, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6 }),
            new FixedWindowRateLimiter(new() { PermitLimit = int.MaxValue, Window = TimeSpan.FromDays(30) }),
        ];
    }

    [GlobalCleanup]
    public void EndTable() => _table.Dispose();

    [Benchmark(Baseline = true)]
    public bool Three_windows_of_a_client()
    {
        _next = (_next * 1664525) + 1013904223; // whoever comes next is nowhere near in memory
        return Admit((int)(((ulong)_next * (ulong)Clients) >> 32));
    }

    /// <summary>For comparison: three limiters of the framework's, found already, one after the other.</summary>
    [Benchmark]
    public bool Three_limiters_of_the_framework()
    {
        var acquired = true;
        foreach (var limiter in _limiters)
        {
            using var lease = limiter.AttemptAcquire();
            acquired &= lease.IsAcquired;
        }

        return acquired;
    }

    private bool Admit(int client)
    {
        // Written for each request, which has it in its buffer: of a million keys that lay around, most would have to come from memory first.
        Utf8Formatter.TryFormat(client, _key.AsSpan("customer-".Length), out _, new StandardFormat('D', 7));
        _table.Admit(_key, _plan, 1, _admission);
        var isAdmitted = _admission.IsAdmitted;
        _table.End(_admission, 1);
        _admission.Reset();
        return isAdmitted;
    }
}
