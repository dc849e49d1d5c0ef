using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Rules;
using ProxyKit.Statistics;
using ProxyKit.Transport;

namespace ProxyKit.Exchanges;

/// <summary>An attempt beside the exchange's own: chooses another server, sends it the request and reads the head of its response. Owns its connection and its slot until
/// the exchange takes them over.</summary>
internal sealed class HedgedAttempt(HedgeRace race, HedgeRequest request, List<Server> servers)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Http1Upstream? _upstream;
    private volatile bool _isCancelled;

    /// <summary>Its server and its slot.</summary>
    public ServerAttempts Attempts { get; } = new();

    /// <summary>The head of the response, once it has won.</summary>
    public ResponseHead Response { get; set; } = new();

    /// <summary>When its connection stood, and when the head was there.</summary>
    public long ConnectedAt { get; private set; }

    public long RespondedAt { get; private set; }

    public bool IsReused { get; private set; }

    /// <summary>When it is over, and uses nothing of the exchange's any more. Never fails.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Its connection, once it has won.</summary>
    public Http1Upstream Upstream => _upstream ?? throw new InvalidOperationException("An attempt that has no connection cannot have won.");

    /// <summary>Gives it up. Any thread.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        Attempts.GiveUp();
        Volatile.Read(ref _upstream)?.Abort(); // or Use finds out
    }

    /// <summary>Runs it to its end. Nothing is thrown: what fails here has the first attempt go on alone.</summary>
    public async Task RunAsync(double share)
    {
        var backend = request.Target.Backend;
        var (isCounted, hasWon) = (false, false);
        try
        {
            isCounted = backend.TryBeginHedge(share);
            hasWon = isCounted && await TryAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            request.Path.Log.Failed(e, backend.Name); // a user's strategy threw
        }

        if (!hasWon)
        {
            Drop();
            Attempts.Leave();
        }

        if (isCounted)
        {
            backend.State.EndRetry();
        }

        race.OnEnded();
        _ended.SetResult();
    }

    private async ValueTask<bool> TryAsync()
    {
        if (!Attempts.TryPickAnother(request.Path, request.Target, request.Context, servers))
        {
            return false;
        }

        var server = Attempts.Server!; // picked
        race.OnPicked(server);
        var idle = request.TakeIdle(server);
        if (idle is not null)
        {
            server.State.Count(TrafficEvent.Reuse);
        }

        while (true)
        {
            IsReused = idle is not null;
            if (idle is null)
            {
                var opened = await Attempts.OpenAsync(request.Path, request.Context, pool: null, request.ConnectTimeout).ConfigureAwait(false);
                if (opened.Connection is null)
                {
                    return Failed(ServerAttempts.OutcomeOf(ServerAttempts.TerminationOf(opened.Error)));
                }

                idle = new Http1Upstream(opened.Connection, request.Path.Pool, request.Path.Wheel)
                {
                    Closed = server.Sockets?.Closed,
                    Resets = request.Target.Backend.ResetsConnections,
                    ProxyHeader = Attempts.ProxyHeader,
                    Marks = request.Context.Settings.ServerMarks,
                };
            }

            if (!Use(idle))
            {
                return false;
            }

            var head = await ExchangeAsync(idle).ConfigureAwait(false);
            if (head.Status == HeadStatus.Complete)
            {
                return IsAnswer() ? race.TryWin(this) : Responded();
            }

            var diedIdle = IsReused && !head.AnyByte && head.Status is not (HeadStatus.TimedOut or HeadStatus.Refused);
            if (!diedIdle || _isCancelled)
            {
                return Failed(head.Status switch
                {
                    HeadStatus.TimedOut => AttemptOutcome.TimedOut,
                    HeadStatus.Refused => AttemptOutcome.InvalidResponse,
                    _ => AttemptOutcome.Closed,
                });
            }

            Drop(); // it had died idle, which is no fault of the server
            idle = null;
        }
    }

    /// <summary>Sends the request and reads the head of the final response. Informational ones are the first attempt's alone to pass on.</summary>
    private async ValueTask<HeadResult> ExchangeAsync(Http1Upstream upstream)
    {
        ConnectedAt = request.Path.Time.GetTimestamp();
        var sent = await upstream.SendRequestAsync(request.Head, request.Body, request.Trailers).ConfigureAwait(false);
        if (sent.Error is TransportError.TimedOut)
        {
            return new(HeadStatus.TimedOut, 0, null, AnyByte: false);
        }

        while (true)
        {
            var head = await upstream.ReceiveResponseAsync(Response, request.Head.Method).ConfigureAwait(false);
            if (head.Status != HeadStatus.Complete || Response is not { IsInformational: true, Status: not 101 })
            {
                RespondedAt = request.Path.Time.GetTimestamp();
                return head;
            }

            upstream.Buffer.ReleaseIfEmpty();
        }
    }

    /// <summary>Whether the response is one that the exchange would pass on.</summary>
    private bool IsAnswer() => Response.Status != 101 && !request.Target.Backend.RetriesOn(Response.Status);

    private bool Responded()
    {
        Attempts.Report(AttemptOutcome.Responded, Response.Status, IsReused);
        return false;
    }

    private bool Failed(AttemptOutcome outcome)
    {
        Attempts.Report(_isCancelled ? AttemptOutcome.Abandoned : outcome, 0, IsReused);
        return false;
    }

    private bool Use(Http1Upstream upstream)
    {
        upstream.Uses++;
        upstream.IsLenient = request.Target.Backend.AcceptsUnsafeResponses;
        upstream.KeepsBothLengths = request.Target.Backend.KeepsBothLengths;
        upstream.InactivityLimit = request.ServerTimeout;
        Interlocked.Exchange(ref _upstream, upstream); // before _isCancelled is read
        return !_isCancelled;
    }

    private void Drop()
    {
        var upstream = _upstream;
        Interlocked.Exchange(ref _upstream, null);
        upstream?.Dispose();
    }
}

/// <summary>What is sent to another server, and how: what the exchange leaves as it is while it races.</summary>
internal readonly record struct HedgeRequest(
    DataPath Path, BackendPolicy Target, RuleContext Context, RequestHead Head, BodySegment Body, ReadOnlyMemory<byte> Trailers,
    TimeSpan? ConnectTimeout, TimeSpan? ServerTimeout, Func<Server, Http1Upstream?> TakeIdle);
