using Microsoft.Extensions.Logging;
using ProxyKit.Logging;
using ProxyKit.Tiers;

namespace ProxyKit.Metering.Quotas;

/// <summary>Brings what changes of one group's quotas to where it is kept, in the background.</summary>
internal sealed class QuotaKeeper : IAsyncDisposable
{
    /// <summary>How often; a write that takes no longer leaves no more than a second to be lost.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private const int LastTries = 3;

    private readonly SemaphoreSlim _writing = new(1, 1); // one write at a time; guards _changed, _isFailing and _isOver
    private readonly List<QuotaCount> _changed = [];
    private readonly IQuotaStore _store;
    private readonly UnfailingLogger _log; // who stops or reloads has other things to close, and other stores to fill
    private readonly TimeProvider _time;
    private IReadOnlyList<QuotaCount> _kept;
    private ClientTable? _clients;
    private ITimer? _timer;
    private volatile bool _writesAll;
    private bool _isFailing, _isOver;

    private QuotaKeeper(string tiers, object key, IQuotaStore store, IReadOnlyList<QuotaCount> kept, ILogger log, TimeProvider time) =>
        (Tiers, Key, _store, _kept, _log, _time) = (tiers, key, store, kept, new UnfailingLogger(log), time);

    /// <summary>The group.</summary>
    public string Tiers { get; }

    /// <summary>What configurations name the store by.</summary>
    public object Key { get; }

    /// <summary>Reads what is kept.</summary>
    /// <exception cref="IOException">It cannot be read; the message says where the configuration names it.</exception>
    public static async Task<QuotaKeeper> OpenAsync(TiersOptions options, object key, ILogger log, TimeProvider time, CancellationToken cancellationToken)
    {
        QuotaFile? file = null;
        try
        {
            var store = options.QuotaStore ?? (file = new QuotaFile((string)key, options.Name, log, time)); // one of the two was named
            return new QuotaKeeper(options.Name, key, store, await store.ReadAsync(options.Name, cancellationToken).ConfigureAwait(false), log, time);
        }
        catch (Exception e) when (e is not OperationCanceledException) // a store of the user's may throw what it likes
        {
            file?.Dispose();
            var property = file is null && options.QuotaStore is not null ? nameof(options.QuotaStore) : nameof(options.QuotaFolder);
            throw new IOException($"tiers \"{options.Name}\" > {property}: {e.Message}", e);
        }
    }

    /// <summary>Counts what was kept, and keeps what changes from now on.</summary>
    /// <param name="clients">The group's clients.</param>
    /// <param name="layout">What they count by.</param>
    public void Begin(ClientTable clients, CounterLayout layout)
    {
        if (_clients is not null)
        {
            return; // over a reload
        }

        _clients = clients;
        clients.KeepsQuotas = true;
        _writesAll = clients.Count > 0; // what was counted before anybody kept it
        foreach (var count in _kept)
        {
            clients.Restore(in count, layout);
        }

        _kept = [];
        if (_store is QuotaFile file)
        {
            file.All = clients.AllQuotas;
        }

        _timer = _time.CreateTimer(static keeper => ((QuotaKeeper)keeper!).OnTimer(), this, Interval, Interval);
    }

    /// <summary>Writes everything the next time, since another one that kept the same has taken what it was to write.</summary>
    public void WriteAll()
    {
        if (_clients is { } clients)
        {
            clients.KeepsQuotas = true;
            _writesAll = true;
        }
    }

    /// <summary>Writes what is left. The group's clients may be gone by then.</summary>
    public async ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            _isOver = true;
            if (_store is QuotaFile file)
            {
                file.All = null;
            }

            for (var tries = LastTries; tries > 0 && !await TryWriteAsync().ConfigureAwait(false); tries--)
            {
                // at once: whoever stops is not kept waiting for a disk that is full
            }
        }
        finally
        {
            try
            {
                _clients?.KeepsQuotas = false;
                (_store as QuotaFile)?.Dispose(); // one of the user's is the user's
            }
            finally
            {
                _writing.Release();
            }
        }
    }

    private void OnTimer()
    {
        if (_writing.Wait(0))
        {
            _ = Task.Run(WriteAndReleaseAsync); // the timers' thread has others to serve
        }
    }

    private async Task WriteAndReleaseAsync()
    {
        try
        {
            if (!_isOver)
            {
                await TryWriteAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Writes what has changed; what could not be written stays, to be tried again with what has changed by then.</summary>
    private async Task<bool> TryWriteAsync()
    {
        if (_writesAll)
        {
            _writesAll = false;
            if (_clients is { Count: > 0 })
            {
                _changed.Clear();
            }

            _clients?.MarkAllQuotas(_isFailing); // behind a failure, rather than a list that grows for as long as the disk is full
        }

        _clients?.TakeChangedQuotas(_changed);
        if (_changed.Count == 0)
        {
            return true;
        }

        try
        {
            await _store.WriteAsync(Tiers, _changed, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) // a store of the user's may throw what it likes
        {
            var isNew = !_isFailing;
            (_isFailing, _writesAll) = (true, true);
            if (isNew)
            {
                _log.QuotasNotKept(e, Tiers);
            }

            return false;
        }

        _changed.Clear();
        if (_isFailing)
        {
            _isFailing = false;
            _log.QuotasKeptAgain(Tiers);
        }

        return true;
    }
}
