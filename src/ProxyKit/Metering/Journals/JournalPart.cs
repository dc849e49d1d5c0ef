namespace ProxyKit.Metering.Journals;

/// <summary>What one process wrote to a journal, from its opening of it to the next one's. Where an older state of a journal is put back, or a copy goes
/// on, the same places of it hold other events from then on: in another part.</summary>
/// <param name="Id">Tells it from all others.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends; of the last one the end of what may be read by now.</param>
public readonly record struct JournalPart(Guid Id, JournalPosition Start, JournalPosition End);
