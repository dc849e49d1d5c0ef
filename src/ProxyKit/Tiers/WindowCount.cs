using System.Diagnostics;

namespace ProxyKit.Tiers;

/// <summary>The arithmetic of one counter: a window over the numbers that a client has for it. Whole numbers throughout, so that nothing is lost or
/// gained by rounding.</summary>
/// <remarks>
/// The numbers: a fixed window has the number of its piece of time and what was counted in it; a quota the end of its period, that, and the
/// period's beginning, so that a period which is under way ends when it was to end, whatever calendar the tier or the client has got since; a bucket
/// when it was looked at last and what was taken and has not come back, in units times milliseconds; concurrency what is under way. A sliding
/// window has the number of its newest piece, the sum of all pieces, and a ring of them: those that lie within the window whole and the one that
/// has begun, so that in no span of the window's length more is admitted than the limit, and what was counted comes back a piece later at most.
/// Windows that gateways share are cut by the system's time, which all of them have; those of one gateway by a clock that is never set.
/// </remarks>
internal readonly ref struct WindowCount
{
    private readonly Window _window;
    private readonly Span<long> _words;
    private readonly long _now;

    /// <summary>Looks at a counter as it is now: what is over by now counts no more.</summary>
    public WindowCount(Window window, Span<long> words, in TierTime time)
    {
        _window = window;
        _words = words;
        _now = MomentOf(in time);
        switch (window.Shape.Kind)
        {
            case TierLimitKind.Fixed:
                var into = _now - (words[0] * Period); // which a division would tell too, but each request asks
                if (into >= Period || into < -QuotaCalendar.Tolerance)
                {
                    (words[0], words[1]) = (_now / Period, 0);
                }

                break;
            case TierLimitKind.Quota:
                if (IsOver(words, in time))
                {
                    var span = window.Calendar!.At(_now); // a quota has one
                    (words[0], words[1], words[2]) = (span.End, 0, span.Start);
                }

                break;
            case TierLimitKind.Bucket:
                var passed = Math.Max(0, _now - words[0]);
                words[1] = passed > words[1] / window.Refill ? 0 : Math.Max(0, words[1] - (passed * window.Refill));
                words[0] = _now;
                break;
            case TierLimitKind.Sliding:
                Slide();
                break;
        }
    }

    /// <summary>Whether the period of a quota is over, or none has begun: the next one begins by the calendar of whoever counts first.</summary>
    public static bool IsOver(ReadOnlySpan<long> words, in TierTime time) => time.Wall >= words[0] || time.Wall < words[2] - QuotaCalendar.Tolerance;

    private long Period => _window.Shape.Period;

    private long Piece => _window.Shape.Piece;

    private int Ring => _window.Shape.Segments + 1;

    /// <summary>What time it is, by the clock that the window goes by.</summary>
    public long Now => _now;

    /// <summary>What counts now, of a bucket rounded up.</summary>
    public long Used => _window.Shape.Kind switch
    {
        TierLimitKind.Bucket => (_words[1] + Period - 1) / Period,
        TierLimitKind.Concurrency => _words[0],
        _ => _words[1],
    };

    /// <summary>What fits beside it; <see cref="long.MaxValue"/> where there is no limit.</summary>
    public long Free => _window.Limit is { } limit ? Math.Max(0, limit - Used) : long.MaxValue;

    /// <summary>Whether so many units more fit.</summary>
    public bool Fits(long units) => _window.Limit is not { } limit
        || (_window.Shape.Kind == TierLimitKind.Bucket ? Scaled(units) + _words[1] <= (Int128)limit * Period : units <= limit - Used);

    /// <summary>Counts units, beyond the limit too where they have been used already.</summary>
    public void Add(long units)
    {
        switch (_window.Shape.Kind)
        {
            case TierLimitKind.Bucket:
                _words[1] = (long)Int128.Min(Scaled(units) + _words[1], MostDebt);
                break;
            case TierLimitKind.Concurrency:
                _words[0] += units;
                break;
            case TierLimitKind.Sliding:
                ref var piece = ref _words[2 + (int)(_words[0] % Ring)];
                _words[1] += Sum(piece, units);
                piece += Sum(piece, units);
                break;
            default:
                _words[1] += Sum(_words[1], units);
                break;
        }
    }

    /// <summary>Takes units off that were counted at an earlier time, as far as they still count.</summary>
    public void TakeBack(long units, in TierTime then)
    {
        Debug.Assert(units >= 0, "what is taken back was counted");
        switch (_window.Shape.Kind)
        {
            case TierLimitKind.Fixed when MomentOf(in then) / Period != _words[0]:
            case TierLimitKind.Quota when then.Wall < _words[2] || then.Wall >= _words[0]:
                return; // it was counted in a window that is over
            case TierLimitKind.Bucket:
                _words[1] = (long)Int128.Max(0, _words[1] - Scaled(units));
                return;
            case TierLimitKind.Concurrency:
                _words[0] = Math.Max(0, _words[0] - units);
                return;
            case TierLimitKind.Sliding:
                var index = MomentOf(in then) / Piece;
                if (index > _words[0] - Ring && index <= _words[0])
                {
                    ref var piece = ref _words[2 + (int)(index % Ring)];
                    var taken = Math.Min(units, piece);
                    piece -= taken;
                    _words[1] -= taken;
                }

                return;
            default:
                _words[1] = Math.Max(0, _words[1] - units);
                return;
        }
    }

    /// <summary>Milliseconds until so many units fit, if nobody comes in between; <see cref="long.MaxValue"/> for never.</summary>
    public long WaitFor(long units)
    {
        if (Fits(units))
        {
            return 0;
        }

        var limit = _window.Limit!.Value; // where there is none, everything fits
        if (units > limit)
        {
            return long.MaxValue;
        }

        switch (_window.Shape.Kind)
        {
            case TierLimitKind.Bucket:
                var over = Scaled(units) + _words[1] - ((Int128)limit * Period);
                return (long)((over + _window.Refill - 1) / _window.Refill);
            case TierLimitKind.Sliding:
                var left = Used;
                for (var index = _words[0] - Ring + 1; ; index++)
                {
                    left -= index < 0 ? 0 : _words[2 + (int)(index % Ring)];
                    if (left <= limit - units)
                    {
                        return ((index + Ring) * Piece) - _now;
                    }
                }

            case TierLimitKind.Concurrency:
                return 1; // nobody knows: soon
            default:
                return EndsIn;
        }
    }

    /// <summary>Milliseconds until the window is over: until a bucket is full again, and until of a sliding window the oldest count comes back.</summary>
    public long EndsIn
    {
        get
        {
            switch (_window.Shape.Kind)
            {
                case TierLimitKind.Fixed:
                    return ((_words[0] + 1) * Period) - _now;
                case TierLimitKind.Quota:
                    return Math.Max(1, _words[0] - _now);
                case TierLimitKind.Bucket:
                    return (_words[1] + _window.Refill - 1) / _window.Refill;
                case TierLimitKind.Sliding:
                    return _words[1] > 0 ? ((OldestCounted() + Ring) * Piece) - _now : 0;
                default:
                    return 0;
            }
        }
    }

    /// <summary>When the period is over that is under way, or of a sliding window its newest piece.</summary>
    public long PeriodEnd => _window.Shape.Kind switch
    {
        TierLimitKind.Quota => _words[0],
        TierLimitKind.Fixed => (_words[0] + 1) * Period,
        TierLimitKind.Sliding => (_words[0] + 1) * Piece,
        _ => TierLease.NoEnd,
    };

    /// <summary>When that began.</summary>
    public long PeriodStart => _window.Shape.Kind switch
    {
        TierLimitKind.Quota => _words[2],
        TierLimitKind.Fixed => _words[0] * Period,
        TierLimitKind.Sliding => _words[0] * Piece,
        _ => 0,
    };

    /// <summary>What was counted in the newest piece of a sliding window; of others what counts.</summary>
    public long UsedOfPeriod => _window.Shape.Kind == TierLimitKind.Sliding ? _words[2 + (int)(_words[0] % Ring)] : Used;

    /// <summary>Has the period of a quota begin and end as it does elsewhere; what was counted in it stays.</summary>
    public void MoveTo(QuotaSpan period)
    {
        Debug.Assert(_window.Shape.Kind == TierLimitKind.Quota, "others begin and end by the clock alone");
        (_words[0], _words[2]) = (period.End, period.Start);
    }

    /// <summary>What was counted in the pieces of a sliding window before one, the latest first.</summary>
    /// <param name="shape">The window.</param>
    /// <param name="words">Its numbers.</param>
    /// <param name="end">When the piece ends behind them.</param>
    public static long[] PiecesBefore(CounterShape shape, ReadOnlySpan<long> words, long end)
    {
        var (ring, pieces) = (shape.Segments + 1, new long[shape.Segments]);
        for (var back = 1; back < ring && !words.IsEmpty; back++)
        {
            var index = (end / shape.Piece) - 1 - back;
            pieces[back - 1] = index > words[0] - ring && index <= words[0] ? words[2 + (int)(index % ring)] : 0;
        }

        return pieces;
    }

    /// <summary>Milliseconds until nothing that was counted counts any more, whatever it is.</summary>
    public long RestsIn => Used == 0 ? 0
        : _window.Shape.Kind == TierLimitKind.Sliding ? ((_words[0] + Ring) * Piece) - _now
        : EndsIn;

    /// <summary>The most that a bucket may lack: what was used and found out too late is not forgotten, but not kept for years either.</summary>
    private static Int128 MostDebt => long.MaxValue / 4;

    private long MomentOf(in TierTime time) =>
        _window.Shape.Kind == TierLimitKind.Quota || (_window.Share is not null && _window.Shape.Kind != TierLimitKind.Bucket) ? time.Wall : time.Steady;

    private Int128 Scaled(long units) => (Int128)units * Period;

    private static long Sum(long present, long units) => Math.Min(units, long.MaxValue / 4 - present);

    /// <summary>The oldest piece of a sliding window in which something was counted.</summary>
    private long OldestCounted()
    {
        var ring = _words.Slice(2, Ring);
        var place = (int)(_words[0] % Ring);
        for (var index = _words[0] - Ring + 1; index < _words[0]; index++)
        {
            place = place + 1 == ring.Length ? 0 : place + 1; // behind the newest one stands the oldest
            if (ring[place] > 0)
            {
                return index;
            }
        }

        return _words[0];
    }

    private void Slide()
    {
        var into = _now - (_words[0] * Piece);
        var wentBack = into < -QuotaCalendar.Tolerance;
        if (into < Piece && !wentBack)
        {
            return;
        }

        var newest = _now / Piece;
        if (newest - _words[0] >= Ring || wentBack)
        {
            _words[1..(2 + Ring)].Clear();
        }
        else
        {
            for (var index = _words[0] + 1; index <= newest; index++)
            {
                ref var piece = ref _words[2 + (int)(index % Ring)];
                _words[1] -= piece;
                piece = 0;
            }
        }

        _words[0] = newest;
    }
}
