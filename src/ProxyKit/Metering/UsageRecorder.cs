using Microsoft.Extensions.Logging;

namespace ProxyKit.Metering;

/// <summary>
/// Brings events to a store: whoever has one adds it to a lane, a thread of its own takes what has gathered in all lanes and writes it, and
/// whoever waits for that is told.
/// </summary>
/// <remarks>
/// Nothing is left out and nothing grows without bound. Where the lanes are full, who has an event waits for room. Where the store fails, what was
/// taken is kept and tried again, and <see cref="IsAccepting"/> turns false at three quarters of the bound, so that the last quarter is left
/// to those who are under way; only what finds no room even there, while the store fails, is lost, and counted and told. Nobody is forgotten:
/// an event is in its lane before the writer is woken, and the writer says that it is awake before it looks at the lanes.
/// </remarks>
internal sealed partial class UsageRecorder : IAsyncDisposable
{
    private const int LeastLane = 64 * 1024;
    private const int MostLanes = 16;

    private readonly Lock _lock = new(); // guards _awaitingRoom, _work and _isEnded
    private readonly List<UsageTicket> _awaitingRoom = [];
    private readonly List<(Action Work, TaskCompletionSource Done)> _work = [];
    private readonly IUsageSink _sink;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly UsageLane[] _lanes;
    private readonly AutoResetEvent _wake = new(false);
    private readonly AutoResetEvent _retry = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _flushTimer;
    private readonly ITimer _retryTimer;
    private readonly Thread _writer;
    private long _written, _lost, _refused, _number;
    private int _isWoken, _isClosing;
    private bool _isEnded;
    private volatile bool _isFailing;
    private volatile int _laneLimit;

    public UsageRecorder(IUsageSink sink, UsageBounds bounds, ILogger log, TimeProvider time, string name)
    {
        _sink = sink;
        _log = log;
        _time = time;
        Name = name;
        _lanes = new UsageLane[Math.Clamp(bounds.MaxBufferedBytes / LeastLane, 1, Math.Min(Environment.ProcessorCount, MostLanes))];
        for (var i = 0; i < _lanes.Length; i++)
        {
            _lanes[i] = new UsageLane();
        }

        _flushTimer = time.CreateTimer(static me => ((UsageRecorder)me!).OnFlushDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retryTimer = time.CreateTimer(static me => ((UsageRecorder)me!)._retry.Set(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Use(bounds);
        _writer = new Thread(Run) { IsBackground = true, Name = "ProxyKit usage" };
        _writer.Start();
    }

    /// <summary>The store's name, for messages.</summary>
    public string Name { get; }

    /// <summary>Tells the events of this recorder from those of others: the first half of their ids.</summary>
    public ulong Origin { get; } = (ulong)Random.Shared.NextInt64(1, long.MaxValue) * 2 + (ulong)Random.Shared.Next(2);

    /// <summary>How many events are safe.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>How many were lost, since the store failed and there was no room to keep them.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>How many requests were turned away, since what they used could not have been kept.</summary>
    public long TurnedAway => Volatile.Read(ref _refused);

    /// <summary>Whether requests may begin: false while the store fails and three quarters of the room are taken.</summary>
    public bool IsAccepting => !_isFailing || Buffered < _laneLimit / 4L * 3 * _lanes.Length;

    private long Buffered
    {
        get
        {
            var sum = 0L;
            foreach (var lane in _lanes)
            {
                sum += lane.Length;
            }

            return sum;
        }
    }

    /// <summary>Changes the bounds, from now on.</summary>
    public void Use(UsageBounds bounds)
    {
        _laneLimit = Math.Max(LeastLane, bounds.MaxBufferedBytes / _lanes.Length);
        _flushTimer.Change(bounds.FlushInterval, bounds.FlushInterval);
    }

    /// <summary>The id of the next event.</summary>
    public UInt128 NextId() => new(Origin, (ulong)Interlocked.Increment(ref _number));

    /// <summary>Notes that a request was turned away since <see cref="IsAccepting"/> is false.</summary>
    public void NoteTurnedAway() => Interlocked.Increment(ref _refused);

    /// <summary>Adds an event.</summary>
    /// <param name="ticket">The event. After false it must not be used again.</param>
    /// <param name="untilSafe">Whether to wait until it is safe.</param>
    /// <returns>Whether the event is in, and safe where that was asked for. False where the store fails: the event may be written later all
    /// the same.</returns>
    public ValueTask<bool> AddAsync(UsageTicket ticket, bool untilSafe) =>
        TryAdd(ticket, untilSafe, out var wait, out var wasTold) ? wait : AddWhenRoomAsync(ticket, untilSafe, wasTold);

    /// <summary>Does some work between two writes, on the writer's thread, behind the events that are there.</summary>
    public Task InvokeAsync(Action work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosing != 0, this);
            _work.Add((work, done));
        }

        Wake();
        return done.Task;
    }

    /// <summary>Has everything that is here written.</summary>
    public Task FlushAsync() => InvokeAsync(static () => { });

    /// <summary>Has everything that is here written soon, and waits for nothing.</summary>
    public void WriteSoon() => Wake();

    /// <summary>Writes what is here, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _isClosing = 1;
        }

