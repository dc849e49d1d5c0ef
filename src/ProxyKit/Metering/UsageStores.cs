using Microsoft.Extensions.Logging;
using ProxyKit.Logging;
using ProxyKit.Metering.Journals;

namespace ProxyKit.Metering;

/// <summary>The stores that a proxy's configurations have named. Each is opened once and stays open until the proxy stops: exchanges of an
/// earlier configuration may still write to it, and a later one may come back to it. One caller at a time.</summary>
internal sealed class UsageStores(ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable
{
    private readonly List<OpenStore> _open = [];
    private UsageJournal[] _journals = []; // replaced whole: anybody may look

    /// <summary>The journals that were put to use, in that order; told also when they are closed.</summary>
    public IReadOnlyList<UsageJournal> Journals => Volatile.Read(ref _journals);

    /// <summary>Opens what a configuration names, or finds it open.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="isNew">Whether it was opened.</param>
    /// <exception cref="IOException">It cannot be opened; the message says where the configuration names it.</exception>
    public OpenStore? Find(MeteringOptions? options, out bool isNew)
    {
        isNew = false;
        if (options is null)
        {
            return null;
        }

        object key = options.Store is { } own ? own : Path.GetFullPath(options.JournalPath!); // validated
        if (_open.Find(s => s.Key.Equals(key)) is { } known)
        {
            return known;
        }

        isNew = true;
        var store = options.Store is { } users ? Open(users, options) : Open((string)key, options);
        _open.Add(store);
        return store;
    }

    /// <summary>Puts a store to use.</summary>
    /// <param name="store">The store; null where the configuration names none.</param>
    /// <param name="options">What the configuration says of it.</param>
    public void Use(OpenStore? store, MeteringOptions? options)
    {
        store?.Use(options!); // there is one, so it was named
        if (store?.Journal is { } journal && !_journals.Contains(journal))
        {
            Volatile.Write(ref _journals, [.. _journals, journal]);
        }
    }

    /// <summary>Closes a store that was opened for a configuration that is not put to use.</summary>
    public async ValueTask CloseAsync(OpenStore store)
    {
        _open.Remove(store);
        await store.CloseAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _open)
        {
            await store.CloseAsync().ConfigureAwait(false);
        }

        _open.Clear();
    }

    private OpenStore Open(IUsageStore store, MeteringOptions options) => new(
        store,
        store,
        new UsageRecorder(
            new StoreSink(store), options.Journal.Bounds, new UnfailingLogger(loggers.CreateLogger(MeteringLog.Category)), time, store.ToString() ?? ""),
        null);

    private OpenStore Open(string path, MeteringOptions options)
    {
        try
        {
            var journal = UsageJournal.Open(path, options.Journal, loggers, time);
            return new OpenStore(path, journal, journal.Recorder, journal);
        }
        catch (IOException e)
        {
            throw new IOException($"metering > {nameof(options.JournalPath)}: {e.Message}", e);
        }
    }
}
