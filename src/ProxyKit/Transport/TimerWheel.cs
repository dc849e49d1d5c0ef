using System.Diagnostics;

namespace ProxyKit.Transport;

/// <summary>
/// All deadlines of the data path, in one coarse wheel. Setting and clearing a <see cref="Deadline"/> is usually one write: the entry
/// stays in the wheel where it is and, when its slot comes up early, is moved on to where it belongs by then.
/// </summary>
/// <remarks>A deadline fires at or up to two ticks after its time. Time comes from a <see cref="TimeProvider"/>; the wheel stands still
/// while nothing is in it.</remarks>
internal sealed class TimerWheel : IDisposable
{
    /// <summary>The resolution, in milliseconds.</summary>
    public const int TickMilliseconds = 20;

    private const int Slots = 1024; // 20 s a turn; longer deadlines are met once a turn and moved on

    private readonly Lock _lock = new(); // guards _slots, _current, _entries, _running and every entry's links and Slot
    private readonly Deadline?[] _slots = new Deadline?[Slots];
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private long _current; // the tick up to which slots were served
    private int _entries;
    private bool _running;

    public TimerWheel(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static wheel => ((TimerWheel)wheel!).Advance(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Milliseconds since the wheel was made.</summary>
    public long Now => (long)_time.GetElapsedTime(_start).TotalMilliseconds;

    public TimeProvider Time => _time;

    public void Dispose() => _timer.Dispose();

    /// <summary>Puts the entry into the slot of its due time, or nearer than where it is now.</summary>
    internal void Insert(Deadline entry, long due)
    {
        lock (_lock)
        {
            var tick = (due / TickMilliseconds) + 1;
            if (entry.Tick >= 0)
            {
                if (entry.Tick <= tick)
                {
                    return;
                }

                Unlink(entry);
            }

            if (!_running)
            {
                _running = true;
                _current = Now / TickMilliseconds;
                _timer.Change(TimeSpan.FromMilliseconds(TickMilliseconds), TimeSpan.FromMilliseconds(TickMilliseconds));
            }

            Link(entry, Math.Max(tick, _current + 1));
        }
    }

    /// <summary>Takes the entry out for good.</summary>
    internal void Remove(Deadline entry)
    {
        lock (_lock)
        {
            if (entry.Tick >= 0)
            {
                Unlink(entry);
            }
        }
    }

    private void Advance()
    {
        var now = Now;
        lock (_lock)
        {
            var until = now / TickMilliseconds;
            if (until - _current > Slots)
            {
                _current = until - Slots; // every slot once is enough, however long the clock jumped
            }

            while (_current < until)
            {
                _current++;
                var entry = _slots[_current % Slots];
                while (entry is not null)
                {
                    var next = entry.Next;
                    if (entry.Tick <= _current)
                    {
                        Unlink(entry);
                        Meet(entry, now);
                    }

                    entry = next;
                }
            }

            if (_entries == 0 && _running)
            {
                _running = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>An entry whose slot came up: fire it, move it on, or leave it out because it is cleared.</summary>
    private void Meet(Deadline entry, long now)
    {
        Interlocked.MemoryBarrier(); // Tick was cleared before Due is read; the owner writes Due before it reads Tick
        var due = entry.Due;
        if (due == Deadline.Never || entry.HasFired)
        {
            return; // fired: it was put in by a set that lost against the firing
        }

        if (due > now)
        {
            Link(entry, Math.Max((due / TickMilliseconds) + 1, _current + 1));
        }
        else if (entry.TryFire(due))
        {
            ThreadPool.UnsafeQueueUserWorkItem(entry, preferLocal: false);
        }
        else
        {
            Link(entry, _current + 1); // changed under our eyes: look again at the next tick
        }
    }

    private void Link(Deadline entry, long tick)
    {
        Debug.Assert(entry.Tick < 0, "an entry is in one slot at most");
        ref var head = ref _slots[tick % Slots];
        entry.Tick = tick;
        entry.Previous = null;
        entry.Next = head;
        if (head is not null)
        {
            head.Previous = entry;
        }

        head = entry;
        _entries++;
    }

    private void Unlink(Deadline entry)
    {
        if (entry.Previous is null)
        {
            _slots[entry.Tick % Slots] = entry.Next;
        }
        else
        {
            entry.Previous.Next = entry.Next;
        }

        if (entry.Next is not null)
        {
            entry.Next.Previous = entry.Previous;
        }

        entry.Next = entry.Previous = null;
        entry.Tick = -1;
        _entries--;
    }
}
