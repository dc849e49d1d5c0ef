namespace ProxyKit.Metering;

/// <summary>Where a recorder's batches go. Its own thread calls, one call at a time.</summary>
internal interface IUsageSink : IDisposable
{
    /// <summary>Keeps batches; returns when they are safe. Called again with the same ones after it has thrown.</summary>
    void Write(ReadOnlySpan<UsageBatch> batches);
}
