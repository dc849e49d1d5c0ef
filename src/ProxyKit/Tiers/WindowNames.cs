using System.Globalization;

namespace ProxyKit.Tiers;

/// <summary>What a limit is called that nobody has named.</summary>
internal static class WindowNames
{
    public static string Of(TierLimitOptions options) => options.Name ?? options.Kind switch
    {
        TierLimitKind.Quota => options.PeriodLength == 1
            ? Of(options.Period)
            : string.Create(CultureInfo.InvariantCulture, $"{options.PeriodLength}-{Of(options.Period)}s"),
        TierLimitKind.Bucket => "burst",
        TierLimitKind.Concurrency => "concurrency",
        TierLimitKind.Own => "limiter",
        _ => Of(options.Window),
    };

    public static bool IsName(string name) =>
        name.Length is > 0 and <= RateLimitFields.MostName && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static string Of(QuotaPeriod period) => period switch
    {
        QuotaPeriod.Day => "day",
        QuotaPeriod.Week => "week",
        _ => "month",
    };

    private static string Of(TimeSpan window) => window.TotalSeconds switch
    {
        1 => "second",
        60 => "minute",
        3600 => "hour",
        86_400 => "day",
        var seconds when seconds == Math.Floor(seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{window.TotalMilliseconds}ms"),
    };
}
