namespace ProxyKit.Metering.Journals;

/// <summary>What can be read of a journal. See <see cref="UsageJournal.Salvage"/>.</summary>
/// <param name="Totals">The totals, ordered by time, client, tier and meter.</param>
/// <param name="Damage">Where usage was written that is not in them; empty where the journal is whole.</param>
/// <param name="UnfinishedBytes">How many bytes at the end are no whole block: a write that is under way, or one that a process ended within, which the next one
/// cuts off. Nobody was told that they are safe.</param>
public sealed record SalvagedUsage(IReadOnlyList<UsageTotal> Totals, IReadOnlyList<JournalDamage> Damage, long UnfinishedBytes);
