using ProxyKit.Backends;
using ProxyKit.CircuitBreakers;
using ProxyKit.Http;
using ProxyKit.Identities;
using ProxyKit.Queueing;
using ProxyKit.Rules;
using ProxyKit.Stickiness;

namespace ProxyKit.Exchanges;

/// <summary>What is kept of an exchange that waits for a slot: its place in the queue, and what another <see cref="ServedExchange"/> needs to go on with
/// it. Thousands may wait, so parts that hold nothing are left out, and the head is read once more where nobody has changed it.</summary>
/// <remarks>The client's session has it for the time of the wait. Objects are reused: <see cref="Reset"/> brings every field back but the spare waiter.</remarks>
internal sealed class ParkedExchange : IDepartureObserver
{
    private readonly Lock _lock = new(); // guards _down
    private IDownstream? _down;
    private volatile bool _clientLeft;

    /// <summary>The one in the queue; when nothing is parked here, one to use again.</summary>
    public Waiter? Waiter { get; set; }

    /// <summary>The server it waits for; null for any.</summary>
    public Server? WaitsFor { get; set; }

    /// <summary>What ties it to one server.</summary>
    public Direction Direction { get; set; }

    /// <summary>Whether its client is bound to the server it waits for, and whether a balancing strategy has chosen that.</summary>
    public (bool IsBound, bool IsBalanced) Choice { get; set; }

    /// <summary>The frontend as it was when the request came.</summary>
    public FrontendPolicy? Policy { get; set; }

    /// <summary>The backend that was chosen for it then.</summary>
    public BackendPolicy? Target { get; set; }

    /// <summary>The head as it came; empty where something has changed it.</summary>
    public ReadOnlyMemory<byte> Head { get; set; }

    /// <summary>The head, where something has changed it.</summary>
    public RequestHead? Request { get; set; }

    /// <summary>The method that the client sent.</summary>
    public RequestMethod ClientMethod { get; set; }

    /// <summary>The body.</summary>
    public BodySegment Body { get; set; }

    /// <summary>What rules keep of the request, where they keep anything.</summary>
    public RuleContext? Context { get; set; }

    /// <summary>The row of the frontend's policy that was about the request: all that many a request has in its context.</summary>
    public PolicyRowName? PolicyRow { get; set; }

    /// <summary>What binds the client to a server, where the backend does that.</summary>
    public ClientBinding? Binding { get; set; }

    /// <summary>The circuits that have let the request pass, where there are any.</summary>
    public (CircuitBreaker Circuit, int Generation)[] Admissions { get; set; } = [];

    /// <summary>Who the client is.</summary>
    public ClientPrincipal? Principal { get; set; }

    /// <summary>When it began and when its head was here.</summary>
    public (long StartedAt, long RequestAt) Times { get; set; }

    /// <summary>Its number among those of the proxy.</summary>
    public long Number { get; set; }

    /// <summary>Whether it may be sent more than once, and whether the server's connection is closed behind it.</summary>
    public (bool MayReplay, bool ClosesServer) Sending { get; set; }

    /// <summary>How many rewrites had failed before the backend was chosen, and before the request was made ready for a server.</summary>
    public (int Backend, int Server) FailedBefore { get; set; }

    /// <summary>Whether the client has left meanwhile, and that ends it.</summary>
    public bool ClientLeft => _clientLeft;

    /// <summary>The end of the wait.</summary>
    public ValueTask<bool> Ended => Waiter!.Ended; // it is in the queue

    /// <summary>Has the client be watched from here on.</summary>
    public void Begin(IDownstream down)
    {
        lock (_lock)
        {
            _down = down;
        }

        down.Park(this);
    }

    /// <summary>The wait is over, and nobody is to end it any more.</summary>
    public void End()
    {
        lock (_lock)
        {
            _down = null;
        }
    }

    /// <summary>Ends the wait. Any thread.</summary>
    /// <param name="down">Whose wait is meant: the object may serve another client by now.</param>
    public void GiveUp(IDownstream down)
    {
        lock (_lock)
        {
            if (_down == down)
            {
                Waiter!.GiveUp(); // it is in the queue, or was a moment ago
            }
        }
    }

    void IDepartureObserver.OnClientLeft()
    {
        if (Target!.Backend.AbortOnClose) // parked with one
        {
            _clientLeft = true;
            Waiter!.GiveUp(); // likewise
        }
    }

    /// <summary>Makes the object ready for another wait.</summary>
    public void Reset()
    {
        WaitsFor = null;
        Direction = default;
        Choice = default;
        Policy = null;
        Target = null;
        Head = default;
        Request = null;
        ClientMethod = default;
        Body = default;
        Context = null;
        PolicyRow = null;
        Binding = null;
        Admissions = [];
        Principal = null;
        Times = default;
        Number = 0;
        Sending = default;
        FailedBefore = default;
        _clientLeft = false;
    }
}
