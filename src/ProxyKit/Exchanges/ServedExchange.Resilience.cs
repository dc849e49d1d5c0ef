using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using ProxyKit.Backends;
using ProxyKit.Resilience;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Exchanges;

/// <summary>Steps 6 to 9 within the strategies that a user has put around each attempt, and what it means how those end.</summary>
internal sealed partial class ServedExchange
{
    private volatile bool _isCutByStrategy;
    private bool _isFinal; // no retry of the backend's own follows

    private void ResetResilience() => _isCutByStrategy = _isFinal = false;

    private async ValueTask<Termination?> AttemptInPipelineAsync(ResiliencePipeline<UpstreamResult> pipeline)
    {
        _phase = ExchangePhase.Connect;
        if (IsRequestOver)
        {
            _down.WatchForDeparture(this); // strategies may wait before they make an attempt
        }

        var run = new PipelineRun(this);
        var context = ResilienceContextPool.Shared.Get(((IRuleHost)this).GivenUp);
        context.Properties.Set(UpstreamResult.ExchangeKey, this);
        Outcome<UpstreamResult> outcome;
        try
        {
            outcome = await pipeline.ExecuteOutcomeAsync(
                static (context, run) => run.AttemptAsync(context), context, run).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            outcome = Outcome.FromException<UpstreamResult>(e); // a strategy that lets its exceptions out
        }

        await run.EndAsync().ConfigureAwait(false);
        if (!run.WasLeft)
        {
            ResilienceContextPool.Shared.Return(context);
        }

        return EndOf(run, outcome);
    }

    /// <summary>What a run of the strategies means for the exchange: null where there is a response to pass on.</summary>
    private Termination? EndOf(PipelineRun run, Outcome<UpstreamResult> outcome)
    {
        if (outcome is { Exception: null, Result.Answer: null } && run.HasRun)
        {
            return run.Failure;
        }

        Response = null; // whatever a server may have said
        _respondedAt = 0;
        if (_clientLeft)
        {
            return new Termination(TerminationCause.ClientAbort, _phase);
        }

        switch (outcome.Exception)
        {
            case TimeoutRejectedException:
                return new Termination(TerminationCause.ServerTimeout, _phase);
            case OperationCanceledException when run.Failure is { } failure:
                return failure; // a strategy of their own has cut the attempt, and leaves it at that
            case BrokenCircuitException broken:
                _isFinal = true;
                _retryAfter = broken.RetryAfter is { } time ? Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)) : 0;
                return new Termination(TerminationCause.ServerAbort, ExchangePhase.Connect);
            case ExecutionRejectedException:
                _isFinal = true;
                return new Termination(TerminationCause.ServerAbort, ExchangePhase.Queue);
        }

        _isFinal = true;
        if (outcome is { Exception: null, Result.Answer: { } reply })
        {
            return EndOf(_context.Verdict = new RuleVerdict(VerdictKind.Reply, reply.Status, reply.Fixed()));
        }

        _path.Log.Failed(
            outcome.Exception ?? new InvalidOperationException($"The strategies of backend '{_backend!.Name}' came to a result without an attempt."), _policy.Name); // routed
        return new Termination(TerminationCause.Internal, _phase);
    }

    /// <summary>One attempt, or another one where that is allowed; where not, what the last one came to stays.</summary>
    internal async ValueTask AttemptAsync(PipelineRun run, CancellationToken cancellationToken)
    {
        if (run.HasRun && !await PrepareAnotherAsync(run.Failure).ConfigureAwait(false))
        {
            run.Last = run.Last with { MayRepeat = false };
            return;
        }

        run.HasRun = true;
        run.Failure = new Termination(TerminationCause.Internal, ExchangePhase.Headers); // should something throw, maybe behind the sending
        _isCutByStrategy = false;
        _attempts.Uncut();
        if (run.IsOver)
        {
            CutAttempt(); // what said so a moment ago is undone by now
        }

        Termination? failure;
        using (cancellationToken.UnsafeRegister(static exchange => ((ServedExchange)exchange!).CutAttempt(), this))
        {
            do
            {
                failure = await PickAsync().ConfigureAwait(false)
                    ?? await ConnectAsync().ConfigureAwait(false)
                    ?? await SendAsync().ConfigureAwait(false)
                    ?? await ReceiveResponseAsync().ConfigureAwait(false);
                if (_race is { IsStarted: true } race)
                {
                    failure = await EndRaceAsync(race, failure).ConfigureAwait(false);
                }
            }
            while (failure is not null && TryRepeatOnFresh());
        }

        // From here on nobody cuts it any more. Who has cut it behind its response has broken the connection that the response would come on.
        if (_isCutByStrategy)
        {
            failure = new Termination(_clientLeft ? TerminationCause.ClientAbort : TerminationCause.ServerTimeout, _phase);
        }

        Conclude(run, failure);
    }

    /// <summary>Ends the attempt under way, and those beside it; others may follow. Any thread.</summary>
    internal void CutAttempt()
    {
        _isCutByStrategy = true;
        Interlocked.MemoryBarrier(); // before what goes on is read
        Volatile.Read(ref _race)?.Cancel();
        CutFirstAttempt();
    }

    private void Conclude(PipelineRun run, Termination? failure)
    {
        var outcome = failure is { } end ? ServerAttempts.OutcomeOf(end) : AttemptOutcome.Responded;
        var status = failure is null ? _response.Status : 0;
        _attempts.Report(_diedIdle ? AttemptOutcome.Abandoned : outcome, status, _isReused);
        run.Failure = failure;
        run.Last = new UpstreamResult
        {
            Server = failure is { Phase: ExchangePhase.Queue } ? null : _attempts.Server,
            Outcome = outcome,
            Status = status,
            Duration = _attempts.Last?.Duration ?? TimeSpan.Zero,
            MayRepeat = MayRepeat(failure),
        };
        if (failure is not null)
        {
            Response = null;
            _upstream?.Abort();
            _attempts.EndAttempt(); // whatever the strategies wait for, nobody waits for this slot
        }
    }

    /// <summary>Whether another attempt may follow, as far as that is known before it is asked for.</summary>
    private bool MayRepeat(Termination? failure) =>
        !_clientLeft && _attempts.HasRetryLeft(_backend!, _context.Settings) // routed
        && (!WasSent(failure) || CanReplay || (_mayReplay && !_anyInformational && _pump is not null && _down.IsBodyComplete && _requestFailure is null));

    private async ValueTask<bool> PrepareAnotherAsync(Termination? failure)
    {
        await EndFailedPumpAsync().ConfigureAwait(false);
        _diedIdle = false;
        if ((WasSent(failure) && !CanReplay)
            || !await _attempts.MayRetryAsync(_path, _backend!, _context.Settings, new(TerminationCause.ServerAbort, ExchangePhase.Headers)).ConfigureAwait(false)) // no pause: strategies have theirs
        {
            return false;
        }

        PrepareReplay();
        return true;
    }

    private static bool WasSent(Termination? failure) => failure is not { Phase: ExchangePhase.Queue or ExchangePhase.Connect };
}
