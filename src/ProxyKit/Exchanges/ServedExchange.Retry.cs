using System.Buffers;
using ProxyKit.Backends;
using ProxyKit.Http;

namespace ProxyKit.Exchanges;

/// <summary>What a failed attempt means for the exchange: another one, or its end. A request that was sent can be sent again as long as all of it is
/// here: in the client's buffer, or copied while it was relayed.</summary>
internal sealed partial class ServedExchange
{
    private byte[]? _replay; // from the array pool
    private int _replayLength;
    private bool _mayReplay, _isEmptyResponse;

    private void ResetRetry()
    {
        ReturnReplay();
        _mayReplay = _isEmptyResponse = false;
    }

    /// <summary>Begins to keep what has to be sent again, where the backend wants that.</summary>
    private void BeginReplay()
    {
        _mayReplay = _backend!.MayReplay && !_context.Settings.ForbidsReplay; // routed, so there is a backend
        if (!_firstBody.IsLast)
        {
            KeepForReplay(_firstBody);
        }
    }

    /// <summary>Keeps a copy of a piece of the body, of which the client's buffer has nothing soon. Also from the flow that relays the body.</summary>
    private void KeepForReplay(BodySegment segment)
    {
        if (!_mayReplay)
        {
            return;
        }

        if (_replayLength + segment.Length > _backend!.ReplayLimit)
        {
            _mayReplay = false; // too long: it is sent once
            ReturnReplay();
            return;
        }

        var needed = Reserve + _replayLength + segment.Length + Reserve;
        if (_replay is null || _replay.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            var length = _replayLength;
            _replay?.AsSpan(0, Reserve + length).CopyTo(larger);
            ReturnReplay();
            (_replay, _replayLength) = (larger, length);
        }

        segment.Memory.Span.CopyTo(_replay.AsSpan(Reserve + _replayLength));
        _replayLength += segment.Length;
    }

    private void ReturnReplay()
    {
        if (_replay is not null)
        {
            ArrayPool<byte>.Shared.Return(_replay);
            _replay = null;
        }

        _replayLength = 0;
    }

    /// <summary>The copy of the body, once it is whole.</summary>
    private BodySegment Replayed => new(_replay ?? [], _replay is null ? 0 : Reserve, _replayLength, IsLast: true, Reserve, Reserve);

    /// <summary>Whether all of the request is here and nothing of a response went out.</summary>
    private bool CanReplay => _mayReplay && !_clientLeft && !_anyInformational
        && (_pump is null ? _firstBody.IsLast : _pump.IsCompletedSuccessfully && _requestSent && _requestFailure is null);

    /// <summary>Whether the exchange goes on with another attempt, which is prepared then. A fact about the failure: nothing was sent yet, or nothing was
    /// answered on a connection that had died idle, or the backend says so.</summary>
    private async ValueTask<bool> MayRetryAsync(Termination failure)
    {
        if (_isFinal)
        {
            return false;
        }

        await EndFailedPumpAsync().ConfigureAwait(false);
        if (_diedIdle)
        {
            if (TryRepeatOnFresh())
            {
                return true;
            }

            _diedIdle = false;
            if (!WantsRetry(failure) || !CanReplay)
            {
                // As HAProxy does: the client sees its connection close and knows better than we do whether to repeat.
                _isSilent = true;
                return false;
            }
        }

        if (!WantsRetry(failure))
        {
            return false;
        }

        var wasSent = failure.Phase != ExchangePhase.Connect;
        if ((wasSent && !CanReplay) || !await _attempts.MayRetryAsync(_path, _backend!, _context.Settings, failure).ConfigureAwait(false))
        {
            return false;
        }

        if (wasSent)
        {
            PrepareReplay();
        }
        else
        {
            DropUpstream(); // there is one where the attempt was cut just as it had connected
        }

        return true;
    }

    /// <summary>Whether the attempt is made again on a new connection, its own having died while it was idle: that is no fault of the server.</summary>
    private bool TryRepeatOnFresh()
    {
        if (!_diedIdle || _pump is not null || !Request.Method.IsIdempotent())
        {
            return false;
        }

        _diedIdle = false;
        DropUpstream();
        _down.StopWatching();
        _attempts.Repeat();
        return true;
    }

    /// <summary>Has the flow end that still sends a body to a server that has failed, where all of the body is here.</summary>
    private async ValueTask EndFailedPumpAsync()
    {
        if (_mayReplay && _pump is { IsCompleted: false } && _down.IsBodyComplete)
        {
            _upstream?.Abort(); // the flow ends by this
            await _pump.ConfigureAwait(false);
        }
    }

    /// <summary>Whether a response is not passed on, since another attempt follows it.</summary>
    private bool RepeatsOn(int status) => _backend!.RetriesOn(status) && CanReplay; // routed

    private bool WantsRetry(Termination failure)
    {
        var cause = failure switch
        {
            { Cause: TerminationCause.ClientAbort or TerminationCause.Local } => RetryCauses.None,
            { Phase: ExchangePhase.Connect } => RetryCauses.ConnectFailure,
            { Phase: not ExchangePhase.Headers } => RetryCauses.None,
            { Cause: TerminationCause.ServerTimeout } => RetryCauses.ResponseTimeout,
            { Cause: TerminationCause.ServerAbort } => _isEmptyResponse ? RetryCauses.EmptyResponse : RetryCauses.JunkResponse,
            { Cause: TerminationCause.Proxy } => RetryCauses.JunkResponse,
            _ => RetryCauses.None,
        };
        return (_backend!.RetryOn & cause) != 0; // routed
    }

    /// <summary>Makes everything as it was before the request was sent, with all of its body in one piece.</summary>
    private void PrepareReplay()
    {
        _down.StopWatching();
        DropUpstream();
        _response.Release();
        Response = null;
        _connectedAt = _respondedAt = 0;
        if (_pump is not null)
        {
            _firstBody = Replayed;
            _pump = null;
            _discardsBody = false;
        }

        _requestSent = false;
    }

    private void DropUpstream()
    {
        var upstream = _upstream;
        Volatile.Write(ref _upstream, null);
        upstream?.Dispose();
    }
}
