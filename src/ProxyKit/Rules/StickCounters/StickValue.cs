using ProxyKit.Rules.Samples;
using ProxyKit.StickTables;

namespace ProxyKit.Rules.StickCounters;

/// <summary>One thing that fetches and converters tell of an entry: <c>http_req_rate</c>, <c>get_gpc0</c>, <c>inc_gpc(1)</c>.</summary>
/// <param name="Suffix">The name, behind <c>sc_</c>, <c>src_</c> or, without <c>get_</c>, <c>table_</c>.</param>
/// <param name="Type">What it is stored as.</param>
/// <param name="Change">Whether it is read, counted or cleared.</param>
/// <param name="Fallback">The array that stands in for a type that is not stored, at <paramref name="FallbackIndex"/>.</param>
/// <param name="FallbackIndex">Which element of it.</param>
/// <param name="Shift">How many bits of the value are left out: kilobytes are ten.</param>
/// <param name="IsArray">Whether the first argument is the number of the element.</param>
internal sealed record StickValue(
    string Suffix,
    StickDataType Type,
    StickChange Change = StickChange.None,
    StickDataType? Fallback = null,
    int FallbackIndex = 0,
    int Shift = 0,
    bool IsArray = false)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<StickValue> All { get; } =
    [
        new("conn_cnt", StickDataType.Connections),
        new("conn_cur", StickDataType.CurrentConnections),
        new("conn_rate", StickDataType.ConnectionRate),
        new("sess_cnt", StickDataType.Sessions),
        new("sess_rate", StickDataType.SessionRate),
        new("http_req_cnt", StickDataType.Requests),
        new("http_req_rate", StickDataType.RequestRate),
        new("http_err_cnt", StickDataType.Errors),
        new("http_err_rate", StickDataType.ErrorRate),
        new("http_fail_cnt", StickDataType.Failures),
        new("http_fail_rate", StickDataType.FailureRate),
        new("glitch_cnt", StickDataType.Glitches),
        new("glitch_rate", StickDataType.GlitchRate),
        new("bytes_in_rate", StickDataType.BytesInRate),
        new("bytes_out_rate", StickDataType.BytesOutRate),
        new("kbytes_in", StickDataType.BytesIn, Shift: 10),
        new("kbytes_out", StickDataType.BytesOut, Shift: 10),
        new("get_gpc0", StickDataType.Counter0, Fallback: StickDataType.Counters),
        new("get_gpc1", StickDataType.Counter1, Fallback: StickDataType.Counters, FallbackIndex: 1),
        new("get_gpt0", StickDataType.Tag0, Fallback: StickDataType.Tags),
        new("gpc0_rate", StickDataType.Counter0Rate, Fallback: StickDataType.CounterRates),
        new("gpc1_rate", StickDataType.Counter1Rate, Fallback: StickDataType.CounterRates, FallbackIndex: 1),
        new("inc_gpc0", StickDataType.Counter0, StickChange.Count, StickDataType.Counters),
        new("inc_gpc1", StickDataType.Counter1, StickChange.Count, StickDataType.Counters, 1),
        new("clr_gpc0", StickDataType.Counter0, StickChange.Clear, StickDataType.Counters),
        new("clr_gpc1", StickDataType.Counter1, StickChange.Clear, StickDataType.Counters, 1),
        new("get_gpc", StickDataType.Counters, IsArray: true),
        new("get_gpt", StickDataType.Tags, IsArray: true),
        new("gpc_rate", StickDataType.CounterRates, IsArray: true),
        new("inc_gpc", StickDataType.Counters, StickChange.Count, IsArray: true),
        new("clr_gpc", StickDataType.Counters, StickChange.Clear, IsArray: true),
    ];

    /// <summary>Whether it makes an entry for a key that has none.</summary>
    private bool Creates => Change != StickChange.None;

    /// <summary>Whether a table stores it.</summary>
    private bool IsStoredIn(StickTable table, int index) =>
        Change == StickChange.Count || table.Layout.TryFind(Type, index, out _, out _)
        || (Fallback is { } fallback && table.Layout.TryFind(fallback, FallbackIndex, out _, out _));

    /// <summary>Reads it for a key, or counts or clears it. A key that is not there has counted nothing, whatever the table stores, and comes to be there
    /// only to be changed; one that is there has no value where the table does not store it.</summary>
    public bool TryApply(StickTable table, scoped ReadOnlySpan<byte> key, int index, ref Sample sample)
    {
        if (Creates && !IsStoredIn(table, index))
        {
            return false;
        }

        if (!(Creates ? table.TryFindOrAdd(key, out var entry) : table.TryFind(key, out entry)))
        {
            return sample.Set(0L);
        }

        var found = TryApply(table, entry, index, ref sample);
        entry.Leave();
        return found;
    }

    /// <summary>Reads it, or counts or clears it; false where the table does not store it.</summary>
    public bool TryApply(StickTable table, StickEntry entry, int index, ref Sample sample)
    {
        var (type, element) = !table.Layout.TryFind(Type, index, out _, out _) && Fallback is { } fallback
            ? (fallback, FallbackIndex)
            : (Type, index);
        switch (Change)
        {
            case StickChange.Count:
                return sample.Set(StickCounting.Increment(table, entry, Type, index));
            case StickChange.Clear:
                return table.Layout.TryFind(type, element, out var slot, out _) && sample.Set(entry.SetValue(slot, 0));
            default:
                return table.TryRead(entry, type, element, out var value) && sample.Set(value >> Shift);
        }
    }
}

/// <summary>What asking does to the value.</summary>
internal enum StickChange
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It counts one more, and its rate too; the new value is told.</summary>
    Count,

    /// <summary>It is cleared; what it was is told.</summary>
    Clear,
}
