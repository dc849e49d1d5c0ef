using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Logging;
using ProxyKit.Stickiness;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>The attempts of an exchange or a tunnel to reach a server: which one is picked, the connecting, and whether and where there is
/// another attempt. One flow uses it; <see cref="GiveUp"/> may come from any thread.</summary>
internal sealed partial class ServerAttempts
{
    private WorkLimit? _current;
    private DataPath? _path;
    private BackendPolicy? _target;
    private HttpExchange? _exchange; // null in TCP mode
    private Server? _avoid, _left; // not to be chosen again if it can be helped, and the one to count that for when another is
    private bool _entered, _isFinal, _isReported, _isRetry, _isBound, _isBalanced, _isListed;
    private int _generation;
    private IServerSession? _owner; // whose attempts they are, for those who may have to cut it
    private long _number;
    private volatile bool _isGivenUp, _isCut; // all of them, and the one under way

    /// <summary>The server of this attempt, or of the last one.</summary>
    public Server? Server { get; private set; }

    /// <summary>What ties it to one server, set before the first attempt; nothing any more once that server was given up.</summary>
    public Direction Direction { get; set; }

    public int Retries { get; private set; }

    /// <summary>How the last attempt went; null before one has gone anywhere.</summary>
    public AttemptReport? Last { get; private set; }

    /// <summary>Whether a retry went to another server.</summary>
    public bool Redispatched { get; private set; }

    /// <summary>Whether the next attempt keeps the server, and needs a new connection to it.</summary>
    public bool KeepsServer { get; private set; }

    public void Reset()
    {
        _current = null;
        _waiting = null;
        _waitsFor = null;
        _path = null;
        _target = null;
        _exchange = null;
        PickedAt = QueueEndedAt = 0;
        QueuePositions = default;
        Last = null;
        ProxyHeader = RequestedName = PoolName = null;
        ConnectError = null;
        Server = _avoid = _left = null;
        _failedAt?.Clear();
        _seeksUntried = false;
        Direction = default;
        Retries = 0;
        Redispatched = KeepsServer = _entered = _isFinal = _isReported = _isRetry = _isBound = _isBalanced = _isListed = _isGivenUp = _isCut = false;
        _owner = null;
        _number = SentAt = 0;
    }

    /// <summary>Says whose attempts they are.</summary>
    public void BelongTo(IServerSession owner, long number) => (_owner, _number) = (owner, number);

    /// <summary>When the server was chosen and had a slot free; 0 before that. Another time after each attempt.</summary>
    public long PickedAt { get; private set; }

    /// <summary>When the whole of a request was sent whose body came bit by bit: the client's time is none of the server's. 0 before, and for others.</summary>
    public long SentAt { get; set; }

    /// <summary>When the last choice or wait was over, also one that led to no server; 0 before that.</summary>
    public long QueueEndedAt { get; private set; }

    /// <summary>Its places in the queues it waited in, from 1: how many had been served there when it left, itself included.</summary>
    public QueuePositions QueuePositions { get; private set; }

    /// <summary>Tells how the attempt went, to those who judge the server by it.</summary>
    public void Report(AttemptOutcome outcome, int status, bool wasReused)
    {
        if (_isReported || !_entered)
        {
            return;
        }

        if (outcome == AttemptOutcome.ConnectFailed && ConnectError == TransportError.TlsCertificate && RequestedName is not null)
        {
            outcome = AttemptOutcome.Abandoned; // the name is the client's choice, and that the server does not have it no fault of its own
        }

        _isReported = true;
        EndRetry(); // what follows is no attempt any more, and may last
        var (server, path) = (Server!, _path!); // entered, so there are both
        var report = new AttemptReport
        {
            Server = server,
            Exchange = _exchange,
            Outcome = outcome,
            Status = status,
            WasReused = wasReused,
            Generation = _generation,
            Duration = path.Time.GetElapsedTime(SentAt != 0 ? SentAt : PickedAt),
        };
        Last = report;
        try
        {
            foreach (var observer in server.Observers)
            {
                observer.OnAttempt(report);
            }

            _target!.Backend.Strategy.Report(report); // entered, so there is one
        }
        catch (Exception e)
        {
            path.Log.Failed(e, server.ToString()); // a user's strategy or logger
        }
    }

