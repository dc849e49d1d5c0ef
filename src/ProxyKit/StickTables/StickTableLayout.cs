namespace ProxyKit.StickTables;

/// <summary>Where the entries of a table keep what it counts.</summary>
internal sealed class StickTableLayout
{
    private const int Types = (int)StickDataType.GlitchRate + 1;

    private readonly Field[] _fields = new Field[Types];

    public StickTableLayout(IEnumerable<StickData> store)
    {
        var stored = new List<StickDataType>();
        foreach (var data in store.OrderBy(static d => d.Type))
        {
            ref var field = ref _fields[(int)data.Type];
            if (field.Count > 0)
            {
                continue; // named twice: once is enough
            }

            stored.Add(data.Type);
            if (data.Period is { } period)
            {
                field = new(Rates, data.Count, Math.Max(1, (long)period.TotalMilliseconds));
                Rates += data.Count;
            }
            else
            {
                field = new(Values, data.Count, 0);
                Values += data.Count;
            }
        }

        Stored = [.. stored];
    }

    /// <summary>The types that are stored, in their order.</summary>
    public StickDataType[] Stored { get; }

    /// <summary>How many plain counters and tags an entry has.</summary>
    public int Values { get; }

    /// <summary>How many rates an entry has.</summary>
    public int Rates { get; }

    /// <summary>Whether a type is a rate.</summary>
    public static bool IsRate(StickDataType type) => type is StickDataType.Counter0Rate or StickDataType.ConnectionRate
        or StickDataType.SessionRate or StickDataType.RequestRate or StickDataType.ErrorRate or StickDataType.BytesInRate
        or StickDataType.BytesOutRate or StickDataType.Counter1Rate or StickDataType.FailureRate or StickDataType.CounterRates
        or StickDataType.GlitchRate;

    /// <summary>Whether a type is an array.</summary>
    public static bool IsArray(StickDataType type) => type is StickDataType.Tags or StickDataType.Counters or StickDataType.CounterRates;

    /// <summary>Finds where a type, or an element of it, is kept; false where it is not stored.</summary>
    public bool TryFind(StickDataType type, int index, out int slot, out long period)
    {
        var field = _fields[(int)type];
        slot = field.Start + index;
        period = field.Period;
        return index >= 0 && index < field.Count;
    }

    /// <summary>Whether a type is stored.</summary>
    public bool Has(StickDataType type) => _fields[(int)type].Count > 0;

    private readonly record struct Field(int Start, int Count, long Period);
}
