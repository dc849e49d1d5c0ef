using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.CircuitBreaker;
using ProxyKit.Backends;
using ProxyKit.Logging;
using ProxyKit.Transport;

namespace ProxyKit.CircuitBreakers;

/// <summary>One circuit: it lets calls pass or not, by how those before them went.</summary>
/// <remarks>
/// <para>Polly's breaker is the judge: each result is run through its pipeline as a call that is already over, and it keeps the samples and the ratio and
/// says when the circuit opens. What stands around it is the gate. Polly tries a circuit with one call; here as many as the options say are tried,
/// and Polly is told of them as of one: that it went well once all have, that it failed as soon as one has.</para>
/// <para>A call carries the generation in which it was let pass, and its result counts in that one alone: what began before the circuit opened
/// decides nothing about what is tried after.</para>
/// </remarks>
[SuppressMessage("Naming", "CA1724", Justification = "The field's word; Polly's namespace of that name is seen by nobody who uses this.")]
[SuppressMessage("Reliability", "CA1001", Justification = "The timer belongs to the circuit's life: Retire ends it, and does not wait.")]
public sealed class CircuitBreaker
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.5), Longest = TimeSpan.FromDays(1); // Polly's own

    private readonly Lock _lock = new(); // guards what is below that may change; not held while Polly, a server's state or a user is told
    private readonly Lock _tellLock = new(); // guards that servers hear of the latest state last
    private readonly CircuitBreakerOptions _options;
    private readonly SteadyClock _time; // Polly goes by it too
    private readonly IExchangeLog _log;
    private readonly Action<CircuitBreaker>? _changed;
    private readonly ResiliencePipeline<bool> _judge;
    private readonly CircuitBreakerStateProvider _verdict = new();
    private readonly CircuitBreakerManualControl _control = new();
    private readonly ITimer? _timer;
    private volatile CircuitState _state; // written under the lock, read also without
    private int _generation;
    private int _underTrial, _wentWell, _openings;
    private long _opened, _rejected, _tried; // the second one interlocked
    private DateTimeOffset _openUntil;

    internal CircuitBreaker(CircuitBreakerOptions options, string name, TimeProvider time, IExchangeLog log, Action<CircuitBreaker>? changed)
    {
        _options = options;
        Name = name;
        _time = new SteadyClock(time);
        _log = log;
        _changed = changed;
        _judge = new ResiliencePipelineBuilder<bool> { TimeProvider = _time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                FailureRatio = options.FailureRatio,
                MinimumThroughput = options.MinimumThroughput,
                SamplingDuration = options.SamplingDuration,
                BreakDurationGenerator = _ => new ValueTask<TimeSpan>(NoteOpening()),
                ShouldHandle = static call => new ValueTask<bool>(call.Outcome.Result),
                StateProvider = _verdict,
                ManualControl = _control,
            })
            .Build();
        if (changed is not null)
        {
            // Who hears of changes sends no calls while the circuit is open, so that none can find its time over.
            _timer = time.CreateTimer(static circuit => ((CircuitBreaker)circuit!).TryBeginTrials(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Which one it is: <c>backend/server</c>, <c>backend</c>, or <c>backend[key]</c>.</summary>
    public string Name { get; }

    /// <summary>What it does at this moment.</summary>
    public CircuitState State => _state;

    /// <summary>How often it has opened, by what it saw or by hand. Over reloads, as long as its options stay as they are.</summary>
    /// <value>0 at first; it only grows.</value>
    public long Opened
    {
        get
        {
            lock (_lock)
            {
                return _opened;
            }
        }
    }

    /// <summary>How many requests it has turned away. A server's circuit does not turn requests away as long as another server has them: of it those
    /// are counted that no server could have.</summary>
    /// <value>0 at first; it only grows.</value>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>How many calls it has tried while half-open, by those that told how they went.</summary>
    /// <value>0 at first; it only grows.</value>
    public long Tried
    {
        get
        {
            lock (_lock)
            {
                return _tried;
            }
        }
    }

    /// <summary>How long it is until calls are let pass again, as far as time alone decides that: zero unless it is open.</summary>
    public TimeSpan RetryAfter
    {
        get
        {
            lock (_lock)
            {
                return _state == CircuitState.Open && _openUntil - _time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>The generation that a call belongs to which is let pass now.</summary>
    internal int Generation => Volatile.Read(ref _generation);

    /// <summary>How many calls are tried once its time is over.</summary>
    internal int Trials => _options.Trials;

    /// <summary>Lets no call pass until <see cref="Close"/>, also over reloads; where one has changed the options, the circuit in its place says so: the
    /// one of the same server, of the same backend, or of the same key, told apart by the same <see cref="CircuitBreakerOptions.Key"/>. A backend's
    /// circuits of one kind are told apart by their options, and those whose options a reload has changed by their order.</summary>
    public void Isolate()
    {
        _ = Observe(_control.IsolateAsync());
        Become(CircuitState.Isolated, generation: null);
    }

    /// <summary>Takes the place of one that lets no call pass; nobody is told, since nothing is different.</summary>
    internal void BeginIsolated()
    {
        _ = Observe(_control.IsolateAsync());
        _state = CircuitState.Isolated; // nobody else knows it yet
        _generation++;
    }

    /// <summary>Lets calls pass again, and forgets how those before went.</summary>
    public void Close()
    {
        _ = Observe(_control.CloseAsync());
        Become(CircuitState.Closed, generation: null);
    }

    /// <summary>Asks whether a call may pass; where it may, <see cref="Record(in AttemptReport, int)"/> or <see cref="Abandon"/> follows with the generation, exactly once.</summary>
    internal bool TryAdmit(out int generation)
    {
        generation = Generation; // in the closed state, which is the common one, nothing else is needed
        if (_state == CircuitState.Closed)
        {
            return true;
        }

        TryBeginTrials();
        lock (_lock)
        {
            generation = _generation;
            if (_state == CircuitState.HalfOpen && _underTrial + _wentWell < _options.Trials)
            {
                _underTrial++;
                return true;
            }

            if (_state == CircuitState.Closed)
            {
                return true;
            }
        }

        NoteRejected();
        return false;
    }

    /// <summary>A request was turned away.</summary>
    internal void NoteRejected() => Interlocked.Increment(ref _rejected);

    /// <summary>A call that was let pass is over.</summary>
    internal void Record(in AttemptReport report, int generation)
    {
        if (report.Outcome == AttemptOutcome.Abandoned)
        {
            Abandon(generation);
        }
        else
        {
            Record(IsFailure(report), generation);
        }
    }

    /// <summary>A call that was let pass came to nothing, which says nothing.</summary>
    internal void Abandon(int generation)
    {
        lock (_lock)
        {
            if (generation == _generation && _underTrial > 0)
            {
                _underTrial--;
            }
        }
    }

    private void Record(bool hasFailed, int generation)
    {
        if (_state == CircuitState.Closed)
        {
            if (generation == Generation)
            {
                Judge(hasFailed);
                if (hasFailed && _verdict.CircuitState == Polly.CircuitBreaker.CircuitState.Open)
                {
                    Become(CircuitState.Open, generation);
                }
            }

            return;
        }

        lock (_lock)
        {
            if (generation != _generation || _state != CircuitState.HalfOpen)
            {
                return;
            }

            _tried++;
            _underTrial = Math.Max(0, _underTrial - 1);
            if (!hasFailed && ++_wentWell < _options.Trials)
            {
                return;
            }
        }

        Judge(hasFailed);
        if (_verdict.CircuitState == Polly.CircuitBreaker.CircuitState.Closed)
        {
            Become(CircuitState.Closed, generation);
        }
        else
        {
            Become(CircuitState.Open, generation);
        }
    }

    /// <summary>Ends its timer, once nobody asks it any more.</summary>
    internal void Retire() => _timer?.Dispose();

    /// <summary>Has whoever hears of changes hear of what it does now.</summary>
    internal void Publish()
    {
        if (_changed is not null)
        {
            lock (_tellLock)
            {
                _changed(this); // reads the state as it is by then
            }
        }
    }

    /// <summary>Begins to try where the time is over.</summary>
    private void TryBeginTrials()
    {
        int generation;
        lock (_lock)
        {
            if (_state != CircuitState.Open)
            {
                return;
            }

            if (_openUntil - _time.GetUtcNow() is var left && left > TimeSpan.Zero)
            {
                _timer?.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan); // timers are early by a tick
                return;
            }

            generation = _generation;
        }

        Become(CircuitState.HalfOpen, generation);
    }

    /// <summary>Has Polly take one more call into account, which is over already.</summary>
    private void Judge(bool hasFailed)
    {
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        var run = _judge.ExecuteOutcomeAsync(
            static (_, failed) => new ValueTask<Outcome<bool>>(Outcome.FromResult(failed)), context, hasFailed);
        if (run.IsCompletedSuccessfully)
        {
            _ = run.Result;
            ResilienceContextPool.Shared.Return(context);
        }
        else
        {
            _ = Observe(run.AsTask()); // its context is not lent again
        }
    }

    private async Task Observe(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _log.Failed(e, Name);
        }
    }

    /// <summary>Polly opens the circuit, and asks for how long.</summary>
    private TimeSpan NoteOpening()
    {
        lock (_lock)
        {
            _openings++;

            // A user's code under a lock, since Polly asks while it holds its own and needs the answer.
            var time = BreakDurationOf(_openings);
            time = time < Shortest ? Shortest : time > Longest ? Longest : time;
            _openUntil = _time.GetUtcNow() + time;
            return time;
        }
    }

    private TimeSpan BreakDurationOf(int openings)
    {
        try
        {
            return _options.BreakDurationFor?.Invoke(openings) ?? _options.BreakDuration;
        }
        catch (Exception e)
        {
            _log.Failed(e, Name); // a user's code; the circuit opens all the same
            return _options.BreakDuration;
        }
    }

    private void Become(CircuitState state, int? generation)
    {
        CircuitTransition transition;
        lock (_lock)
        {
            if (_state == state || (generation is { } of && of != _generation))
            {
                return;
            }

            var now = _time.GetUtcNow();
            if (state == CircuitState.Open && _openUntil <= now)
            {
                _openUntil = now + _options.BreakDuration; // a trial that came before Polly's own clock allowed one
            }

            transition = new(Name, _state, state, state == CircuitState.Open ? _openUntil - now : TimeSpan.Zero);
            _opened += state is CircuitState.Open or CircuitState.Isolated ? 1 : 0;
            _state = state;
            _generation++;
            _underTrial = _wentWell = 0;
            if (state == CircuitState.Closed)
            {
                _openings = 0;
            }

            _timer?.Change(state == CircuitState.Open ? _openUntil - now : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Publish();
        _log.CircuitChanged(transition.Circuit, transition.From.ToString(), transition.To.ToString(), transition.BreakFor);
        try
        {
            _options.OnTransition?.Invoke(transition);
        }
        catch (Exception e)
        {
            _log.Failed(e, Name); // a user's code
        }
    }

    private bool IsFailure(in AttemptReport report)
    {
        try
        {
            return _options.IsFailure is { } test
                ? test(report)
                : report.Outcome != AttemptOutcome.Responded
                    || (_options.FailureStatus?.Invoke(report.Status) ?? report.Status is >= 500 and not (501 or 505))
                    || (_options.SlowAfter is { } limit && report.Duration > limit);
        }
        catch (Exception e)
        {
            _log.Failed(e, Name); // a user's code
            return true;
        }
    }
}
