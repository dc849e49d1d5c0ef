using System.Buffers;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>What rules and formats need of the exchange: the time, what is known by now, and waiting.</summary>
internal sealed partial class ServedExchange : IRuleHost
{
    /// <summary>How much of a body rules can look at. HAProxy: <c>tune.bufsize</c> less <c>tune.maxrewrite</c>.</summary>
    private const int MostHeld = 15 * 1024;

    /// <summary>Left free around a held body, for the chunk framing that may be put there.</summary>
    private const int Reserve = 32;

    private static readonly byte[] Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    private CancellationTokenSource? _givenUp; // where a user's code waits
    private byte[]? _held; // from the array pool
    private int _heldLength;
    private bool _heldIsLast;

    CancellationToken IRuleHost.GivenUp
    {
        get
        {
            var source = _givenUp ?? new CancellationTokenSource();
            Interlocked.Exchange(ref _givenUp, source); // before _clientLeft is read
            if (_clientLeft)
            {
                _ = source.CancelAsync();
            }

            return source.Token;
        }
    }

    /// <summary>Whether nothing is read from the client any more, nor lies in its buffer on the way to a server, so that what it sends may be
    /// received there.</summary>
    private bool IsRequestOver => _down.IsBodyComplete && (_pump is null || _requestSent);

    DateTimeOffset IRuleHost.StartedAt =>
        _path.Time.GetUtcNow() - _path.Time.GetElapsedTime(_startedAt, _path.Time.GetTimestamp());

    /// <summary>Waits, unless the exchange ends first.</summary>
    public async ValueTask<bool> DelayAsync(TimeSpan time)
    {
        if (IsRequestOver)
        {
            _down.WatchForDeparture(this);
        }

        return await _attempts.WaitAsync(_path, time).ConfigureAwait(false);
    }

    async ValueTask<BodyWait> IRuleHost.WaitForBodyAsync(int? atLeast, TimeSpan? limit)
    {
        if (Request.Method == RequestMethod.Connect)
        {
            return BodyWait.Done;
        }

        if (AwaitsContinue)
        {
            Request.Headers.RemoveAll(KnownHeader.Expect);
            _continueSent = true;
            var sent = await _down.SendReplyAsync(Continue).ConfigureAwait(false);
            if (sent.HasError)
            {
                return BodyWait.Failed;
            }
        }

        var enough = Math.Min(atLeast ?? MostHeld, MostHeld);
        var due = limit is { } time ? _path.Wheel.Now + (long)time.TotalMilliseconds : Deadline.Never;
        while (!_down.IsBodyComplete && _heldLength < enough)
        {
            var body = await _down.ReceiveBodyAsync(due).ConfigureAwait(false);
            if (body.Status == BodyStatus.TimedOut)
            {
                return BodyWait.TimedOut;
            }

            if (body.Status != BodyStatus.Data)
            {
                _requestFailure = FailureOf(body.Status);
                return BodyWait.Failed;
            }

            Hold(body.Segment);
        }

        _context.RequestBody = _held is null ? default : _held.AsMemory(Reserve, _heldLength);
        _context.IsRequestBodyComplete = _down.IsBodyComplete;
        return BodyWait.Done;
    }

    ReadOnlySpan<byte> IRuleHost.ArrivedBody => _pump is not null ? default : _firstBody.Length > 0 ? _firstBody.Memory.Span : _down.ArrivedBody;

    void IRuleHost.EndRequestBuffering() => _requestAt = _path.Time.GetTimestamp();

    async ValueTask IRuleHost.SendInformationalAsync(ReadOnlyMemory<byte> head)
    {
        if (Request.Protocol == HttpProtocol.Http11)
        {
            // What fails here fails again when the response is sent.
            await _down.SendReplyAsync(head).ConfigureAwait(false);
        }
    }

    /// <summary>Keeps a piece of the body, which is sent on first of all later.</summary>
    private void Hold(BodySegment segment)
    {
        _anyBody = true;
        var needed = Reserve + _heldLength + segment.Length + Reserve;
        if (_held is null || _held.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, MostHeld));
            _held?.AsSpan(0, Reserve + _heldLength).CopyTo(larger);
            if (_context.RequestBody.IsEmpty)
            {
                ReturnHeld(); // else rules, or the balancing of a request that waits, may be looking at it: the collector takes it
            }

            _held = larger;
        }

        segment.Memory.Span.CopyTo(_held.AsSpan(Reserve + _heldLength));
        _heldLength += segment.Length;
        _heldIsLast = segment.IsLast;
    }

    /// <summary>The body that rules have waited for, as the first piece to send.</summary>
    private BodySegment HeldBody => new(_held!, Reserve, _heldLength, _heldIsLast, Reserve, Reserve);

    private void ReturnHeld()
    {
        if (_held is not null)
        {
            ArrayPool<byte>.Shared.Return(_held);
            _held = null;
        }
    }

    private void ResetHost()
    {
        ResetResponseBody();
        ReturnHeld();
        _givenUp = null;
        _heldLength = 0;
        _heldIsLast = false;
    }
}
