using System.Runtime.InteropServices;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules.Actions;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>The replies that the proxy gives by itself.</summary>
internal sealed partial class ServedExchange
{
    private ReplyWriter? _reply; // made by the first reply that is not built in, as is the next one
    private ResponseHeadParser? _replyParser;
    private bool _hasOwnReply;
    private bool _isUnreadable; // the request, so that it is nobody's: it gets the built-in page
    private bool _isMute; // closes without an answer, though the log has a status
    private int _retryAfter; // in seconds; 0 for no such field

    private void ResetAnswer()
    {
        _reply?.Reset();
        _retryAfter = 0;
        _hasOwnReply = _isUnreadable = _isMute = false;
    }

    /// <summary>Writes the reply that stands for how the exchange ended, as long as the heads that it may quote are here. A user's code that
    /// throws, or a format that fails or comes to more than a message can be, costs the client its own page: it gets the built-in 500.</summary>
    private void PrepareAnswer(Termination end)
    {
        if (_isReplyRead)
        {
            return; // by a service, and rules have seen it
        }

        _replyStatus = StatusOf(end);
        if (_replyStatus <= 0)
        {
            return;
        }

        if (end.Phase == ExchangePhase.Queue && _replyStatus == 503 && _backend is { TellsRetryAfter: true })
        {
            _retryAfter = QueuedReply.RetryAfter(_target!, _context); // routed
        }

        var reply = (_context.Verdict?.Status == _replyStatus ? _context.Verdict.Reply : null)
            ?? (_isUnreadable ? null : _target?.Pages?.Find(_replyStatus) ?? _policy.Pages?.Find(_replyStatus));
        try
        {
            if (reply is not null)
            {
                reply.Write(_context, _reply ??= new());
                _hasOwnReply = !_reply.HasFailed;
                if (!_hasOwnReply)
                {
                    _reply.Reset();
                    _replyStatus = 500;
                }
            }

            if (!_hasOwnReply && _hasRequestLine && (_retryAfter > 0 || _context.Admission.Plan is not null || _policy.ResponseCase is not null || _policy.Rules.AfterResponse is not null || _target?.Rules.AfterResponse is not null))
            {
                (_reply ??= new()).Raw(ErrorReplies.For(_replyStatus).Span);
                _hasOwnReply = true;
            }
        }
        catch (Exception e)
        {
            _path.Log.Failed(e, _policy.Name);
            _hasOwnReply = false;
            _replyStatus = 500;
        }
    }

    /// <summary>Sends the reply that was prepared.</summary>
    private async ValueTask AnswerAsync(Termination end)
    {
        if (_replyStatus <= 0 || _isMute)
        {
            _keepsClient = false;
            BreaksOff = _context.Verdict is { Kind: VerdictKind.SilentDrop };
            return;
        }

        // Where the request is in doubt, so is everything behind it.
        var closes = (_replyStatus is 400 or 408 && !(_hasOwnReply && _context.Verdict is { Kind: VerdictKind.Reply or VerdictKind.Deny or VerdictKind.Tarpit }))
            || (end.Phase == ExchangePhase.Request && _context.Verdict is null)
            || end.Cause is TerminationCause.ClientAbort or TerminationCause.ClientTimeout or TerminationCause.Killed
            || ForbidsKeepAlive(null);
        if (_hasOwnReply && _reply!.Written.IsEmpty) // written where there is one
        {
            _keepsClient = false; // an empty error file closes the connection without a word
            return;
        }

        var body = BodySegment.Empty;
        if (_hasOwnReply && _hasRequestLine)
        {
            body = TryFinishReply();
            closes |= _hasOwnReply && (_down.MustCloseAfter(Request, _response) || SaysThatItEndsWithConnection(_response));
        }

        _sentStatus = _hasOwnReply && _hasRequestLine ? _response.Status : _replyStatus;
        if (HoldsAnswer && !await CountUsageAsync(end, untilSafe: true).ConfigureAwait(false))
        {
            (_keepsClient, BreaksOff) = (false, true); // no answer that is not written down
            return;
        }

        _keepsClient = !closes;
        NeedsLinger |= closes;
        var builtIn = _hasOwnReply ? default : BuiltInReply(_replyStatus, closes);
        _replyBytes = _hasOwnReply ? _reply!.Written.Length : builtIn.Length;
        var sent = !_hasOwnReply ? _down.SendReplyAsync(builtIn)
            : !_hasRequestLine ? _down.SendReplyAsync(_reply!.Written) // the request could not even be read: as it is, and closing
            : _down.SendResponseAsync(_response, closes, body, default);
        if ((await sent.ConfigureAwait(false)).HasError)
        {
            _keepsClient = false;
        }
    }

