namespace ProxyKit.Transport;

/// <summary>
/// A time limit on what its owner is waiting for. The owner sets it before a wait and clears it after; <see cref="Clear"/> tells whether
/// it fired, and whoever reads true there owns the consequence: exactly one of "in time" and "too late" is ever seen.
/// </summary>
internal abstract class Deadline(TimerWheel wheel) : IThreadPoolWorkItem
{
    public const long Never = long.MaxValue;
    private const long Fired = -1;

    private long _due = Never;
    private long _tick = -1;

    internal Deadline? Next { get; set; }

    internal Deadline? Previous { get; set; }

    /// <summary>The tick of the slot it is in; -1 when in none. Guarded by the wheel's lock.</summary>
    internal long Tick
    {
        get => Volatile.Read(ref _tick);
        set => Volatile.Write(ref _tick, value);
    }

    internal long Due => Volatile.Read(ref _due);

    internal TimerWheel Wheel { get; } = wheel;

    /// <summary>Whether the time passed and <see cref="Clear"/> has not been called since.</summary>
    public bool HasFired => Due == Fired;

    /// <summary>Whether a time is set and has not passed.</summary>
    public bool IsSet => Due is not (Never or Fired);

    /// <summary>Sets the limit, from now; null sets none.</summary>
    public void Set(TimeSpan? limit)
    {
        if (limit is null)
        {
            Interlocked.Exchange(ref _due, Never);
            return;
        }

        SetAt(Wheel.Now + Math.Max(1, (long)limit.Value.TotalMilliseconds));
    }

    /// <summary>Sets the limit to a time of the wheel's clock.</summary>
    public void SetAt(long due)
    {
        Interlocked.Exchange(ref _due, due);
        var tick = Tick; // read without the lock: the wheel takes an entry out before it reads the due time, so none is lost
        if (tick < 0 || tick > (due / TimerWheel.TickMilliseconds) + 1)
        {
            Wheel.Insert(this, due);
        }
    }

    /// <summary>Takes the limit back.</summary>
    /// <returns>True when it had fired: what was waited for has been given up, or is about to be.</returns>
    public bool Clear() => Interlocked.Exchange(ref _due, Never) == Fired;

    /// <summary>Takes the entry out of the wheel, at the end of its owner's life.</summary>
    public void Retire()
    {
        Interlocked.Exchange(ref _due, Never);
        Wheel.Remove(this);
    }

    void IThreadPoolWorkItem.Execute() => OnFired();

    internal bool TryFire(long due) => Interlocked.CompareExchange(ref _due, Fired, due) == due;

    /// <summary>Gives up what the owner waits for. On a pool thread; the owner may have gone on meanwhile, so nothing that
    /// must not hit a later wait.</summary>
    protected abstract void OnFired();
}
