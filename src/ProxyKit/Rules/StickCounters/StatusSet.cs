using System.Globalization;

namespace ProxyKit.Rules.StickCounters;

/// <summary>Some of the statuses from 100 to 599.</summary>
internal sealed class StatusSet
{
    private const int First = 100, Last = 599;

    private readonly bool[] _has = new bool[Last - First + 1];

    private StatusSet()
    {
    }

    /// <summary>What counts as an error of a client where nobody says otherwise.</summary>
    public static StatusSet Errors { get; } = Parse("400-499")!; // which it can

    /// <summary>What counts as a failure of a server where nobody says otherwise.</summary>
    public static StatusSet Failures { get; } = Parse("500,502-504,506-599")!; // likewise

    /// <summary>Reads numbers and ranges with commas between them, or nothing at all; null for what is neither.</summary>
    public static StatusSet? Parse(string text)
    {
        var set = new StatusSet();
        foreach (var part in text.Length == 0 ? [] : text.Split(','))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            if (!TryStatus(dash < 0 ? part : part[..dash], out var from) || !TryStatus(dash < 0 ? part : part[(dash + 1)..], out var to) || to < from)
            {
                return null;
            }

            set._has.AsSpan(from - First, to - from + 1).Fill(true);
        }

        return set;
    }

    public bool Contains(int status) => status is >= First and <= Last && _has[status - First];

    private static bool TryStatus(string text, out int status) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out status) && status is >= First and <= Last;
}
