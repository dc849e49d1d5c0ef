using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.StickCounters;
using ProxyKit.StickTables;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>The rules of frontend and backend: when they are asked, and what becomes of the exchange that one of them ends.</summary>
internal sealed partial class ServedExchange
{
    private readonly RuleContext _context = new();
    private readonly ReplyWriter _reply = new();
    private readonly ResponseHeadParser _replyParser = new() { MaxHeadBytes = int.MaxValue };
    private BackendPolicy? _target;

    private void BeginRules(RuleSession session)
    {
        _context.Exchange = this;
        _context.Request = Request;
        _context.Session = session;
        _context.Frontend = _policy.Facts;
        _context.FrontendErrorPages = _policy.Pages;
        _context.IsFirstRequest = _isFirstOfConnection;
        _context.Host = this;
    }

    private void ResetRules()
    {
        ResetHost();
        _context.Reset();
        _reply.Reset();
        _target = null;
    }

    /// <summary>Step 2: what the frontend's rules make of the request.</summary>
    private ValueTask<Termination?> AskFrontendAsync()
    {
        if (_context.Session.Counters.Any)
        {
            TrackedCounters.Count(null, _context.Session.Counters, StickDataType.Requests, StickDataType.RequestRate);
        }

        if (!_policy.Facts.Captures.IsEmpty)
        {
            _policy.Facts.Captures.CaptureRequest(_context);
        }

        return _policy.Rules is { Content: null, Request: null } ? default : AskAsync(_policy.Rules.Content, _policy.Rules.Request);
    }

    /// <summary>Counts for what is tracked how the exchange ended, and lets go of what the exchange itself tracked.</summary>
    private void CountEnd()
    {
        var (own, session) = (_context.Counters, _context.Session.Counters);
        if (!own.Any && !session.Any)
        {
            return;
        }

        if (_context.Verdict is { Kind: not VerdictKind.Reply } && !_context.IsInResponse)
        {
            TrackedCounters.Count(own, session, StickDataType.Errors, StickDataType.ErrorRate); // refused, whatever the status
        }
        else
        {
            ResponseCounting.Count(_context, _sentStatus);
        }

        TrackedCounters.Count(own, session, StickDataType.BytesIn, StickDataType.BytesInRate, _down.BytesReceived + _tunnelledFromClient);
        TrackedCounters.Count(own, session, StickDataType.BytesOut, StickDataType.BytesOutRate, _bytesFromServer + _tunnelledFromServer);
        own.Release();
    }

    /// <summary>Step 4: what the backend's rules make of the request.</summary>
    private ValueTask<Termination?> AskBackendAsync()
    {
        var rules = _target!.Rules; // routed
        return rules is { Content: null, Request: null } ? default : AskAsync(rules.Content, rules.Request);
    }

    /// <summary>Step 8: what the rules of both make of the response, the backend's first.</summary>
    private ValueTask<Termination?> AskAboutResponseAsync()
    {
        BeginResponse(_response);
        if (!_policy.Facts.Captures.IsEmpty)
        {
            _policy.Facts.Captures.CaptureResponse(_context);
        }

        var (own, frontend) = (_target!.Rules, _policy.Rules); // routed
        return own is { ResponseContent: null, Response: null } && frontend.Response is null
            ? default
            : AskBothAsync(own.ResponseContent, own.Response, frontend.Response);
    }

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<Termination?> AskBothAsync(RuleList? content, RuleList? own, RuleList? frontend) =>
        await AskAsync(content, own).ConfigureAwait(false) ?? await AskAsync(null, frontend).ConfigureAwait(false);

    /// <summary>From here on <c>hdr</c> and its like mean the response.</summary>
    private void BeginResponse(ResponseHead response)
    {
        _context.Response = response;
        _context.IsInResponse = true;
        _context.RequestVariables.Clear();
    }

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<Termination?> AskAsync(RuleList? first, RuleList? second) =>
        await AskAsync(first).ConfigureAwait(false) ?? await AskAsync(second).ConfigureAwait(false);

    private ValueTask<Termination?> AskAsync(RuleList? rules)
    {
        if (rules is null)
        {
            return default;
        }

        var index = 0;
        var outcome = rules.Run(_context, ref index);
        return outcome switch
        {
            RuleOutcome.Wait => AskOnAsync(rules, index),
            RuleOutcome.Final => new(EndOf(_context.Verdict!)), // final, so there is one
            _ => default,
        };
    }

