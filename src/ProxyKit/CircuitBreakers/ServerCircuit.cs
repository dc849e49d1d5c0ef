using ProxyKit.Backends;

namespace ProxyKit.CircuitBreakers;

/// <summary>The circuit of one server: hears how the attempts at it go, and has balancing leave it out.</summary>
internal sealed class ServerCircuit : IAttemptObserver
{
    private volatile bool _isRetired;

    public ServerCircuit(ServerState server, Func<Action<CircuitBreaker>, CircuitBreaker> make)
    {
        Server = server;
        Breaker = make(Tell);
    }

    public ServerState Server { get; }

    public CircuitBreaker Breaker { get; }

    public void OnAttempt(in AttemptReport report) => Breaker.Record(report, report.Generation);

    /// <summary>No configuration has it any more: its server can have all work again.</summary>
    /// <param name="isSucceeded">Whether another one watches over the server from now on, and says what it can have.</param>
    public void Retire(bool isSucceeded)
    {
        _isRetired = true;
        Breaker.Retire();
        Breaker.Publish(); // behind one that is being told
        if (!isSucceeded)
        {
            Server.SetCircuit(isOpen: false, trials: 0, generation: 0);
        }
    }

    /// <summary>Tells the server what the circuit does: changes, and what is found when it takes another's place.</summary>
    private void Tell(CircuitBreaker circuit)
    {
        if (!_isRetired)
        {
            var state = circuit.State;
            Server.SetCircuit(
                isOpen: state is CircuitState.Open or CircuitState.Isolated,
                trials: state == CircuitState.HalfOpen ? circuit.Trials : 0,
                circuit.Generation);
        }
    }
}
