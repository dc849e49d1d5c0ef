using ProxyKit.Backends;
using ProxyKit.CircuitBreakers;

namespace ProxyKit.Exchanges;

/// <summary>Step 5: the circuit breakers of the backend, which let the request pass or answer it.</summary>
internal sealed partial class ServedExchange
{
    private const int MostFallbacks = 4; // backends may fall back to each other

    private readonly List<(CircuitBreaker Circuit, int Generation)> _admissions = []; // which are told how it went
    private int _fallbacks;

    private void ResetCircuits()
    {
        _admissions.Clear();
        _fallbacks = 0;
    }

    private ValueTask<Termination?> AdmitAsync() => _target!.Circuits.Length == 0 ? default : AskCircuitsAsync(); // routed

    private async ValueTask<Termination?> AskCircuitsAsync()
    {
        foreach (var circuit in _target!.Circuits) // routed
        {
            var breaker = circuit.For(_context);
            if (breaker is null)
            {
                continue;
            }

            if (breaker.TryAdmit(out var generation))
            {
                _admissions.Add((breaker, generation));
                continue;
            }

            EndCircuits(null);
            if (circuit.Fallback is { Backend.IsDisabled: false } fallback && _fallbacks++ < MostFallbacks)
            {
                EnterBackend(fallback);
                return await AskBackendAsync().ConfigureAwait(false) ?? await AdmitAsync().ConfigureAwait(false);
            }

            return await AnswerOpenAsync(circuit, breaker.RetryAfter).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>What a request gets where circuits are open on all the servers that could have it; null where that is not what is in the way.</summary>
    private ValueTask<Termination?> AnswerOpenServersAsync()
    {
        if (_target!.ServerCircuit is not { } circuit || !Array.Exists(_backend!.Servers, static s => s.State.IsBlocked)) // routed
        {
            return default;
        }

        var least = TimeSpan.MaxValue;
        foreach (var breaker in circuit.Servers)
        {
            least = breaker.RetryAfter is var left && left > TimeSpan.Zero && left < least ? left : least;
            if (breaker.State != CircuitState.Closed)
            {
                breaker.NoteRejected();
            }
        }

        return AnswerOpenAsync(circuit, least == TimeSpan.MaxValue ? TimeSpan.Zero : least);
    }

    private async ValueTask<Termination?> AnswerOpenAsync(BackendCircuit circuit, TimeSpan retryAfter)
    {
        _context.RetryAfter = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds));
        return await AskAsync(circuit.WhenOpen).ConfigureAwait(false)
            ?? new Termination(TerminationCause.ServerAbort, ExchangePhase.Connect);
    }

    /// <summary>Tells the circuits how the request went: what the client sees of it, however many attempts that took.</summary>
    private void EndCircuits(AttemptReport? last)
    {
        foreach (var (circuit, generation) in _admissions)
        {
            if (last is { } report)
            {
                circuit.Record(report, generation);
            }
            else
            {
                circuit.Abandon(generation);
            }
        }

        _admissions.Clear();
    }

    private void EnterBackend(BackendPolicy? target)
    {
        _backend?.State.Leave();
        _target = target;
        _context.Backend = _backend = target?.Backend;
        _context.BackendErrorPages = target?.Pages;
        _backend?.State.Enter();
        _failedBeforeBackend = _context.FailedRewrites;
        _binding.Reset();
        target?.Stickiness?.Begin(_context, _binding);
    }
}
