using Microsoft.Extensions.Logging;
using ProxyKit.Tiers;

namespace ProxyKit.Metering.Quotas;

/// <summary>What keeps the quotas of a proxy's groups of tiers. Each is opened once, and goes on over reloads that name it again. One caller at a time.</summary>
internal sealed class QuotaKeepers(ILoggerFactory loggers, TimeProvider time) : IAsyncDisposable
{
    private readonly ILogger _log = loggers.CreateLogger(MeteringLog.Category);
    private readonly List<QuotaKeeper> _open = [];

    /// <summary>Opens what a configuration names and is not open.</summary>
    /// <returns>What was opened.</returns>
    /// <exception cref="IOException">It cannot be read; nothing was opened.</exception>
    public async Task<IReadOnlyList<QuotaKeeper>> OpenAsync(IEnumerable<TiersOptions> tiers, CancellationToken cancellationToken)
    {
        var opened = new List<QuotaKeeper>();
        try
        {
            foreach (var options in tiers)
            {
                if (KeyOf(options) is { } key && Find(options) is null)
                {
                    opened.Add(await QuotaKeeper.OpenAsync(options, key, _log, time, cancellationToken).ConfigureAwait(false));
                }
            }
        }
        catch
        {
            await CloseAsync(opened).ConfigureAwait(false);
            throw;
        }

        _open.AddRange(opened);
        return opened;
    }

    /// <summary>Has a group's quotas counted and kept, where its configuration says so.</summary>
    public void Begin(TierGroup group, TiersOptions options, TierPlans plans) => Find(options)?.Begin(group.Clients, plans.Layout);

    /// <summary>Closes what was opened for a configuration that is not put to use.</summary>
    public async Task CloseAsync(IReadOnlyList<QuotaKeeper> keepers)
    {
        foreach (var keeper in keepers)
        {
            _open.Remove(keeper);
            await keeper.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Closes what a configuration does not name any more.</summary>
    public async Task CloseAllButAsync(IEnumerable<TiersOptions> tiers)
    {
        var named = tiers.Select(Find).ToHashSet();
        QuotaKeeper[] leaving = [.. _open.Where(k => !named.Contains(k))];
        await CloseAsync(leaving).ConfigureAwait(false);
        foreach (var staying in _open.Where(k => leaving.Any(l => l.Tiers == k.Tiers)))
        {
            staying.WriteAll();
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync([.. _open]).ConfigureAwait(false);

    private static object? KeyOf(TiersOptions options) => options.QuotaStore ?? (object?)(options.QuotaFolder is { } folder ? Path.GetFullPath(folder) : null);

    private QuotaKeeper? Find(TiersOptions options) => KeyOf(options) is { } key ? _open.Find(k => k.Tiers == options.Name && k.Key.Equals(key)) : null;
}
