using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Tiers;

/// <summary>What this gateway may admit of one client's limit, leased from what all gateways have in common.</summary>
/// <remarks>
/// Of a window with periods a lease is of the one that is under way, and of a sliding window of its newest piece. A bucket and concurrency have no periods: there
/// a lease goes on, and what was used is all that was ever used of the bucket, or what is under way.
/// </remarks>
public sealed class TierLease
{
    /// <summary>The end of what has none, in milliseconds of Unix time.</summary>
    internal const long NoEnd = 253_402_300_799_999;

    /// <summary>How long a client waits before it is asked for again that had nothing left: others may have given something back.</summary>
    private const long AskAgainAfter = 1000;

    private readonly Lock _lock; // that of the client's part of the table; guards all that is not read-only, but Next
    private readonly WindowShare _share;
    private readonly ClientCounters _client;
    private readonly long _number;
    private Window? _window; // as it was judged by last
    private long _start, _end, _used, _granted, _needed, _chunk, _askedAt = long.MinValue / 2;
    private long _most; // the most that was under way at once since it was looked at
    private long _others; // what other gateways have, at the last answer
    private bool _isKnown; // whether there was an answer of which anything still holds
    private long _knownAt, _knownEnd; // when that was, and what ended then
    private Int128 _refilled; // what has come back to a bucket since then, in units times milliseconds
    private long _refilledAt;
    private (long Asked, QuotaSpan Common)? _moved; // the period that was asked about, and the one that it is elsewhere
    private bool _isAsked; // is wanted, or an answer is under way
    private bool _hasLeft, _gaveAllBack;

    internal TierLease(WindowShare share, CounterShape shape, ClientCounters client)
    {
        (_share, Shape, _client, _lock) = (share, shape, client, share.Clients.LockOf(client.Hash));
        _number = share.Leases.NextNumber();
        share.Leases.GoBy(share.Clients.Clock.Provider);
    }

    internal CounterShape Shape { get; }

    internal TierLeases Leases => _share.Leases;

    /// <summary>The next one of those that are wanted.</summary>
    internal TierLease? Next { get; set; }

    private long? Limit => _window?.Limit;

    /// <summary>Reads what is to be asked for a lease that <see cref="TierLeases.TakeWanted"/> has given.</summary>
    /// <param name="givesBack">Whether nothing more is wanted.</param>
    /// <returns>The state.</returns>
    public TierLeaseState Read(bool givesBack = false)
    {
        lock (_lock)
        {
            return ReadLocked(_hasLeft || givesBack, _used);
        }
    }

    /// <summary>Gives back what was leased and not used, where nobody asks for more just now: of a limit of concurrency what was not needed since the last time.</summary>
    /// <param name="used">What was used when it was last looked at; becomes what is used now.</param>
    /// <param name="state">What is to be told.</param>
    /// <param name="isLast">Whether it goes back also where some was used since.</param>
    /// <returns>Whether there is something to give back.</returns>
    public bool TryGiveBack(ref long used, [NotNullWhen(true)] out TierLeaseState? state, bool isLast = false)
    {
        lock (_lock)
        {
            var isConcurrency = Shape.Kind == TierLimitKind.Concurrency;
            var kept = isConcurrency && !isLast ? _most : _used;
            var isIdle = !_isAsked && !_hasLeft && (isConcurrency || isLast || _used == used) && _granted > kept;
            (used, _most) = (_used, _used);
            state = isIdle ? ReadLocked(givesBack: true, kept) : null;
            _isAsked |= isIdle;
            return isIdle;
        }
    }

