namespace ProxyKit.Queueing;

/// <summary>How many of a queue get their slots in a time, measured while somebody waits: an idle queue says nothing about how fast it would be.
/// Guarded by its owner.</summary>
internal sealed class DrainRate
{
    /// <summary>How much of the past counts, in milliseconds.</summary>
    private const double Memory = 1000;

    private double _rate; // per millisecond, of the time before the stretch that is being measured; 0 where it is not known
    private long _since;
    private int _count;

    /// <summary>Somebody waits from now on.</summary>
    public void Begin(long now) => (_since, _count) = (now, 0);

    /// <summary>One got a slot.</summary>
    public void Count(long now)
    {
        _count++;
        if (now - _since >= Memory)
        {
            Fold(now);
        }
    }

    /// <summary>Nobody waits any more.</summary>
    public void End(long now) => Fold(now);

    /// <summary>How many a millisecond; null where it is not known.</summary>
    /// <param name="now">The time: a stretch in which nobody gets a slot counts.</param>
    public double? Read(long now)
    {
        var rate = Estimate(now);
        return rate > 0 ? rate : null;
    }

    private void Fold(long now)
    {
        _rate = Estimate(now);
        (_since, _count) = (now, 0);
    }

    /// <summary>What is measured now, mixed with what was before by how long it has been measured.</summary>
    private double Estimate(long now)
    {
        double elapsed = Math.Max(0, now - _since);
        if (elapsed >= Memory)
        {
            return Math.Max(_count, 1) / elapsed; // none for so long: then not more than one in that time
        }

        if (_rate <= 0)
        {
            return elapsed > 0 ? _count / elapsed : 0;
        }

        var weight = elapsed / Memory;
        return elapsed > 0 ? ((1 - weight) * _rate) + (weight * (_count / elapsed)) : _rate;
    }
}
