namespace ProxyKit.Statistics;

/// <summary>What a circuit breaker does, and has done.</summary>
/// <param name="Backend">The backend that it stands before.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">0 closed, 1 open, 2 half-open, 3 kept open by hand.</param>
/// <param name="Opened">How often it has opened.</param>
/// <param name="Rejected">How many requests it has turned away.</param>
/// <param name="Tried">How many calls it has tried while half-open.</param>
internal readonly record struct CircuitStatistics(string Backend, string Name, int State, long Opened, long Rejected, long Tried);
