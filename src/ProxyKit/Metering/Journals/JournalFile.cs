using System.Globalization;

namespace ProxyKit.Metering.Journals;

/// <summary>A file of a journal: a segment of events, or sums of some segments.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="First">The first segment it is about.</param>
/// <param name="Last">The last one.</param>
/// <param name="IsTotals">Whether it holds sums.</param>
internal sealed record JournalFile(string Path, long First, long Last, bool IsTotals)
{
    public const string LockName = "lock";

    /// <summary>What a file is called until it is whole.</summary>
    public const string Unfinished = ".new";

    /// <summary>What a segment is called whose events are summed up, as far as they could be read.</summary>
    public const string Damaged = ".damaged";

    public static string SegmentPath(string directory, long number) =>
        System.IO.Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"events-{number:d16}"));

    public static string TotalsPath(string directory, long first, long last) =>
        System.IO.Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"totals-{first:d16}-{last:d16}"));

    /// <summary>All files of a journal, in the order of their segments. Those whose contents a file of sums has, since the process ended before
    /// they were deleted, are told apart.</summary>
    /// <param name="directory">The journal.</param>
    /// <param name="replaced">Takes those that count no more.</param>
    public static List<JournalFile> List(string directory, List<JournalFile>? replaced = null)
    {
        var files = new List<JournalFile>();
        foreach (var path in Directory.EnumerateFiles(directory))
        {
            if (Parse(path) is { } file)
            {
                files.Add(file);
            }
        }

        files.Sort(static (a, b) => a.First != b.First ? a.First.CompareTo(b.First)
            : a.Last != b.Last ? b.Last.CompareTo(a.Last)
            : b.IsTotals.CompareTo(a.IsTotals)); // what replaces others comes before them
        var kept = new List<JournalFile>(files.Count);
        foreach (var file in files)
        {
            if (kept.Count > 0 && file.Last <= kept[^1].Last)
            {
                replaced?.Add(file);
            }
            else
            {
                kept.Add(file);
            }
        }

        return kept;
    }

    /// <summary>The number of a segment; 0 for what is none.</summary>
    public static long NumberOf(string path) => Parse(path)?.First ?? 0;

    /// <summary>Whether segments are missing among files in their order.</summary>
    public static bool HasGap(List<JournalFile> files)
    {
        var next = 1L;
        foreach (var file in files)
        {
            if (file.First != next)
            {
                return true;
            }

            next = file.Last + 1;
        }

        return false;
    }

    private static JournalFile? Parse(string path)
    {
        var parts = System.IO.Path.GetFileName(path).Split('-');
        return parts switch
        {
            ["events", var number] when TryRead(number, out var only) => new(path, only, only, IsTotals: false),
            ["totals", var from, var to] when TryRead(from, out var first) && TryRead(to, out var last) && first <= last => new(path, first, last, IsTotals: true),
            _ => null,
        };

        static bool TryRead(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && text.Length == 16;
    }
}
