using ProxyKit.Tiers;

namespace ProxyKit.Tests.Tiers;

/// <summary>Random requests at random times, judged by the windows and by <see cref="LimiterModel"/>, which keeps every request and adds up.</summary>
public sealed class LimiterModelTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Windows_judge_as_the_model_does(int seed)
    {
        var random = new Random(seed);
        string[] zones = ["UTC", "Europe/Berlin", "America/Havana", "Australia/Lord_Howe"];
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zones[random.Next(zones.Length)]);
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero) + TimeSpan.FromSeconds(random.Next(3 * 365 * 86_400));
        TierLimitOptions[] limits = [.. Enumerable.Range(0, random.Next(1, 6)).Select(i => LimitOf(random, i, zone))];
        using var bench = new TierBench(
            t =>
            {
                foreach (var limit in limits)
                {
                    _ = limit.Kind switch
                    {
                        TierLimitKind.Fixed => t.Limit(limit.Limit!.Value, limit.Window, Take(limit)),
                        TierLimitKind.Sliding => t.SlidingLimit(limit.Limit!.Value, limit.Window, Take(limit)),
                        TierLimitKind.Bucket => t.TokenBucket(limit.Limit!.Value, limit.Refill, limit.Window, Take(limit)),
                        TierLimitKind.Quota => t.Quota(limit.Limit!.Value, limit.Period, Take(limit)),
                        _ => t.Concurrency(limit.Limit!.Value, Take(limit)),
                    };
                }
            },
            start);
        var model = new LimiterModel(limits);
        var open = new List<(Admission Admission, LimiterModel.Request Request)>();
        var refused = 0;

        for (var step = 0; step < 400; step++)
        {
            Pass(bench, random);
            var now = bench.Time.GetUtcNow();
            if (open.Count > 0 && random.Next(3) == 0)
            {
                var index = random.Next(open.Count);
                var (admission, request) = open[index];
                var charged = random.Next(3) == 0 ? random.Next(0, 12) : admission.Units;
                bench.Table.End(admission, charged);
                model.End(request, charged, now);
                open.RemoveAt(index);
            }
            else
            {
                var units = random.Next(4) == 0 ? random.Next(0, 9) : 1;
                var admission = bench.Begin(units: units);
                var request = model.Begin(units, now);
                Assert.True(request is not null == admission.IsAdmitted, $"step {step}: {admission.Outcome}, the model {(request is null ? "refused" : "admitted")}");
                if (request is not null)
                {
                    open.Add((admission, request));
                }
                else
                {
                    refused++;
                    var wait = admission.RetryIn;
                    Assert.True(wait > 0, $"step {step}: refused, and yet it fits at once");
                }
            }

            foreach (var limit in limits)
            {
                Assert.Equal(model.Used(limit, now), bench.Used(limit.Name!));
            }
        }

        Assert.InRange(refused, 0, 399);
    }

    /// <summary>Time goes on by milliseconds, by windows, and now and then by months.</summary>
    private static void Pass(TierBench bench, Random random) => bench.Time.Advance(random.Next(40) switch
    {
        0 => TimeSpan.FromHours(random.Next(1, 30)),
        1 => TimeSpan.FromMinutes(random.Next(1, 90)),
        < 8 => TimeSpan.FromMilliseconds(random.Next(1, 20_000)),
        < 25 => TimeSpan.FromMilliseconds(random.Next(1, 700)),
        _ => TimeSpan.Zero,
    });

    private static TierLimitOptions LimitOf(Random random, int index, TimeZoneInfo zone) => new()
    {
        Kind = (TierLimitKind)random.Next(5),
        Name = $"w{index}",
        Limit = random.Next(1, 25),
        CountsRequests = random.Next(4) == 0,
        Window = TimeSpan.FromMilliseconds(random.Next(3) switch { 0 => 1000, 1 => 7777, _ => 60_000 }),
        Segments = random.Next(1, 12),
        Refill = random.Next(1, 9),
        Period = (QuotaPeriod)random.Next(3),
        PeriodLength = random.Next(1, 4),
        Anchor = new DateOnly(2020, 1, 31).AddDays(random.Next(40)),
        TimeZone = zone,
    };

    private static Action<TierLimitOptions> Take(TierLimitOptions from) => to =>
    {
        to.Name = from.Name;
        to.CountsRequests = from.CountsRequests;
        to.Segments = from.Segments;
        to.PeriodLength = from.PeriodLength;
        to.Anchor = from.Anchor;
        to.TimeZone = from.TimeZone;
    };
}
