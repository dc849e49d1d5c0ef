using ProxyKit.Metering;

namespace ProxyKit.Tests.Metering.Journals;

/// <summary>Batches as lanes hand them to a journal's writer.</summary>
internal static class JournalBatches
{
    /// <summary>How long each of <see cref="LongOnes"/> is at least.</summary>
    public const int LongBytes = 4 * 250;

    public static UsageBatch Of(params UsageEvent[] events)
    {
        var batch = new UsageBatch();
        var record = new byte[UsageRecord.MaxBytes];
        foreach (var e in events)
        {
            Assert.True(batch.TryAdd(record.AsSpan(0, UsageRecord.Write(e, record)), null, limit: 256 * 1024 * 1024));
        }

        return batch;
    }

    /// <summary>Events with long names.</summary>
    public static UsageBatch LongOnes(string id, int count) => Of([.. Enumerable.Range(0, count).Select(i => JournalFolder.Event($"{id}-{i}") with
    {
        Client = new string('c', 250),
        Frontend = new string('f', 250),
        Backend = new string('b', 250),
        Route = new string('r', 250),
    })]);
}
