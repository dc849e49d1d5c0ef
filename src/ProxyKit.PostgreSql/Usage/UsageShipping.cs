using Microsoft.Extensions.Logging;
using ProxyKit.Metering.Journals;

namespace ProxyKit.PostgreSql.Usage;

/// <summary>Brings what a proxy writes into its journal to the database, in the order in which it was written. The database knows up to where that has
/// come, and says so in the transaction that brings more; so nothing is brought twice, and what was not brought is still in the journal.</summary>
/// <param name="journals">Those that the proxy has had; a reload may bring more.</param>
/// <param name="store">Where it is brought.</param>
/// <param name="options">How often, and how much at once.</param>
/// <param name="log">The log.</param>
/// <param name="time">The clock.</param>
internal sealed class UsageShipping(
    Func<IEnumerable<UsageJournal>> journals, PostgreSqlUsageStore store, PostgreSqlOptions options, ILogger log, TimeProvider time)
{
    private const string CursorName = "postgresql";
    private static readonly TimeSpan CleaningInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan CleaningPause = TimeSpan.FromSeconds(1); // at most, while there is more to remove: more comes meanwhile
    private const int CleanedAtOnce = 10_000;

    private readonly Dictionary<UsageJournal, Shipment> _shipments = [];
    private bool _isFailing;
    private DateTimeOffset? _cleanAt;

    /// <summary>Goes on until it is told to end.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var pause = options.ShipInterval;
            try
            {
                await ShipAsync(stopping).ConfigureAwait(false);
                if (_isFailing)
                {
                    _isFailing = false;
                    log.ShippingRecovered(store.ToString());
                }
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // The database, the network, the disk: whatever it is, the events are in the journal.
                pause = options.RetryDelay;
                if (!_isFailing)
                {
                    _isFailing = true;
                    log.ShippingFailed(e, store.ToString());
                }
            }
            catch (Exception)
            {
                return; // broken off by the stop, in whatever way
            }

            await CleanAsync(stopping).ConfigureAwait(false);
            if (!_isFailing && _cleanAt <= time.GetUtcNow() && pause > CleaningPause)
            {
                pause = CleaningPause;
            }

            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Brings all that is there.</summary>
    public async Task ShipAsync(CancellationToken cancellationToken)
    {
        OpenCursors();
        foreach (var shipment in _shipments.Values.ToArray()) // more may come meanwhile, for the next time
        {
            try
            {
                while (await ShipPartAsync(shipment, cancellationToken).ConfigureAwait(false))
                {
                    OpenCursors(); // there is more, and that may take hours
                }

                if (shipment.IsAside)
                {
                    shipment.IsAside = false;
                    log.JournalIsBack(shipment.Journal.Path, store.ToString());
                }
            }
            catch (Exception e) when (IsOfFiles(e))
            {
                SetAside(shipment, e); // the others are not to wait for somebody who puts that right
            }
        }
    }

    /// <summary>Has every journal keep its events until they were brought, before the database is asked for any: it may be away for longer than they are kept.</summary>
    private void OpenCursors()
    {
        foreach (var journal in journals())
        {
            if (_shipments.ContainsKey(journal))
            {
                continue;
            }

            var shipment = new Shipment(journal);
            _shipments.Add(journal, shipment);
            try
            {
                _ = shipment.Cursor;
            }
            catch (Exception e) when (IsOfFiles(e))
            {
                SetAside(shipment, e);
            }
        }
    }

    /// <summary>Whether it is a journal's files that fail, and not the database.</summary>
    private static bool IsOfFiles(Exception exception) => exception is IOException or UnauthorizedAccessException or InvalidDataException;

    private void SetAside(Shipment shipment, Exception exception)
    {
        if (!shipment.IsAside)
        {
            shipment.IsAside = true;
            log.JournalSetAside(exception, shipment.Journal.Path, store.ToString());
        }
    }

    /// <returns>Whether there may be more.</returns>
    private async Task<bool> ShipPartAsync(Shipment shipment, CancellationToken cancellationToken)
    {
        var (cursor, parts) = (shipment.Cursor, shipment.Cursor.Parts);
        var places = shipment.Places ??= await store.PlacesOfAsync([.. parts.Select(static p => p.Id)], cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < parts.Count; i++)
        {
            var (part, isLast) = (parts[i], i == parts.Count - 1);
            var isFirst = !places.TryGetValue(part.Id, out var from);
            from = isFirst ? part.Start : from;
            if (from > part.End && isLast)
            {
                cursor.BeginPart(); // what was written twice to one place of a part cannot be told apart
                log.ProcessWentBack(shipment.Journal.Path, store.ToString());
                return true;
            }

            if (from > part.End && !shipment.WentBack && !places.ContainsKey(parts[i + 1].Id))
            {
                shipment.WentBack = true; // once, until something was brought of what was written since
                log.JournalWentBack(shipment.Journal.Path, store.ToString());
            }

            if (from >= part.End)
            {
                continue;
            }

            var events = cursor.Read(part, from, options.ShipBatch);
            if (events.Next == from)
            {
                places[part.Id] = part.End; // nothing but the end of a segment is there
                continue;
            }

            shipment.Places = null; // until the database has said that it is: else it is asked
            if (await store.WriteAsync(part.Id, from, isFirst, events, cancellationToken).ConfigureAwait(false))
            {
                Tell(shipment, events);
                places[part.Id] = events.Next;
                shipment.Places = places;
                cursor.MoveTo(events.Next);
            }

            return true;
        }

        cursor.MoveTo(parts[^1].End);
        return false;
    }

    private void Tell(Shipment shipment, JournalEvents events)
    {
        if (events.MissingSegments > 0)
        {
            log.SegmentsMissing(events.MissingSegments, shipment.Journal.Path, store.ToString());
        }

        foreach (var place in events.Damage)
        {
            log.DamageFound(shipment.Journal.Path, place, store.ToString());
        }
    }

    private async Task CleanAsync(CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        if (_isFailing || (now < (_cleanAt ??= now + CleaningInterval) && now >= _cleanAt - CleaningInterval)) // else the clock was put back
        {
            return;
        }

        _cleanAt = now + CleaningInterval; // also where it fails
        try
        {
            // One batch of each a round: usage is brought here too.
            var ids = await store.ForgetIdsAsync(now - options.KnownIdsFor, CleanedAtOnce, stopping).ConfigureAwait(false);
            var events = options.KeepEventsFor is { } kept ? await store.ForgetEventsAsync(now - kept, CleanedAtOnce, stopping).ConfigureAwait(false) : 0;
            if (Math.Max(ids, events) == CleanedAtOnce)
            {
                _cleanAt = now; // there are more
            }
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            log.CleaningFailed(e, store.ToString());
        }
        catch (Exception)
        {
            // Broken off by the stop; the next start does it.
        }
    }

    /// <summary>A journal that is brought.</summary>
    private sealed class Shipment(UsageJournal journal)
    {
        private JournalCursor? _cursor;

        public UsageJournal Journal => journal;

        /// <summary>How far it was read; opened when it is asked for first, or again where it could not be.</summary>
        public JournalCursor Cursor => _cursor ??= journal.OpenCursor(CursorName);

        /// <summary>Whether its files could not be read when they were tried last.</summary>
        public bool IsAside { get; set; }

        /// <summary>Up to where its parts were brought; null where the database has to be asked.</summary>
        public Dictionary<Guid, JournalPosition>? Places { get; set; }

        /// <summary>Whether it was told that an older state of it was put back.</summary>
        public bool WentBack { get; set; }
    }
}
