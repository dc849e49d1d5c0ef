namespace ProxyKit.Queueing;

/// <summary>What a request brings along to a queue.</summary>
/// <param name="Class">Lower goes first, whatever the time. HAProxy: <c>set-priority-class</c>.</param>
/// <param name="Offset">What is added to the time it came, in milliseconds. HAProxy: <c>set-priority-offset</c>.</param>
/// <param name="Key">Whose request it is, where keys take turns; 0 where nothing is shared out.</param>
/// <param name="Weight">How many requests of the key go at each of its turns; 1 or more.</param>
internal readonly record struct WaitTicket(int Class, int Offset, ulong Key = 0, int Weight = 1);
