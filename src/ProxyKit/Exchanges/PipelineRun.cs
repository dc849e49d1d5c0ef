using Polly;
using ProxyKit.Resilience;

namespace ProxyKit.Exchanges;

/// <summary>One run of the strategies around the attempts of an exchange. They are code of a user's: this makes sure that one attempt is under way at a time, and none once they
/// are done, since the exchange then goes on, and its object serves others later.</summary>
internal sealed class PipelineRun(ServedExchange exchange)
{
    private readonly Lock _lock = new(); // guards all below, but what is the attempts'
    private volatile bool _isOver; // read without the lock too
    private bool _isUnderWay;
    private ResilienceContext? _context; // of the first attempt
    private TaskCompletionSource? _left;

    /// <summary>Whether there was an attempt. The attempts', as are the next two.</summary>
    public bool HasRun { get; set; }

    /// <summary>How the last attempt failed; null where there is a response.</summary>
    public Termination? Failure { get; set; }

    /// <summary>What the last attempt came to.</summary>
    public UpstreamResult Last { get; set; }

    /// <summary>Whether the strategies are done.</summary>
    public bool IsOver => _isOver;

    /// <summary>Whether the strategies left an attempt to itself, and may still hold on to what they were given.</summary>
    public bool WasLeft => _left is not null;

    /// <summary>Makes an attempt, or another one.</summary>
    public async ValueTask<Outcome<UpstreamResult>> AttemptAsync(ResilienceContext context)
    {
        var cancellationToken = context.CancellationToken;
        lock (_lock)
        {
            // Strategies that run attempts side by side have a context for each. Two that just happen not to overlap would have the second one drop what the first has found.
            _context ??= context;
            if (_isOver || _isUnderWay || _context != context)
            {
                return Outcome.FromException<UpstreamResult>(new InvalidOperationException(
                    "A backend's attempts come one after the other, and none once the strategies around them are done. For hedging there is an option of the backend."));
            }

            _isUnderWay = true;
        }

        try
        {
            await exchange.AttemptAsync(this, cancellationToken).ConfigureAwait(false);
            return Failure is not null && cancellationToken.IsCancellationRequested
                ? Outcome.FromException<UpstreamResult>(new OperationCanceledException(cancellationToken)) // which the strategy that has cancelled knows for its own
                : Outcome.FromResult(Last);
        }
        catch (Exception e)
        {
            return Outcome.FromException<UpstreamResult>(e); // a user's balancing strategy, say; the strategies see it as any other's
        }
        finally
        {
            TaskCompletionSource? left;
            lock (_lock)
            {
                _isUnderWay = false;
                left = _left;
            }

            left?.SetResult();
        }
    }

    /// <summary>Ends the run: an attempt that the strategies left to itself is cut and waited for.</summary>
    public Task EndAsync()
    {
        lock (_lock)
        {
            _isOver = true;
            if (!_isUnderWay)
            {
                return Task.CompletedTask;
            }

            _left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        exchange.CutAttempt();
        return _left.Task;
    }
}
