using System.Buffers.Text;
using System.Globalization;

namespace ProxyKit.Tiers;

/// <summary>Writes the header fields that tell clients of their limits (draft-ietf-httpapi-ratelimit-headers, structured fields of RFC 9651).</summary>
internal static class RateLimitFields
{
    /// <summary>How long the name of a window may be, so that all of a tier fit into one field.</summary>
    public const int MostName = 40;

    /// <summary>How long the value of <c>RateLimit</c> may become.</summary>
    public const int MostLength = TierPlan.MostWindows * (MostName + 64);

    /// <summary>The value of <c>RateLimit-Policy</c>: each window with its limit and, where it has one, its length in seconds.</summary>
    public static string PolicyOf(IEnumerable<Window> windows) => string.Join(", ", windows.Where(IsTold).Select(static w =>
        string.Create(CultureInfo.InvariantCulture, $"\"{w.Name}\";q={w.Limit}{Length(w)}")));

    /// <summary>Writes the value of <c>RateLimit</c>: what is left of each window, and in how many seconds it is over.</summary>
    /// <returns>How many bytes it has; 0 where there is nothing to tell.</returns>
    public static int Write(Admission admission, Span<byte> destination)
    {
        if (admission.Plan is not { } plan)
        {
            return 0;
        }

        var written = 0;
        for (var i = 0; i < plan.Windows.Length; i++)
        {
            var window = plan.Windows[i];
            if (!IsTold(window))
            {
                continue;
            }

            Put(written == 0 ? "\""u8 : ", \""u8, destination, ref written);
            foreach (var c in window.Name)
            {
                destination[written++] = (byte)c; // names are ASCII
            }

            Put("\";r="u8, destination, ref written);
            Put(admission.FreeOf(i), destination, ref written);
            if (window.Shape.Kind != TierLimitKind.Concurrency)
            {
                Put(";t="u8, destination, ref written);
                Put(Seconds(admission.EndsIn(i)), destination, ref written);
            }
        }

        return written;
    }

    /// <summary>Milliseconds as whole seconds, rounded up.</summary>
    public static long Seconds(long milliseconds) => (milliseconds / 1000) + (milliseconds % 1000 > 0 ? 1 : 0);

    /// <summary>Windows that refuse nobody, and limiters of which nobody knows how they count, are not told of.</summary>
    public static bool IsTold(Window window) => window.Limit is not null && window.Shape.Kind != TierLimitKind.Own;

    private static string Length(Window window) => window.Shape.Kind switch
    {
        TierLimitKind.Concurrency => ";qu=\"concurrent-requests\"",
        TierLimitKind.Bucket => string.Create(CultureInfo.InvariantCulture, $";w={Math.Max(1, Seconds((long)Int128.Min(
            (Int128)window.Limit!.Value * window.Shape.Period / window.Refill, long.MaxValue)))}"), // told, so there is a limit
        TierLimitKind.Quota => window.Calendar!.Period switch // a quota has one
        {
            QuotaPeriod.Day => string.Create(CultureInfo.InvariantCulture, $";w={86_400L * window.Calendar.Length}"),
            QuotaPeriod.Week => string.Create(CultureInfo.InvariantCulture, $";w={604_800L * window.Calendar.Length}"),
            _ => "", // months differ
        },
        _ => string.Create(CultureInfo.InvariantCulture, $";w={Seconds(window.Shape.Period)}"),
    };

    private static void Put(ReadOnlySpan<byte> bytes, Span<byte> destination, ref int written)
    {
        bytes.CopyTo(destination[written..]);
        written += bytes.Length;
    }

    private static void Put(long number, Span<byte> destination, ref int written)
    {
        Utf8Formatter.TryFormat(number, destination[written..], out var digits);
        written += digits;
    }
}