    /// <summary>What a failure tells about the server.</summary>
    public static AttemptOutcome OutcomeOf(Termination failure) => failure switch
    {
        { Cause: TerminationCause.ServerTimeout, Phase: ExchangePhase.Connect } => AttemptOutcome.ConnectTimedOut,
        { Cause: TerminationCause.ServerAbort, Phase: ExchangePhase.Connect } => AttemptOutcome.ConnectFailed,
        { Cause: TerminationCause.ServerTimeout, Phase: ExchangePhase.Headers } => AttemptOutcome.TimedOut,
        { Cause: TerminationCause.ServerAbort, Phase: ExchangePhase.Headers } => AttemptOutcome.Closed,
        { Cause: TerminationCause.Proxy, Phase: ExchangePhase.Headers } => AttemptOutcome.InvalidResponse,
        _ => AttemptOutcome.Abandoned,
    };

    /// <summary>What it means that no server could be had.</summary>
    public static Termination TerminationOf(PickStatus status) => status switch
    {
        PickStatus.QueueFull => new(TerminationCause.ServerAbort, ExchangePhase.Queue),
        PickStatus.QueueTimedOut => new(TerminationCause.ServerTimeout, ExchangePhase.Queue),
        PickStatus.GivenUp => new(TerminationCause.ClientAbort, ExchangePhase.Queue),
        _ => new(TerminationCause.ServerAbort, ExchangePhase.Connect),
    };

    /// <summary>Gives the slot of an attempt that is over back; the server stays the last one.</summary>
    public void EndAttempt() => GiveBack();

    /// <summary>Gives the slot on the server back, where there is one.</summary>
    public void Leave()
    {
        EndRetry();
        GiveBack();
    }

    private void EndRetry()
    {
        if (_isRetry)
        {
            _isRetry = false;
            _target!.Backend.State.EndRetry(); // a retry follows an attempt
        }
    }

    private void GiveBack()
    {
        if (!_entered)
        {
            return;
        }

        _entered = false;
        if (!_isReported)
        {
            Report(AttemptOutcome.Abandoned, 0, wasReused: false);
        }

        var state = Server!.State; // entered, so there is one
        if (_isListed)
        {
            _isListed = false;
            state.Sessions.Remove(_owner!, _number); // listed, so there is one
        }

        state.Leave(_generation);
        _target!.Queue.OnSlotFreed(state);
    }

    /// <summary>Has the next attempt go to the same server on a new connection; this counts as no retry.</summary>
    public void Repeat()
    {
        GiveBack();
        KeepsServer = true;
    }

    /// <summary>Whether the attempt under way is to end, as <see cref="Cut"/> said.</summary>
    public bool IsCut => _isCut;

    /// <summary>Ends the attempt under way; others may follow, after <see cref="Uncut"/>. Any thread, but while there is one: whoever may call it is
    /// waited for before the next step.</summary>
    public void Cut()
    {
        _isCut = true;
        Interlocked.MemoryBarrier(); // before the attempt is read
        Volatile.Read(ref _current)?.Cancel();
        Volatile.Read(ref _waiting)?.GiveUp();
    }

    /// <summary>Before another attempt, or behind one that has been taken over.</summary>
    public void Uncut() => _isCut = false;

    /// <summary>Ends the attempt under way, and all that would follow.</summary>
    public void GiveUp()
    {
        _isGivenUp = true;
        Interlocked.MemoryBarrier(); // before the attempt is read
        Volatile.Read(ref _current)?.Cancel();
        Volatile.Read(ref _waiting)?.GiveUp();
    }

    /// <summary>Does nothing for a time, or until all is given up.</summary>
    /// <returns>Whether the time has passed.</returns>
    public async ValueTask<bool> WaitAsync(DataPath path, TimeSpan time)
    {
        using var attempt = new WorkLimit(path.Wheel);
        Interlocked.Exchange(ref _current, attempt); // before _isGivenUp is read
        if (!_isGivenUp)
        {
            await attempt.WaitAsync(time).ConfigureAwait(false);
        }

        Volatile.Write(ref _current, null);
        return !_isGivenUp;
    }
}
