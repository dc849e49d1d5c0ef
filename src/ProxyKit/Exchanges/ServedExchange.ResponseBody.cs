using System.Buffers;
using System.Runtime.CompilerServices;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>The body of the response that rules wait for: held back until they have looked at it.</summary>
internal sealed partial class ServedExchange
{
    private byte[]? _heldResponse; // from the array pool
    private int _heldResponseLength;
    private bool _keepsResponseHead; // in the server's buffer, behind which the body goes
    private BodyStatus? _heldResponseFailure; // how it broke off, which is told when it is relayed

    Connection? IRuleHost.ServerConnection => _upstream?.Connection;

    Connection? IRuleHost.LastServerConnection => _upstream?.Connection ?? _lastConnection;

    TransportError? IRuleHost.ConnectError => _attempts.ConnectError;

    bool IRuleHost.IsServerConnectionReused => _isReused;

    private void ResetResponseBody()
    {
        if (_heldResponse is not null)
        {
            ArrayPool<byte>.Shared.Return(_heldResponse);
            _heldResponse = null;
        }

        _heldResponseLength = 0;
        _keepsResponseHead = false;
        _heldResponseFailure = null;
    }

    /// <summary>Waits for the server's body behind a head that stays readable.</summary>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    async ValueTask<BodyWait> IRuleHost.WaitForResponseBodyAsync(int? atLeast, TimeSpan? limit)
    {
        if (_upstream is not { } upstream)
        {
            return BodyWait.Done; // of a service: all of it is here
        }

        if (_response.Status == 101 || (Request.Method == RequestMethod.Connect && _response.Status is >= 200 and < 300))
        {
            return BodyWait.Done; // what follows is no body
        }

        var enough = Math.Min(atLeast ?? MostHeld, MostHeld);
        var due = limit is { } time ? _path.Wheel.Now + (long)time.TotalMilliseconds : Deadline.Never;
        if (!_keepsResponseHead)
        {
            _keepsResponseHead = true;
            upstream.Buffer.Keep();
        }

        while (!upstream.IsBodyComplete && _heldResponseLength < enough && _heldResponseFailure is null)
        {
            var body = await upstream.ReceiveBodyAsync(due).ConfigureAwait(false);
            if (body.Status == BodyStatus.TimedOut)
            {
                return BodyWait.TimedOut;
            }

            if (body.Status != BodyStatus.Data)
            {
                _heldResponseFailure = body.Status;
                break;
            }

            HoldResponse(body.Segment);
        }

        _context.ResponseBody = _heldResponse is null ? default : _heldResponse.AsMemory(Reserve, _heldResponseLength);
        return BodyWait.Done;
    }

    private void HoldResponse(BodySegment segment)
    {
        var needed = Reserve + _heldResponseLength + segment.Length + Reserve;
        if (_heldResponse is null || _heldResponse.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, MostHeld));
            if (_heldResponse is not null)
            {
                _heldResponse.AsSpan(0, Reserve + _heldResponseLength).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_heldResponse);
            }

            _heldResponse = larger;
        }

        segment.Memory.Span.CopyTo(_heldResponse.AsSpan(Reserve + _heldResponseLength));
        _heldResponseLength += segment.Length;
    }

    /// <summary>What is here of the response's body when its relay begins; <see cref="BodyStatus.Data"/> with nothing where there is none yet.</summary>
    private BodyResult TakeFirstOfResponse(Http1Upstream upstream, bool tunnels)
    {
        if (_heldResponse is not null)
        {
            return new(BodyStatus.Data, new BodySegment(_heldResponse, Reserve, _heldResponseLength, upstream.IsBodyComplete, Reserve, Reserve));
        }

        if (upstream.IsBodyComplete || tunnels)
        {
            return new(BodyStatus.Data, BodySegment.Empty);
        }

        return upstream.TryTakeBody(out var first) ? first : new(BodyStatus.Data, default);
    }
}
