using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Tiers;

/// <summary>What this gateway may admit of one client's limit in the period that is under way, leased from what all gateways have in common.</summary>
public sealed class TierLease
{
    /// <summary>How long a client waits before it is asked for again that had nothing left: others may have given something back.</summary>
    private const long AskAgainAfter = 1000;

    private readonly Lock _lock; // that of the client's part of the table; guards all that is not read-only, but Next
    private readonly WindowShare _share;
    private readonly byte[] _client;
    private readonly long _number;
    private long _end, _used, _granted, _needed, _chunk, _askedAt = long.MinValue / 2;
    private long _taken = -1; // by all gateways, at the last answer; -1 for no answer in this period
    private long? _limit;
    private bool _isAsked; // is wanted, or an answer is under way
    private bool _hasLeft, _gaveAllBack;

    internal TierLease(WindowShare share, CounterShape shape, byte[] client, Lock partLock)
    {
        (_share, Shape, _client, _lock) = (share, shape, client, partLock);
        _number = share.Leases.NextNumber();
    }

    internal CounterShape Shape { get; }

    internal TierLeases Leases => _share.Leases;

    /// <summary>The next one of those that are wanted.</summary>
    internal TierLease? Next { get; set; }

    /// <summary>What other gateways have leased, as far as is known; the caller holds the lock, as for all that is internal here.</summary>
    internal long Others => Math.Max(0, _taken - _granted);

    private long Left => _limit is not { } limit ? long.MaxValue : _taken < 0 ? limit : Math.Max(0, limit - _taken);

    /// <summary>Reads what is to be asked for a lease that <see cref="TierLeases.TakeWanted"/> has given.</summary>
    /// <returns>The state.</returns>
    public TierLeaseState Read(bool givesBack = false)
    {
        lock (_lock)
        {
            return ReadLocked(_hasLeft || givesBack);
        }
    }

    /// <summary>Gives back what was leased and not used, where nobody asks for more just now.</summary>
    /// <param name="used">What was used when it was last looked at; becomes what is used now.</param>
    /// <param name="state">What is to be told.</param>
    /// <returns>Whether there is something to give back, and nothing was used since.</returns>
    public bool TryGiveBack(ref long used, [NotNullWhen(true)] out TierLeaseState? state)
    {
        lock (_lock)
        {
            var isIdle = !_isAsked && !_hasLeft && _used == used && _granted > _used;
            used = _used;
            state = isIdle ? ReadLocked(givesBack: true) : null;
            _isAsked |= isIdle;
            return isIdle;
        }
    }

    /// <summary>Brings the answer.</summary>
    /// <param name="asked">What was asked.</param>
    /// <param name="granted">How many units this gateway may admit in the period altogether, those included that it has admitted.</param>
    /// <param name="taken">How many all gateways have leased of the period.</param>
    public void Answer(TierLeaseState asked, long granted, long taken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        lock (_lock)
        {
            if (asked.EndsAt.ToUnixTimeMilliseconds() == _end && !_hasLeft)
            {
                (_granted, _taken, _needed) = (granted, taken, 0);
                _chunk = Math.Max(0, granted - asked.Used);
            }

            if (!_hasLeft)
            {
                _isAsked = false;
            }
            else if (_gaveAllBack)
            {
                _share.Leases.Left();
            }
            else
            {
                _share.Leases.Want(this); // its client was forgotten while this was under way
            }
        }
    }

    /// <summary>Leaves it as it is, its period being over. A client that is still there has it asked for again.</summary>
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

    /// <summary>Goes on to the period that is under way.</summary>
    internal void TurnTo(long end, long? limit)
    {
        _limit = limit;
        if (end != _end)
        {
            (_end, _used, _granted, _needed, _chunk, _taken) = (end, 0, 0, 0, 0, -1); // who has the common count forgets the one before by itself
            _askedAt = long.MinValue / 2;
        }
    }

    /// <summary>Milliseconds until so many units more could be admitted: 0 for now.</summary>
    internal long WaitFor(long used, long units, long endsIn, long now)
    {
        if (_limit is not { } limit)
        {
            return 0;
        }

        var left = Left;
        if (used + units <= _granted + _share.Leases.CreditOf(limit, left))
        {
            return 0;
        }

        _needed = Math.Max(_needed, units);
        AskIfDue(now);
        return left > 0 ? Math.Min(AskAgainAfter, endsIn) : endsIn;
    }

    /// <summary>Notes what was admitted by now, and asks for more where little is left.</summary>
    internal void Note(long used, long now)
    {
        _used = used;
        if (_granted - used <= _chunk / 2)
        {
            AskIfDue(now);
        }
    }

    /// <summary>What a client may still have: no more than others have left.</summary>
    internal long FreeOf(long used) => _limit is { } limit ? Math.Max(0, limit - used - Others) : long.MaxValue;

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

    private void AskIfDue(long now)
    {
        if (!_isAsked && (Left > 0 || _used > _granted || now - _askedAt >= AskAgainAfter))
        {
            (_isAsked, _askedAt) = (true, now);
            _share.Leases.Want(this);
        }
    }

    private TierLeaseState ReadLocked(bool givesBack)
    {
        if (givesBack)
        {
            _granted = Math.Min(_granted, _used);
        }

        _gaveAllBack = _hasLeft;
        return new(_share.Group, _client, Shape.Name, DateTimeOffset.FromUnixTimeMilliseconds(_end), _number)
        {
            Limit = _limit,
            Used = _used,
            Held = _granted,
            Needed = _needed,
            GivesBack = givesBack,
        };
    }
}