    /// <summary>Whether a page of one's own is not to be followed by anything: it says so, or does not say how long it is, which a client that asked with
    /// HEAD cannot tell either.</summary>
    private static bool SaysThatItEndsWithConnection(ResponseHead reply) =>
        (reply.Connection & ConnectionOptions.Close) != 0
        || (reply.Headers.IndexOf(KnownHeader.ContentLength) < 0 && reply.Status is not (204 or 304));

    /// <summary>Has the rules for every response see the prepared reply; where one fails, the built-in 500 takes the reply's place.</summary>
    private BodySegment TryFinishReply()
    {
        try
        {
            var body = _isReplyRead ? BodyOfReply() : ReadReply();
            TellLimits(_response);
            if (TryFinishResponse())
            {
                return _response.Framing == BodyFraming.None
                    ? BodySegment.Empty
                    : new BodySegment(body.Array!, body.Offset, body.Count, IsLast: true, 0, 0);
            }
        }
        catch (Exception e)
        {
            _path.Log.Failed(e, _policy.Name); // a user's code, or a defect of ours
        }

        _hasOwnReply = false;
        _replyStatus = 500;
        return BodySegment.Empty;
    }

    /// <summary>Reads the prepared reply: from here on it is the response.</summary>
    /// <returns>Its body.</returns>
    private ArraySegment<byte> ReadReply()
    {
        if (!MemoryMarshal.TryGetArray(_reply!.Written, out var message)) // prepared
        {
            throw new InvalidOperationException("A reply lies in an array.");
        }

        _replyParser ??= new() { MaxHeadBytes = int.MaxValue };
        _replyParser.Start(_response, message.Array!, message.Offset, _clientMethod);
        var parsed = _replyParser.Parse(message.Offset + message.Count);
        if (parsed.Status != ParseStatus.Complete)
        {
            throw new InvalidOperationException($"A reply of the proxy's own is malformed: {parsed.Reason}");
        }

        Response = _response;
        if (_retryAfter > 0)
        {
            QueuedReply.AddRetryAfter(_response, _retryAfter);
        }

        BeginResponse(_response);
        return BodyOfReply();
    }

    private ArraySegment<byte> BodyOfReply() => MemoryMarshal.TryGetArray(_reply!.Written, out var message) ? message[_response.Length..] : default;

    /// <summary>The rules for every response, the backend's first; false where one of them has failed, and the verdict says how.</summary>
    private bool TryFinishResponse()
    {
        var (own, frontend) = (_target?.Rules.AfterResponse, _policy.Rules.AfterResponse);
        return (own is null || Passes(own)) && (frontend is null || Passes(frontend));

        bool Passes(RuleList rules)
        {
            var index = 0;
            return rules.Run(_context, ref index) != RuleOutcome.Final;
        }
    }

    private int StatusOf(Termination end) => _replyStatus != 0 ? _replyStatus : _context.Verdict?.Status ?? end.Status;

    private ReadOnlyMemory<byte> BuiltInReply(int status, bool closes) => !_hasRequestLine
        ? ErrorReplies.ForUnreadable(status)
        : ErrorReplies.For(status, _clientMethod == RequestMethod.Head, ConnectionTokenFor(closes));
}
