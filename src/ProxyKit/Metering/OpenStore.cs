using ProxyKit.Metering.Journals;

namespace ProxyKit.Metering;

/// <summary>A store in use.</summary>
/// <param name="Key">What configurations name it by.</param>
/// <param name="Store">The store.</param>
/// <param name="Recorder">Brings events to it.</param>
/// <param name="Journal">The journal, where it is one of ours.</param>
internal sealed record OpenStore(object Key, IUsageStore Store, UsageRecorder Recorder, UsageJournal? Journal)
{
    /// <summary>Goes on as another configuration wants it.</summary>
    public void Use(MeteringOptions options)
    {
        if (Journal is not null)
        {
            Journal.Use(options.Journal);
        }
        else
        {
            Recorder.Use(options.Journal.Bounds);
        }
    }

    public ValueTask CloseAsync() => Journal?.DisposeAsync() ?? Recorder.DisposeAsync();
}
