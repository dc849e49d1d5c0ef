namespace ProxyKit.Metering.Journals;

/// <summary>One opening of a journal by a process that writes to it.</summary>
/// <param name="Id">Tells it from all others.</param>
/// <param name="End">Where the journal ended then: what lies behind was written since, by this process or a later one.</param>
internal readonly record struct JournalOpening(Guid Id, JournalPosition End);
