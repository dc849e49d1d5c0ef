using System.Runtime.CompilerServices;
using ProxyKit.Authentication;
using ProxyKit.Http;
using ProxyKit.Identities;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.StickCounters;
using ProxyKit.StickTables;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>The rules of frontend and backend: when they are asked, and what becomes of the exchange that one of them ends.</summary>
internal sealed partial class ServedExchange
{
    private RuleContext _context = new(); // another one behind a wait
    private BackendPolicy? _target;
    private bool _isRefused; // the request, by a rule
    private bool _isResponseCounted; // for what is tracked

    private protected override System.Net.EndPoint? FindLocalEndPoint() => _context.Session.Destination;

    private void BeginRules(RuleSession session)
    {
        _context.Exchange = this;
        _context.Request = Request;
        _context.Session = session;
        _context.Frontend = _policy.Facts;
        _context.Backend = _policy.Facts.OwnBackend;
        _context.FrontendErrorPages = _policy.Pages;
        _context.IsFirstRequest = _isFirstOfConnection;
        _context.Host = this;
    }

    private void ResetRules()
    {
        ResetHost();
        _context.Reset();
        _target = null;
        _isRefused = _isResponseCounted = false;
    }

    /// <summary>Step 2: what the frontend's rules make of the request.</summary>
    private ValueTask<Termination?> AskFrontendAsync()
    {
        CountRequest();
        if (_context.Session.Counters.Any)
        {
            TrackedCounters.Count(null, _context.Session.Counters, StickDataType.Requests, StickDataType.RequestRate);
        }

        if (!_policy.Facts.Captures.IsEmpty)
        {
            _policy.Facts.Captures.CaptureRequest(_context);
        }

        return AskAsync(_policy.Rules.Content, _policy.Rules.Request);
    }

    /// <summary>Behind step 2: who the client is, and whether he may.</summary>
    private ValueTask<Termination?> AuthenticateAsync() => AskAsync(_policy.Rules.Authentication);

    /// <summary>Counts for what is tracked how the exchange ended, and lets go of what the exchange itself tracked.</summary>
    private void CountEnd()
    {
        var (own, session) = (_context.Counters, _context.Session.Counters);
        var glitches = _down.TakeGlitches();
        if (!own.Any && !session.Any)
        {
            return;
        }

        if (_isRefused)
        {
            TrackedCounters.Count(own, session, StickDataType.Errors, StickDataType.ErrorRate); // refused, whatever the status
        }
        else if (!_isResponseCounted && _context.Verdict is not { Kind: VerdictKind.Reply })
        {
            ResponseCounting.CountOwn(_context, _sentStatus);
        }

        if (glitches > 0)
        {
            TrackedCounters.Count(own, session, StickDataType.Glitches, StickDataType.GlitchRate, glitches);
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

    /// <summary>Step 10: what the rules of both make of the response, the backend's first.</summary>
    private ValueTask<Termination?> AskAboutResponseAsync()
    {
        BeginResponse(_response);
        _serverStatus = _response.Status;
        CountResponse();
        Learn();
        ChargeByResponse();
        HopByHopHeaders.HideOwn(_response.Headers, _response.Connection);
        if (!_policy.Facts.Captures.IsEmpty)
        {
            _policy.Facts.Captures.CaptureResponse(_context);
        }

        var (own, frontend) = (_target!.Rules, _policy.Rules); // routed
        return own is { ResponseContent: null, Response: null } && frontend.Response is null
            ? default
            : AskBothAsync(own, frontend.Response);
    }

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<Termination?> AskBothAsync(RuleSet own, RuleList? frontend)
    {
        if (own.ResponseContent is { } content)
        {
            _context.Response = own.ResponseInspectDelay is null ? null : _response; // rules that wait for nothing are asked before it has come
            var end = await AskAsync(content).ConfigureAwait(false);
            _context.Response = _response;
            if (end is not null)
            {
                return end;
            }
        }

        return await AskAsync(own.Response, frontend).ConfigureAwait(false);
    }

    /// <summary>Counts the server's response for what is tracked, before the rules for it, which may go by the count.</summary>
    private void CountResponse()
    {
        _isResponseCounted = true;
        if (_context.Counters.Any || _context.Session.Counters.Any)
        {
            _policy.Facts.Counting.Count(_context, _response.Status);
        }
    }

    /// <summary>From here on <c>hdr</c> and its like mean the response.</summary>
    private void BeginResponse(ResponseHead response)
    {
        _context.Response = response;
        _context.IsInResponse = true;
        _context.RequestVariables.Clear();
    }

    private ValueTask<Termination?> AskAsync(RuleList? first, RuleList? second) =>
        first is null ? AskAsync(second) : second is null ? AskAsync(first) : AskBothAsync(first, second);

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<Termination?> AskBothAsync(RuleList first, RuleList second) =>
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
            if (IsRequestOver)
            {
                _down.WatchForDeparture(this);
            }

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
        if (_context.AuthenticationFault != AuthenticationFault.None)
        {
            _path.Log.Unauthenticated(ClientEndPoint, _policy.Name, AuthenticationFaults.TextOf(_context.AuthenticationFault));
        }

        _isRefused = verdict.IsRefusal && !_context.IsInResponse;
        _ruling = RulingOf(verdict);
        if (verdict.Kind is VerdictKind.Deny or VerdictKind.Tarpit && !_context.IsInResponse)
        {
            _target?.Stickiness?.ReadRefused(_context, _binding);
        }

        return verdict.Kind switch
        {
            VerdictKind.Reply => new(TerminationCause.Local, phase),
            VerdictKind.Tarpit => new(TerminationCause.Proxy, ExchangePhase.Tarpit),
            VerdictKind.Reject when _context.IsInResponse => new(TerminationCause.Proxy, ExchangePhase.Data),
            VerdictKind.Close => new(TerminationCause.ServerAbort, ExchangePhase.Headers),
            VerdictKind.TimedOut => new(_context.IsInResponse ? TerminationCause.ServerTimeout : TerminationCause.ClientTimeout, phase),
            _ => new(TerminationCause.Proxy, phase),
        };
    }

    /// <summary>Keeps the client of a tarpit waiting, for as long as the proxy says whose rule it was.</summary>
    private async ValueTask<Termination> HoldAsync(Termination end)
    {
        var time = _context.Settings.TarpitTimeout ?? (_backend is null ? _policy.TarpitTimeout : _backend.TarpitTimeout ?? TimeSpan.Zero);
        return time <= TimeSpan.Zero || await DelayAsync(time).ConfigureAwait(false)
            ? end
            : new Termination(TerminationCause.ClientAbort, ExchangePhase.Tarpit);
    }
}
