using System.Text;
using ProxyKit.Metering;

namespace ProxyKit.PostgreSql.Usage;

/// <summary>Names as the tables can keep them: what a journal or a proxy has written is so already, what a user's code hands in may not be.</summary>
internal static class KeptNames
{
    private const int MostBytes = 255;

    /// <summary>The event with such names.</summary>
    public static UsageEvent Of(UsageEvent e) =>
        IsKept(e.Client) && IsKept(e.Tier) && e.Meters.All(static m => IsKept(m.Meter)) ? e : e.AsKept();

    private static bool IsKept(string name)
    {
        var bytes = 0;
        for (var rest = name.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != System.Buffers.OperationStatus.Done || rune.Value is < 0x20 or 0x7f)
            {
                return false;
            }

            bytes += rune.Utf8SequenceLength;
            rest = rest[length..];
        }

        return bytes <= MostBytes;
    }
}