    /// <summary>Goes on with a rule that has to wait, and those behind it.</summary>
    private async ValueTask<Termination?> AskOnAsync(RuleList rules, int index)
    {
        while (true)
        {
            var outcome = await rules.RunAsync(index, _context, this).ConfigureAwait(false);
            if (_clientLeft)
            {
                return new Termination(TerminationCause.ClientAbort, _phase);
            }

            if (_requestFailure is { } failure)
            {
                return failure;
            }

            if (outcome == RuleOutcome.Next)
            {
                index++;
                outcome = rules.Run(_context, ref index);
            }

            switch (outcome)
            {
                case RuleOutcome.Wait:
                    break;
                case RuleOutcome.Final:
                    return EndOf(_context.Verdict!); // final, so there is one
                default:
                    return null;
            }
        }
    }

    private Termination EndOf(RuleVerdict verdict)
    {
        var phase = _context.IsInResponse ? ExchangePhase.Headers : ExchangePhase.Request;
        _isSilent = false;
        return verdict.Kind switch
        {
            VerdictKind.Reply => new(TerminationCause.Local, phase),
            VerdictKind.Tarpit => new(TerminationCause.Proxy, ExchangePhase.Tarpit),
            VerdictKind.Close => new(TerminationCause.ServerAbort, ExchangePhase.Headers),
            VerdictKind.TimedOut => new(_context.IsInResponse ? TerminationCause.ServerTimeout : TerminationCause.ClientTimeout, phase),
            _ => new(TerminationCause.Proxy, phase),
        };
    }

    /// <summary>Keeps the client of a tarpit waiting.</summary>
    private async ValueTask<Termination> HoldAsync(Termination end)
    {
        var time = _context.Settings.TarpitTimeout ?? _policy.TarpitTimeout;
        return time <= TimeSpan.Zero || await DelayAsync(time).ConfigureAwait(false)
            ? end
            : new Termination(TerminationCause.ClientAbort, ExchangePhase.Tarpit);
    }

    /// <summary>Whether the client gets another reply than the built-in one with the status: a rule's, or one that rules may still change.</summary>
    private bool HasReplyOfItsOwn(int status, out LocalReply? reply)
    {
        reply = (_context.Verdict?.Status == status ? _context.Verdict.Reply : null)
            ?? _target?.Pages?.Find(status) ?? _policy.Pages?.Find(status);
        return reply is not null || (_hasRequestLine && (_policy.Rules.AfterResponse is not null || _target?.Rules.AfterResponse is not null));
    }

    /// <summary>Sends a reply of the proxy's own, behind the rules for every response.</summary>
    private ValueTask<IoResult> SendAsync(LocalReply? reply, bool closes)
    {
        _reply.Reset();
        if (reply is null)
        {
            _reply.Raw(ErrorReplies.For(_sentStatus).Span);
        }
        else
        {
            reply.Write(_context, _reply);
        }

        if (!MemoryMarshal.TryGetArray(_reply.Written, out var message) || message.Count == 0)
        {
            _keepsClient = false; // an empty error file closes the connection without a word
            return new(IoResult.Moved(0));
        }

        _replyParser.Start(_response, message.Array!, message.Offset, _clientMethod);
        var parsed = _replyParser.Parse(message.Offset + message.Count);
        if (parsed.Status != ParseStatus.Complete)
        {
            throw new InvalidOperationException($"A reply of the proxy's own is malformed: {parsed.Reason}");
        }

        Response = _response;
        BeginResponse(_response);
        FinishResponse();
        var start = message.Offset + _response.Length;
        var body = _response.Framing == BodyFraming.None
            ? BodySegment.Empty
            : new BodySegment(message.Array!, start, message.Offset + message.Count - start, IsLast: true, 0, 0);
        return _down.SendResponseAsync(_response, closes, body, default);
    }

    /// <summary>The rules for every response, the backend's first.</summary>
    private void FinishResponse()
    {
        var (own, frontend) = (_target?.Rules.AfterResponse, _policy.Rules.AfterResponse);
        if (own is not null)
        {
            Finish(own);
        }

        if (frontend is not null)
        {
            Finish(frontend);
        }

        _sentStatus = _response.Status;

        void Finish(RuleList rules)
        {
            var index = 0;
            var outcome = rules.Run(_context, ref index);
            Debug.Assert(outcome is RuleOutcome.Next or RuleOutcome.Stop, "no action of these lists ends or waits");
        }
    }
}
