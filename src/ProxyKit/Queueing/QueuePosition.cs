namespace ProxyKit.Queueing;

/// <summary>Where a request stands among those that wait. HAProxy: <c>set-priority-class</c>, <c>set-priority-offset</c>.</summary>
/// <param name="Class">Lower goes first, whatever the time.</param>
/// <param name="Time">When it came, or is to count as having come, in milliseconds of the timer wheel's clock.</param>
/// <param name="Number">Tells those apart that came at once: lower goes first.</param>
internal readonly record struct QueuePosition(int Class, long Time, long Number) : IComparable<QueuePosition>
{
    public int CompareTo(QueuePosition other) =>
        Class != other.Class ? Class.CompareTo(other.Class)
        : Time != other.Time ? Time.CompareTo(other.Time)
        : Number.CompareTo(other.Number);

    /// <summary>Whether it goes before another one of another queue; a tie is no lead.</summary>
    public bool Leads(in QueuePosition other) => Class != other.Class ? Class < other.Class : Time < other.Time;
}