        _retry.Set();
        Wake();
        await _ended.Task.ConfigureAwait(false);
        await _flushTimer.DisposeAsync().ConfigureAwait(false);
        await _retryTimer.DisposeAsync().ConfigureAwait(false);
    }

    /// <param name="ticket">The event.</param>
    /// <param name="untilSafe">Whether to wait until it is safe.</param>
    /// <param name="wait">The wait, where it is in.</param>
    /// <param name="wasTold">Whether somebody has ended a wait that came to nothing: it is over once it was awaited.</param>
    private bool TryAdd(UsageTicket ticket, bool untilSafe, out ValueTask<bool> wait, out bool wasTold)
    {
        wasTold = false;
        var waits = untilSafe && !_isFailing; // nobody waits for a store that fails: the event is kept, and the answer is not given
        if (waits)
        {
            ticket.Begin();
        }

        var first = Thread.GetCurrentProcessorId();
        for (var i = 0; i < _lanes.Length; i++)
        {
            var lane = _lanes[(uint)(first + i) % (uint)_lanes.Length];
            if (lane.TryAdd(ticket.Record, waits ? ticket : null, _laneLimit))
            {
                if (waits || lane.Length > _laneLimit / 2)
                {
                    Wake();
                }

                wait = waits ? ticket.Task : new(!untilSafe);
                return true;
            }
        }

        wasTold = waits && !ticket.TryTakeBack();
        wait = default;
        return false;
    }

    private async ValueTask<bool> AddWhenRoomAsync(UsageTicket ticket, bool untilSafe, bool wasTold)
    {
        var goesOn = true; // false once somebody has given up the wait: the event is kept all the same, as long as there will be room
        while (wasTold || !_isFailing)
        {
            if (!wasTold)
            {
                ticket.Begin();
                lock (_lock)
                {
                    if (_isEnded)
                    {
                        break; // nobody will make room any more
                    }

                    _awaitingRoom.Add(ticket);
                }

                Wake(); // room that was made before it was listed was told to nobody
            }

            goesOn = await ticket.Task.ConfigureAwait(false) && !wasTold && goesOn;
            if (TryAdd(ticket, untilSafe && goesOn, out var wait, out wasTold))
            {
                return await wait.ConfigureAwait(false) && goesOn;
            }
        }

        ticket.IsLost = true;
        NoteLost();
        return false;
    }

    private void NoteLost()
    {
        var lost = Interlocked.Increment(ref _lost);
        if (long.IsPow2(lost))
        {
            _log.EventsLost(Name, lost); // each time it doubles: loud, and no flood
        }
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            _wake.Set();
        }
    }

    private void OnFlushDue()
    {
        if (Buffered > 0)
        {
            Wake();
        }
    }
}
