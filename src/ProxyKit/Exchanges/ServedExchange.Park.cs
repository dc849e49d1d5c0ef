using System.Diagnostics;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Stickiness;

namespace ProxyKit.Exchanges;

/// <summary>The wait for a slot of a request that is here in full: not the exchange waits but the client's session, with what is kept of the exchange;
/// when its turn has come, another exchange object goes on with it.</summary>
internal sealed partial class ServedExchange
{
    /// <summary>What the steps say of an exchange that waits elsewhere; no end of it.</summary>
    private static readonly Termination Waits = new(TerminationCause.None, ExchangePhase.Queue);

    private bool _isUnparked; // and the wait not looked at yet

    /// <summary>What is kept of the exchange, where it waits elsewhere; the object itself is free for another one then.</summary>
    public ParkedExchange? Parked { get; private set; }

    /// <summary>Whether what is kept is all that there is: nothing more comes from the client, and no code of a user's is in the middle of something.</summary>
    private bool MayPark => _target!.Pipeline is null && _givenUp is null && !_isMeasured // routed
        && _down.IsBodyComplete && _down.Trailers.IsEmpty && _held is null && _replay is null && _pump is null && _requestFailure is null;

    private void ResetPark()
    {
        Parked = null;
        _isUnparked = false;
    }

    /// <summary>Moves what the exchange needs later to where little is kept.</summary>
    private Termination Park()
    {
        var parked = _path.Exchanges.RentParked();
        (parked.Policy, parked.Target, parked.Principal, parked.Number) = (_policy, _target, Principal, _number);
        (parked.Times, parked.Sending) = ((_startedAt, _requestAt), (_mayReplay, _closesServer));
        (parked.ClientMethod, parked.Body, parked.Head) = (_clientMethod, _firstBody, Request.Unchanged);
        (parked.FailedBefore, parked.PolicyRow) = ((_failedBeforeBackend, _failedBeforeServer), _context.PolicyRow);
        if (parked.Head.IsEmpty)
        {
            parked.Request = Request;
            Request = new RequestHead();
        }

        if (!_context.IsBlank)
        {
            _context.Scratch.Drop();
            parked.Context = _context;
            _context = new RuleContext();
        }

        if (_target!.Stickiness is not null) // routed
        {
            parked.Binding = _binding;
            _binding = new ClientBinding();
        }

        if (_admissions.Count > 0)
        {
            parked.Admissions = [.. _admissions];
        }

        _attempts.Park(parked);
        Parked = parked;
        return Waits;
    }

    /// <summary>Goes on with an exchange that has waited elsewhere; behind <see cref="Begin"/>.</summary>
    public void Unpark(ParkedExchange parked)
    {
        Debug.Assert(parked.Target is not null, "something is parked there");
        Request = parked.Request ?? Request;
        _down.Unpark(Request, parked.Head);
        parked.End();
        if (parked.Context is { } context)
        {
            _context = context;
            (context.Exchange, context.Host) = (this, this);
        }

        (_context.Request, _context.PolicyRow) = (Request, parked.PolicyRow);
        _target = parked.Target;
        _context.Backend = _backend = parked.Target.Backend; // which it has not left
        _context.BackendErrorPages = parked.Target.Pages;
        _binding = parked.Binding ?? _binding;
        _admissions.AddRange(parked.Admissions);
        (Principal, _number, _phase) = (parked.Principal, parked.Number, ExchangePhase.Queue);
        ((_startedAt, _requestAt), (_mayReplay, _closesServer)) = (parked.Times, parked.Sending);
        (_clientMethod, _firstBody, _hasRequestLine, _isUnparked) = (parked.ClientMethod, parked.Body, true, true);
        (_failedBeforeBackend, _failedBeforeServer) = parked.FailedBefore;
        _attempts.BelongTo(this, _number);
        _attempts.Unpark(parked);
        if (parked.ClientLeft)
        {
            GiveUp();
        }
    }
}
