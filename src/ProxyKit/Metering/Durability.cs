namespace ProxyKit.Metering;

/// <summary>When what a client used is safe from the end of the process and of the machine.</summary>
public enum Durability
{
    /// <summary>Soon: events are written, and the disk is told to keep them, each <see cref="Journals.UsageJournalOptions.FlushInterval"/>. A process that is killed
    /// loses at most the events of that time and of the write that is under way; answers wait for nothing.</summary>
    Batched,

    /// <summary>Before the client has the whole answer: its last bytes leave once the disk has the event. Those who wait at the same time share one
    /// write.</summary>
    BeforeResponse,
}