    /// <summary>Brings the answer.</summary>
    /// <param name="asked">What was asked.</param>
    /// <param name="granted">How many units this gateway may admit altogether, those included that it has admitted.</param>
    /// <param name="taken">How many all gateways have leased: this one with <paramref name="granted"/> and <see cref="TierLeaseState.Earlier"/>.</param>
    /// <param name="startsAt">When the period has begun that is under way elsewhere; null for the one that was asked about.</param>
    /// <param name="endsAt">When that ends, and so this one too.</param>
    /// <returns>Whether this was the last that is heard of the lease: its client was forgotten, and all was given back.</returns>
    public bool Answer(TierLeaseState asked, long granted, long taken, DateTimeOffset? startsAt = null, DateTimeOffset? endsAt = null)
    {
        ArgumentNullException.ThrowIfNull(asked);
        lock (_lock)
        {
            if (_hasLeft)
            {
                if (_gaveAllBack)
                {
                    _share.Leases.Left();
                    return true;
                }

                _share.Leases.Want(this); // its client was forgotten while this was under way
                return false;
            }

            _isAsked = false;
            if (asked.EndsAt.ToUnixTimeMilliseconds() == _end)
            {
                (_granted, _others, _needed) = (granted, taken - granted - asked.Earlier.Sum(), 0);
                _chunk = Math.Max(0, granted - asked.Used);
                (_isKnown, _knownAt, _knownEnd) = (true, _share.Clients.Clock.Steady, _end);
                (_refilled, _refilledAt) = (0, _knownAt);
                if (endsAt is { } end && end != asked.EndsAt)
                {
                    var common = new QuotaSpan((startsAt ?? asked.StartsAt).ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds());
                    (_moved, _end) = ((_end, common), common.End);
                }
            }

            return false;
        }
    }

    /// <summary>Leaves it as it is, what it is of being over. A client that is still there has it asked for again.</summary>
    public void Skip()
    {
        lock (_lock)
        {
            if (_hasLeft)
            {
                _share.Leases.Left();
            }
            else
            {
                _isAsked = false;
            }
        }
    }

    /// <summary>Goes on to the period that is under way; the caller holds the lock, as for all that is internal here.</summary>
    internal void TurnTo(in WindowCount count, Window window)
    {
        _window = window;
        if (_moved is { } moved)
        {
            _moved = null;
            if (count.PeriodEnd == moved.Asked && count.Now < moved.Common.End)
            {
                count.MoveTo(moved.Common);
            }
        }

        var end = count.PeriodEnd;
        _start = count.PeriodStart;
        if (end == _end)
        {
            return;
        }

        // Who has the common count forgets the period before by itself. Of a sliding window what others have counts on, or less.
        (_end, _used, _granted, _needed, _chunk, _askedAt) = (end, 0, 0, 0, 0, long.MinValue / 2);
        _isKnown &= Shape.Kind == TierLimitKind.Sliding && end > _knownEnd && end - _knownEnd <= Shape.Segments * Shape.Piece;
        _others = _isKnown ? _others : 0;
        _knownAt = _isKnown ? _knownAt : _share.Clients.Clock.Steady;
        (_refilled, _refilledAt) = (0, _knownAt);
    }

    /// <summary>Milliseconds until so many units more could be admitted: 0 for now.</summary>
    internal long WaitFor(in WindowCount count, long units, long now)
    {
        if (Limit is not { } limit)
        {
            return 0;
        }

        var (used, left, earlier) = (Shape.Kind == TierLimitKind.Bucket ? _used : count.UsedOfPeriod, LeftAt(now), EarlierIn(in count));
        if (used + units <= _granted + _share.Leases.CreditOf(limit, left, earlier))
        {
            return 0;
        }

        _needed = Math.Max(_needed, units);
        AskIfDue(left - earlier, now);
        var wait = Shape.Kind switch
        {
            TierLimitKind.Bucket => (long)Math.Min(NoEnd, Math.Ceiling((double)units * Shape.Period / _window!.Refill)), // judged by it just now
            TierLimitKind.Concurrency => AskAgainAfter,
            _ => _end - count.Now,
        };
        return Math.Max(1, left > earlier ? Math.Min(AskAgainAfter, wait) : wait);
    }

    /// <summary>Notes what was admitted by now, and asks for more where little is left.</summary>
    /// <param name="count">The counter, as it is now.</param>
    /// <param name="before">What counted before the change.</param>
    /// <param name="now">What time it is, by the steady clock.</param>
    internal void Note(in WindowCount count, long before, long now)
    {
        _used = Shape.Kind == TierLimitKind.Bucket ? _used + count.Used - before : count.UsedOfPeriod;
        _most = Math.Max(_most, _used);
        if (_granted - _used <= _chunk / 2)
        {
            AskIfDue(LeftAt(now) - EarlierIn(in count), now);
        }
    }

