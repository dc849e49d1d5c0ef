namespace ProxyKit.Metering;

/// <summary>Events that are written together: records one behind the other.</summary>
internal sealed class UsageBatch
{
    private const int FirstBytes = 64 * 1024;

    private byte[] _bytes = new byte[FirstBytes];

    /// <summary>How many events.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes.</summary>
    public int Length { get; private set; }

    /// <summary>The records.</summary>
    public ReadOnlyMemory<byte> Records => _bytes.AsMemory(0, Length);

    /// <summary>Whether some of them have ids that were handed in.</summary>
    public bool HasForeignIds { get; private set; }

    /// <summary>Those who wait for the events to be safe.</summary>
    public List<UsageTicket> Waiting { get; } = [];

    /// <summary>Adds a record, unless the batch would become longer than a limit.</summary>
    public bool TryAdd(ReadOnlySpan<byte> record, UsageTicket? waits, int limit)
    {
        if (Length + record.Length > limit)
        {
            return false;
        }

        if (Length + record.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Min(Math.Max(_bytes.Length * 2, Length + record.Length), Math.Max(limit, FirstBytes)));
        }

        record.CopyTo(_bytes.AsSpan(Length));
        Length += record.Length;
        Count++;
        HasForeignIds |= new UsageRecordReader(record).HasForeignId;
        if (waits is not null)
        {
            Waiting.Add(waits);
        }

        return true;
    }

    public void Clear()
    {
        Length = 0;
        Count = 0;
        HasForeignIds = false;
        Waiting.Clear();
    }
}
