namespace ProxyKit.StickTables;

/// <summary>A key of a stick table with what is counted for it, as it was when it was looked at. HAProxy: a line of <c>show table</c>.</summary>
/// <param name="Key">The key: an address, a number, a string, or the hexadecimal digits of a binary one. A string is read as UTF-8, where bytes that are
/// none stand as <c>\xHH</c> and a backslash as <c>\\</c>; so no two keys look the same.</param>
/// <param name="ExpiresIn">How long it stays if nobody uses it; null for until the table is full. HAProxy: <c>exp</c>.</param>
/// <param name="Uses">How many track it, or look at it, at this moment: as long as there are any, it stays. HAProxy: <c>use</c>.</param>
/// <param name="Values">What the table stores for it, in the order of <see cref="StickDataType"/>.</param>
public sealed record StickTableEntry(string Key, TimeSpan? ExpiresIn, int Uses, IReadOnlyList<StickValue> Values)
{
    /// <summary>The name or address of the server that the key sticks to; null for none.</summary>
    public string? Server { get; init; }

    /// <summary>A count, a tag or a rate of it.</summary>
    /// <param name="type">Which.</param>
    /// <param name="index">Which one of an array; 0 for others.</param>
    /// <returns>The value; null where the table does not store it.</returns>
    public long? this[StickDataType type, int index = 0]
    {
        get
        {
            foreach (var value in Values)
            {
                if (value.Type == type && value.Index == index)
                {
                    return value.Value;
                }
            }

            return null;
        }
    }
}

/// <summary>Something that a stick table stores for a key.</summary>
/// <param name="Type">What.</param>
/// <param name="Index">Which one of an array; 0 for others.</param>
/// <param name="Period">The period of a rate; null for others.</param>
/// <param name="Value">How many; of a rate, how many in a period.</param>
public readonly record struct StickValue(StickDataType Type, int Index, TimeSpan? Period, long Value);