    /// <summary>What a client may still have: no more than others have left.</summary>
    internal long FreeOf(in WindowCount count, long now) => Limit is { } limit
        ? Math.Min(count.Free, Math.Clamp(limit - _others - _used - EarlierIn(in count) + RefilledBy(now), 0, limit))
        : long.MaxValue;

    /// <summary>What all gateways have used, as far as is known here.</summary>
    internal long UsedOf(in WindowCount count, long now) => Shape.Kind != TierLimitKind.Bucket ? count.Used + Math.Max(0, _others)
        : Limit is { } limit ? Math.Max(count.Used, limit - FreeOf(in count, now)) : count.Used;

    /// <summary>Is forgotten with its client: what was leased and not used goes to others.</summary>
    internal void Leave()
    {
        Debug.Assert(!_hasLeft, "a client leaves once");
        if (_share.Leases.TryLeave())
        {
            _hasLeft = true;
            if (!_isAsked)
            {
                _isAsked = true;
                _share.Leases.Want(this);
            }
        }
    }

    private static long EarlierIn(in WindowCount count) => count.Used - count.UsedOfPeriod;

    /// <summary>What is left of the limit besides the lease, where it is known; all of it where it is not. What was used in earlier pieces of a sliding window is not
    /// taken off.</summary>
    private long LeftAt(long now)
    {
        if (Limit is not { } limit)
        {
            return long.MaxValue;
        }

        // An answer may be old and hold: nobody had to be asked. Only from when on nobody answers others may be gone.
        var isOutlived = Shape.Kind == TierLimitKind.Concurrency && Leases.IsAwayForLong && now - _knownAt > Leases.ExpireAfter.TotalMilliseconds;
        return Math.Max(0, limit - (isOutlived ? 0 : _others) - _granted + RefilledBy(now));
    }

    /// <summary>What has come back to a bucket since it was heard of: no more than there was room for, so that what is saved up by now is a bucket at most, and of one
    /// of which only a part may be used no more than that part.</summary>
    private long RefilledBy(long now)
    {
        if (Shape.Kind != TierLimitKind.Bucket || _window is not { } window)
        {
            return 0;
        }

        var part = Leases is { IsAway: true, CreditWhileAway: > 0 } ? Leases.CreditWhileAway : 1;
        var gone = Math.Max(0, _others + _granted + (long)Math.Min(TierUnits.Most, Math.Max(0, _used - _granted) / part)); // then and since
        _refilled = Int128.Min(_refilled + ((Int128)Math.Max(0, now - _refilledAt) * window.Refill), (Int128)gone * window.Shape.Period);
        _refilledAt = Math.Max(now, _refilledAt);
        return (long)(_refilled / window.Shape.Period);
    }

    private void AskIfDue(long left, long now)
    {
        if (!_isAsked && (left > 0 || _used > _granted || now - _askedAt >= AskAgainAfter))
        {
            (_isAsked, _askedAt) = (true, now);
            _share.Leases.Want(this);
        }
    }

    private TierLeaseState ReadLocked(bool givesBack, long kept)
    {
        if (givesBack)
        {
            _granted = Math.Min(_granted, kept);
        }

        _gaveAllBack = _hasLeft;
        return new(_share.Group, _client.Key.ToArray(), Shape.Name, DateTimeOffset.FromUnixTimeMilliseconds(_end), _number)
        {
            Kind = Shape.Kind,
            Period = Shape.Period,
            Segments = Shape.Segments,
            Refill = _window?.Refill ?? 0,
            StartsAt = DateTimeOffset.FromUnixTimeMilliseconds(_start),
            Earlier = Shape.Kind == TierLimitKind.Sliding ? WindowCount.PiecesBefore(Shape, _client.WordsOf(Shape), _end) : [],
            Limit = Limit,
            Used = _used,
            Held = _granted,
            Needed = _needed,
            GivesBack = givesBack,
        };
    }
}
