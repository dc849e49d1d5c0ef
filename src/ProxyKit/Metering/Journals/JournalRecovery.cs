namespace ProxyKit.Metering.Journals;

/// <summary>What was found when a journal was opened.</summary>
/// <param name="Segment">The segment that is written to.</param>
/// <param name="CutBytes">How many bytes were cut off its end, since the process or the machine ended within a write: events that nobody was told are
/// safe. 0 after an orderly end.</param>
/// <param name="DamagedBytes">How many bytes within it cannot be read, though something was written behind them: a fault of the disk, or of somebody's
/// hand. They stay where they are; a segment of which nothing can be read is set aside under another name. 0 where all is well.</param>
public sealed record JournalRecovery(long Segment, long CutBytes, long DamagedBytes);
