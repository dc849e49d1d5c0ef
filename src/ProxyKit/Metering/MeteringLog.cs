using Microsoft.Extensions.Logging;

namespace ProxyKit.Metering;

/// <summary>The messages of the category <c>ProxyKit.Metering</c>.</summary>
internal static partial class MeteringLog
{
    public const string Category = "ProxyKit.Metering";

    [LoggerMessage(1, LogLevel.Information, "The usage journal {Journal} is open at segment {Segment}")]
    public static partial void JournalOpened(this ILogger log, string journal, long segment);

    [LoggerMessage(2, LogLevel.Warning, "The usage journal {Journal} ended within a write: {Bytes} bytes of segment {Segment} were cut off")]
    public static partial void TailCut(this ILogger log, string journal, long segment, long bytes);

    [LoggerMessage(3, LogLevel.Error, "The usage journal {Journal} is damaged: {Bytes} bytes of segment {Segment} cannot be read, what is behind them is kept")]
    public static partial void Damaged(this ILogger log, string journal, long segment, long bytes);

    [LoggerMessage(4, LogLevel.Error, "Usage cannot be written to {Store}; it is kept in memory and tried again each second")]
    public static partial void StoreFailed(this ILogger log, Exception exception, string store);

    [LoggerMessage(5, LogLevel.Warning, "Usage is written to {Store} again; {Requests} requests have been turned away for it since the start")]
    public static partial void StoreRecovered(this ILogger log, string store, long requests);

    [LoggerMessage(6, LogLevel.Critical, "Usage is lost: {Events} events could not be written to {Store} since the start")]
    public static partial void EventsLost(this ILogger log, string store, long events);

    [LoggerMessage(7, LogLevel.Error, "The usage journal {Journal} could not be compacted; nothing of it is lost")]
    public static partial void CompactionFailed(this ILogger log, Exception exception, string journal);

    [LoggerMessage(9, LogLevel.Warning, "The quotas in {File} ended within a write: line {Line}, the last one, is left out")]
    public static partial void QuotasTailCut(this ILogger log, string file, int line);

    [LoggerMessage(10, LogLevel.Error, "The quotas in {File} are damaged: {Lines} lines cannot be read, of which the first is line {First}; the rest counts, and a copy is kept as .damaged")]
    public static partial void QuotasDamaged(this ILogger log, string file, int lines, int first);

    [LoggerMessage(11, LogLevel.Error, "What clients of {Tiers} use of their quotas cannot be kept; it is counted in memory, and tried again twice a second")]
    public static partial void QuotasNotKept(this ILogger log, Exception exception, string tiers);

    [LoggerMessage(12, LogLevel.Warning, "What clients of {Tiers} use of their quotas is kept again")]
    public static partial void QuotasKeptAgain(this ILogger log, string tiers);

    [LoggerMessage(13, LogLevel.Error, "What a failed write has left in segment {Segment} of the usage journal {Journal} could not be cut off; events among it that were told lost may count")]
    public static partial void RemainsStay(this ILogger log, Exception exception, string journal, long segment);

    [LoggerMessage(14, LogLevel.Error, "Segment {Segment} of the usage journal {Journal} cannot be read at all: its {Bytes} bytes are set aside in {File}, and the journal goes on behind it")]
    public static partial void SegmentSetAside(this ILogger log, string journal, long segment, long bytes, string file);

    [LoggerMessage(15, LogLevel.Error, "The usage sums in {File} are damaged: the file stays as it is, and those around it are merged without it")]
    public static partial void SumsDamaged(this ILogger log, string file);

    [LoggerMessage(16, LogLevel.Warning, "That the usage journal {Journal} was opened could not be noted in {Cursor}; it is tried again when that is used")]
    public static partial void OpeningNotNoted(this ILogger log, Exception exception, string journal, string cursor);

    [LoggerMessage(8, LogLevel.Error, "The usage journal {Journal} could not begin another segment, and goes on with the one it has; that is tried again each 10 seconds")]
    public static partial void RotationFailed(this ILogger log, Exception exception, string journal);
}
