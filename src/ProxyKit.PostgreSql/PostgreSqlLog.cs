using Microsoft.Extensions.Logging;

namespace ProxyKit.PostgreSql;

/// <summary>The messages of the category <c>ProxyKit.PostgreSql</c>. A database is named by its host, port and name.</summary>
internal static partial class PostgreSqlLog
{
    public const string Category = "ProxyKit.PostgreSql";

    [LoggerMessage(1, LogLevel.Information, "The database {Database} is in use: schema {Schema}, found at version {Found}, is at version {Version}")]
    public static partial void Opened(this ILogger log, string database, string schema, int found, int version);

    [LoggerMessage(2, LogLevel.Error, "Usage cannot be brought to {Database}; it stays in the journal and is tried again")]
    public static partial void ShippingFailed(this ILogger log, Exception exception, string database);

    [LoggerMessage(3, LogLevel.Warning, "Usage is brought to {Database} again")]
    public static partial void ShippingRecovered(this ILogger log, string database);

    [LoggerMessage(4, LogLevel.Error, "{Segments} segments of the usage journal {Journal} were summed up before they were brought to {Database}: what is in them is only there")]
    public static partial void SegmentsMissing(this ILogger log, long segments, string journal, string database);

    [LoggerMessage(5, LogLevel.Critical, "The usage journal {Journal} is an older state of what {Database} has, or a copy: what it has from then is there, and is brought what was written since. What was written behind that state, and not brought, is lost with it")]
    public static partial void JournalWentBack(this ILogger log, string journal, string database);

    [LoggerMessage(13, LogLevel.Critical, "The usage journal {Journal} ends before what {Database} has of this process, as where a machine was put back with its memory: what it has written between is lost, and is brought what it writes from now on")]
    public static partial void ProcessWentBack(this ILogger log, string journal, string database);

    [LoggerMessage(6, LogLevel.Warning, "Quotas cannot be leased from {Database}; clients are served on credit")]
    public static partial void LeasingFailed(this ILogger log, Exception? exception, string database);

    [LoggerMessage(7, LogLevel.Warning, "Quotas are leased from {Database} again")]
    public static partial void LeasingRecovered(this ILogger log, string database);

    [LoggerMessage(8, LogLevel.Warning, "At the stop not everything could be brought to {Database}: usage stays in the journal for the next start, leases stay taken until their periods are over")]
    public static partial void StoppedWithout(this ILogger log, Exception exception, string database);

    [LoggerMessage(10, LogLevel.Critical, "The usage journal {Journal} cannot be read or its cursor not be written: nothing more of it is brought to {Database} until that is put right. It is set aside, and tried again each time")]
    public static partial void JournalSetAside(this ILogger log, Exception exception, string journal, string database);

    [LoggerMessage(11, LogLevel.Warning, "The usage journal {Journal} can be read, and is brought to {Database} again")]
    public static partial void JournalIsBack(this ILogger log, string journal, string database);

    [LoggerMessage(12, LogLevel.Error, "The usage journal {Journal} is damaged: {Place}. What was used there is not brought to {Database}")]
    public static partial void DamageFound(this ILogger log, string journal, Metering.Journals.JournalDamage place, string database);

    [LoggerMessage(9, LogLevel.Warning, "What is old could not be removed from {Database}; it is tried again")]
    public static partial void CleaningFailed(this ILogger log, Exception exception, string database);
}
