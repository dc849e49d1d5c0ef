namespace ProxyKit.Metering;

/// <summary>What a record of a journal is. The numbers are in files: they stay.</summary>
internal enum UsageRecordKind : byte
{
    None = 0,

    /// <summary>A usage event.</summary>
    Event = 1,

    /// <summary>From here on, what happened before a moment comes late.</summary>
    Close = 2,

    /// <summary>Ids that were written before, for who opens the journal next.</summary>
    Ids = 3,

    /// <summary>A sum of events.</summary>
    Total = 4,

    /// <summary>The end of a file of sums, with their number.</summary>
    End = 5,
}
