using ProxyKit.StickTables;

namespace ProxyKit.Rules.StickCounters;

/// <summary>Counts in the counters that rules have for themselves. The two old ones stand for the first two of the array where only that is
/// stored.</summary>
internal static class StickCounting
{
    /// <summary>Counts one in a counter and in its rate.</summary>
    /// <returns>The counter's new value; the running period's count where only the rate is stored; 0 where nothing is.</returns>
    public static long Increment(StickTable table, StickEntry entry, StickDataType counter, int index)
    {
        var (counterType, counterIndex, rateType, rateIndex) = Resolve(table, counter, index);
        var result = 0L;
        if (table.Layout.TryFind(rateType, rateIndex, out var rate, out var period))
        {
            result = entry.AddRate(rate, 1, period, table.Now);
        }

        if (table.Layout.TryFind(counterType, counterIndex, out var slot, out _))
        {
            result = entry.AddValue(slot, 1);
        }

        return result;
    }

    /// <summary>Adds to a counter and its rate.</summary>
    public static void Add(StickTable table, StickEntry entry, int index, uint count)
    {
        if (table.Layout.TryFind(StickDataType.CounterRates, index, out var rate, out var period))
        {
            entry.AddRate(rate, count, period, table.Now);
        }

        table.Add(entry, StickDataType.Counters, index, count);
    }

    /// <summary>Sets a tag.</summary>
    public static void SetTag(StickTable table, StickEntry entry, StickDataType tag, int index, uint value)
    {
        if (table.Layout.TryFind(tag, index, out var slot, out _)
            || (tag == StickDataType.Tag0 && table.Layout.TryFind(StickDataType.Tags, 0, out slot, out _)))
        {
            entry.SetValue(slot, value);
        }
    }

    private static (StickDataType Counter, int Index, StickDataType Rate, int RateIndex) Resolve(
        StickTable table, StickDataType counter, int index) => counter switch
    {
        StickDataType.Counter0 => (
            table.Layout.Has(StickDataType.Counter0) ? StickDataType.Counter0 : StickDataType.Counters,
            0,
            table.Layout.Has(StickDataType.Counter0Rate) ? StickDataType.Counter0Rate : StickDataType.CounterRates,
            0),
        StickDataType.Counter1 => (
            table.Layout.Has(StickDataType.Counter1) ? StickDataType.Counter1 : StickDataType.Counters,
            table.Layout.Has(StickDataType.Counter1) ? 0 : 1,
            table.Layout.Has(StickDataType.Counter1Rate) ? StickDataType.Counter1Rate : StickDataType.CounterRates,
            table.Layout.Has(StickDataType.Counter1Rate) ? 0 : 1),
        _ => (StickDataType.Counters, index, StickDataType.CounterRates, index),
    };
}
