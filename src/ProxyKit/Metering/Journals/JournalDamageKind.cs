namespace ProxyKit.Metering.Journals;

/// <summary>What is wrong at a place of a journal.</summary>
public enum JournalDamageKind
{
    /// <summary>Bytes that are not what was written.</summary>
    Unreadable,

    /// <summary>A file ends before all that was written to it, or blocks were taken out of it.</summary>
    CutShort,

    /// <summary>A segment is not there.</summary>
    Missing,
}
