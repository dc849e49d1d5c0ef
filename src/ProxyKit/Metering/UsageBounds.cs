namespace ProxyKit.Metering;

/// <summary>How much of what was used may not be safe yet.</summary>
/// <param name="FlushInterval">How often events are written where nobody waits for them.</param>
/// <param name="MaxBufferedBytes">How many bytes of events may wait to be written; as many again are being written.</param>
internal readonly record struct UsageBounds(TimeSpan FlushInterval, int MaxBufferedBytes);
