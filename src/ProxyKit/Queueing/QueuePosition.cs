namespace ProxyKit.Queueing;

/// <summary>Where a request stands among those of its class and key. HAProxy: <c>set-priority-offset</c>.</summary>
/// <param name="Time">When it came, or is to count as having come, in milliseconds of the timer wheel's clock.</param>
/// <param name="Number">Tells those apart that came at once: lower goes first.</param>
internal readonly record struct QueuePosition(long Time, long Number) : IComparable<QueuePosition>
{
    public int CompareTo(QueuePosition other) => Time != other.Time ? Time.CompareTo(other.Time) : Number.CompareTo(other.Number);
}
