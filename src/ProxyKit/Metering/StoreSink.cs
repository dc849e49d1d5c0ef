using ProxyKit.Metering.Journals;

namespace ProxyKit.Metering;

/// <summary>Brings batches to a store of the user's.</summary>
internal sealed class StoreSink(IUsageStore store) : IUsageSink
{
    public void Write(ReadOnlySpan<UsageBatch> batches)
    {
        var events = new List<UsageEvent>();
        foreach (var batch in batches)
        {
            JournalReader.Parse(batch.Records.Span, events);
        }

        // The recorder's thread has nothing else to do, and nobody waits for it but those who wait for these events.
        store.WriteAsync(events, CancellationToken.None).AsTask().GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        // The store is the user's.
    }
}
