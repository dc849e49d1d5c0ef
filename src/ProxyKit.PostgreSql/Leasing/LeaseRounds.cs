using Microsoft.Extensions.Logging;
using ProxyKit.Tiers;

namespace ProxyKit.PostgreSql.Leasing;

/// <summary>Renews leases that run low, gives back those that nobody uses, and says when the database is away.</summary>
/// <remarks>Everything here is done by one task. A lease that was taken from <see cref="TierLeases"/> stays in <c>_open</c> until it was answered, however often
/// that is tried: what is told is of the whole period, so an answer that was lost changes nothing.</remarks>
internal sealed class LeaseRounds(TierLeases leases, LeaseTable table, PostgreSqlOptions options, string database, ILogger log, TimeProvider time)
{
    private const int MostAtOnce = 1_000; // leases in one transaction, whose rows are locked meanwhile
    private const int CleanedAtOnce = 1_000;

    private static readonly TimeSpan CleaningInterval = TimeSpan.FromHours(1);

    private readonly List<TierLease> _taken = [];
    private readonly List<(TierLease Lease, TierLeaseState? Idle)> _open = []; // with what is told of those that are given back
    private readonly List<TierLeaseState> _left = []; // answered for the last time
    private readonly Dictionary<TierLease, HeldLease> _held = [];
    private DateTimeOffset? _cleanAt;
    private long? _gaveBackAt; // a timestamp, and so is the next: a clock that is put back has nobody take this gateway for one that was killed
    private long _shownAt;
    private DateTimeOffset _shownOn; // the time of day too: timestamps stand still while the machine does
    private bool _hasRemains; // what could not be removed when that was tried last, and was told
    private int _isFailing; // 1 where that was told; also set by a timer

