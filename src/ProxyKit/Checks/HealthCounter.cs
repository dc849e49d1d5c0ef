namespace ProxyKit.Checks;

/// <summary>How many results in a row it takes to change one's mind about a server. From 0 to <c>rise - 1</c> it is down, from <c>rise</c> on it is up;
/// at <c>rise + fall - 1</c> it is in full health.</summary>
internal sealed class HealthCounter(int rise, int fall)
{
    public int Rise { get; private set; } = rise;

    public int Fall { get; private set; } = fall;

    public int Value { get; private set; }

    public bool IsUp => Value >= Rise;

    public bool IsFull => Value == Full;

    private int Full => Rise + Fall - 1;

    public void Copy(HealthCounter other) => (Rise, Fall, Value) = (other.Rise, other.Fall, other.Value);

    /// <summary>A good result. Once up, one is enough for full health.</summary>
    public void Pass()
    {
        if (Value < Full)
        {
            Value++;
            Value = IsUp ? Full : Value;
        }
    }

    /// <summary>A bad one. Once down, one takes all hope.</summary>
    public void Fail()
    {
        if (Value > 0)
        {
            Value--;
            Value = IsUp ? Value : 0;
        }
    }

    public void Fill() => Value = Full;

    public void Empty() => Value = 0;

    /// <summary>Up, and one bad result from down.</summary>
    public void SetBarelyUp() => Value = Rise;

    /// <summary>Down, and one good result from up.</summary>
    public void SetBarelyDown() => Value = Rise - 1;

    /// <summary>Lowers what is up so far that two bad results take it down.</summary>
    public void Weaken() => Value = Value > Rise ? Rise + 1 : Value;

    /// <summary>Other limits, in the middle of life: what was up stays so.</summary>
    public void SetLimits(int rise, int fall)
    {
        if ((rise, fall) == (Rise, Fall))
        {
            return;
        }

        var (wasUp, wasFull, missing) = (IsUp, IsFull, Full - Value);
        (Rise, Fall) = (rise, fall);
        Value = wasFull ? Full : wasUp ? Math.Max(Rise, Full - missing) : Math.Min(Value, Rise - 1);
    }

    /// <summary>As statistics and logs show it: <c>2/3</c> of the way out of up, or of the way out of down.</summary>
    public (int Current, int Most) Progress => IsUp ? (Value - Rise + 1, Fall) : (Value, Rise);
}
