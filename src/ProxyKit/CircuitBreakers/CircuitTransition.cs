namespace ProxyKit.CircuitBreakers;

/// <summary>A circuit breaker has changed its mind.</summary>
/// <param name="Circuit">Which one: <c>backend/server</c>, <c>backend</c>, or <c>backend[key]</c>.</param>
/// <param name="From">What it did until now.</param>
/// <param name="To">What it does from now on.</param>
/// <param name="BreakFor">How long it stays open; zero where it does not open.</param>
public readonly record struct CircuitTransition(string Circuit, CircuitState From, CircuitState To, TimeSpan BreakFor);