    /// <summary>Goes on until it is told to end.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var pause = options.LeaseInterval;
            try
            {
                await RoundAsync(givesAllBack: false, stopping).ConfigureAwait(false);
                await CleanAsync(stopping).ConfigureAwait(false);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                NoteAway(e); // the database, the network: whatever it is, clients are served on credit meanwhile
                pause = options.RetryDelay;
            }
            catch (Exception)
            {
                return; // broken off by the stop, in whatever way
            }

            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks for what is wanted, and gives back what is not.</summary>
    /// <param name="givesAllBack">Whether no lease is wanted any more.</param>
    /// <param name="cancellationToken">Gives up; what was not answered is asked for again.</param>
    public async Task RoundAsync(bool givesAllBack, CancellationToken cancellationToken)
    {
        leases.TakeWanted(_taken);
        _open.AddRange(_taken.Select(static l => (l, (TierLeaseState?)null)));
        _taken.Clear();
        var now = time.GetUtcNow();
        GiveBack(now, givesAllBack);
        var unseenFor = TimeSpan.FromTicks(Math.Max(time.GetElapsedTime(_shownAt).Ticks, (now - _shownOn).Ticks));
        if (_open.Count == 0 && (leases.IsAway || (_held.Count > 0 && unseenFor >= options.ExpireAfter / 3)))
        {
            await AskAsync([], now, cancellationToken).ConfigureAwait(false); // is there, and so is this gateway
        }

        // Part by part: while the database is away a million of them are not read again and again.
        while (_open.Count > 0)
        {
            var asked = ReadPart(now, givesAllBack);
            if (asked.Length > 0)
            {
                await AskAsync(asked, now, cancellationToken).ConfigureAwait(false);
                _open.RemoveRange(_open.Count - asked.Length, asked.Length);
            }
        }

        await RemoveLeftAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes what need not be kept of this process, behind its last round.</summary>
    /// <param name="cancellationToken">Gives up; it is forgotten later then.</param>
    public Task EndAsync(CancellationToken cancellationToken) => table.RemoveAllAsync(cancellationToken);

    /// <summary>Reads the last ones; those whose period is over are dropped.</summary>
    private (TierLease Lease, TierLeaseState State, long Units)[] ReadPart(DateTimeOffset now, bool givesAllBack)
    {
        var asked = new List<(TierLease Lease, TierLeaseState State, long Units)>();
        for (var i = _open.Count - 1; i >= 0 && asked.Count < MostAtOnce; i--)
        {
            var (lease, idle) = _open[i];
            var state = idle ?? lease.Read(givesAllBack);
            if (state.CountsUntil <= now)
            {
                lease.Skip();
                _held.Remove(lease);
                _open.RemoveAt(i);
            }
            else
            {
                asked.Add((lease, state, givesAllBack || idle is not null ? 0 : UnitsFor(lease, state, now)));
            }
        }

        // One order for all gateways: who wants the same rows waits for the other, and never both for each other.
        asked.Sort(static (a, b) => Compare(a.State, b.State));
        return [.. asked];
    }

    private static int Compare(TierLeaseState a, TierLeaseState b)
    {
        var order = string.CompareOrdinal(a.Tiers, b.Tiers);
        order = order != 0 ? order : a.Client.Span.SequenceCompareTo(b.Client.Span);
        order = order != 0 ? order : string.CompareOrdinal(a.Window, b.Window);
        return order != 0 ? order : string.CompareOrdinal(LeaseTable.ShapeOf(a), LeaseTable.ShapeOf(b));
    }

    private async Task AskAsync((TierLease Lease, TierLeaseState State, long Units)[] asked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var slow = time.CreateTimer(static me => ((LeaseRounds)me!).NoteAway(null), this, options.AwayAfter, Timeout.InfiniteTimeSpan);
        await using (slow.ConfigureAwait(false))
        {
            var answers = await table.AskAsync([.. asked.Select(static a => (a.State, a.Units))], now, cancellationToken).ConfigureAwait(false);
            foreach (var ((lease, state, _), answer) in asked.Zip(answers))
            {
                var isLast = lease.Answer(state, answer.Granted, answer.Taken, answer.StartsAt, answer.EndsAt);
                if (isLast && state.Kind is (TierLimitKind.Bucket or TierLimitKind.Concurrency))
                {
                    _left.Add(state);
                }

                // Nothing to give back; of what is under way there may be soon.
                if (isLast || answer.Granted == 0 || (answer.Granted <= state.Used && state.Kind != TierLimitKind.Concurrency))
                {
                    _held.Remove(lease);
                }
            }
        }

        NoteBack(); // with the timer gone, which would say otherwise
        (_shownAt, _shownOn) = (began, now);
    }

    private long UnitsFor(TierLease lease, TierLeaseState state, DateTimeOffset now)
    {
        if (!_held.TryGetValue(lease, out var held))
        {
            _held[lease] = held = new HeldLease(lease);
        }

        return held.UnitsFor(state, options.LargestLease, now);
    }

    /// <summary>Adds the leases that nobody used for a while.</summary>
    private void GiveBack(DateTimeOffset now, bool all)
    {
        if (!all && time.GetElapsedTime(_gaveBackAt ??= time.GetTimestamp()) < options.GiveBackAfter)
        {
            return;
        }

        _gaveBackAt = time.GetTimestamp();
        var over = new List<TierLease>();
        foreach (var held in _held.Values)
        {
            var used = held.Used;
            if (held.CountsUntil <= now)
            {
                over.Add(held.Lease);
            }
            else if (held.Lease.TryGiveBack(ref used, out var state, isLast: all))
            {
                _open.Add((held.Lease, state));
            }

            held.Used = used;
        }

        over.ForEach(l => _held.Remove(l));
    }

    /// <summary>Removes the leases that were answered for the last time. Those that cannot be removed cost some room until their age is over, and nothing else.</summary>
    private async Task RemoveLeftAsync(CancellationToken cancellationToken)
    {
        try
        {
            await table.RemoveAsync(_left, cancellationToken).ConfigureAwait(false);
            _hasRemains = _hasRemains && _left.Count == 0;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_hasRemains)
            {
                _hasRemains = true;
                log.CleaningFailed(e, database);
            }
        }

        _left.Clear();
    }

    private async Task CleanAsync(CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        if (now < (_cleanAt ??= now + CleaningInterval) && now >= _cleanAt - CleaningInterval) // else the clock was put back
        {
            return;
        }

        _cleanAt = now + CleaningInterval; // also where it fails
        try
        {
            // One batch a round: leases are renewed here too.
            if (await table.ForgetAsync(now, CleanedAtOnce, stopping).ConfigureAwait(false) == CleanedAtOnce)
            {
                _cleanAt = now;
            }
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            log.CleaningFailed(e, database); // leases are answered all the same, so clients are not served on credit for it
        }
    }

    private void NoteAway(Exception? exception)
    {
        leases.IsAway = true;
        if (Interlocked.Exchange(ref _isFailing, 1) == 0)
        {
            log.LeasingFailed(exception, database);
        }
    }

    private void NoteBack()
    {
        leases.IsAway = false;
        if (Interlocked.Exchange(ref _isFailing, 0) == 1)
        {
            log.LeasingRecovered(database);
        }
    }
}
