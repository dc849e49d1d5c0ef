using System.Net;
using ProxyKit.Checks;
using ProxyKit.Statistics;

namespace ProxyKit.Backends;

/// <summary>What outlives a configuration about a server: what it can take, what it has, and its idle connections. Kept by the names of
/// backend and server.</summary>
/// <remarks>
/// A slot is a place among the requests that a server works on. Whoever takes one gives it back with <see cref="Leave"/>, exactly once, and then
/// tells the backend's queue. A slot that is taken at once is only taken where nobody waits for this server (<see cref="TryEnter"/>); the queue
/// itself takes them for those that wait (<see cref="TryReserve"/>).
/// </remarks>
internal sealed class ServerState
{
    /// <summary>The parts that one unit of weight is made of, so that a weight can rise in steps less than one.</summary>
    public const int WeightScale = 16;

    private const int NoOverride = -1;

    private readonly Lock _warmUpLock = new(); // guards _warmUp, and what is written to _warmUpWeight and _warmUpLimit
    private Server? _current;
    private int _active, _queued, _mostQueued;
    private int _weight = NoOverride, _warmUpWeight = WeightScale, _warmUpLimit = 100;
    private int _mostConnections = NoOverride;
    private ILoadWatch? _watch;
    private WarmUp? _warmUp; // the one under way
    private volatile ServerAvailability _availability;
    private volatile bool _isBlocked;
    private int _trials, _underTrial, _generation;

    public ServerState(string connectionKey, IdleConnections idle, BackendState backend)
    {
        ConnectionKey = connectionKey;
        Idle = idle;
        Backend = backend;
        Sockets = new SocketCount(idle);
        Traffic = new TrafficCounters(backend.Time);
        Health = new ServerHealth(this);
    }

    /// <summary>Says where connections lead and how; connections of another key are of no use.</summary>
    public string ConnectionKey { get; }

    public IdleConnections Idle { get; }

    /// <summary>The open connections, where they are counted.</summary>
    public SocketCount Sockets { get; }

    public BackendState Backend { get; }

    /// <summary>Where it is, if that is looked up while the proxy runs; null where the configuration says it.</summary>
    public ServerPlace? Place { get; init; }

    /// <summary>How it is; tells <see cref="SetAvailability"/>.</summary>
    public ServerHealth Health { get; }

    /// <summary>What it works on, where that has to be known.</summary>
    public ServerSessions Sessions { get; } = new();

    /// <summary>What it was given, and how that went.</summary>
    public TrafficCounters Traffic { get; private set; }

    /// <summary>The server as the configuration in use has it.</summary>
    public Server Current => Volatile.Read(ref _current)!; // the first server made with this state adopts it

    /// <summary>Whether no server was made with it yet.</summary>
    public bool HasNoServer => Volatile.Read(ref _current) is null;

    public int Active => Volatile.Read(ref _active);

    public long Total => Traffic[TrafficEvent.Session];

    /// <summary>How many wait for this server and no other.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>The most there ever were of them.</summary>
    public int MostQueued => Volatile.Read(ref _mostQueued);

    /// <summary>What it can take, by its health and by those who run it.</summary>
    public ServerAvailability Availability => _availability;

    /// <summary>Whether a circuit breaker keeps all work from it.</summary>
    public bool IsBlocked => _isBlocked;

    /// <summary>Whether it takes part in balancing, were it alone.</summary>
    public bool IsUsable => _availability == ServerAvailability.Open && !_isBlocked && EffectiveWeight > 0;

    /// <summary>Whether what is bound to it may still be sent to it.</summary>
    public bool IsReachable => _availability is ServerAvailability.Open or ServerAvailability.BoundOnly;

    /// <summary>Whether a request that is bound to it may be sent to it, unless something forces it there.</summary>
    public bool TakesBound => IsReachable && !_isBlocked;

    /// <summary>The weight in units: as configured, unless it was set since.</summary>
    public int Weight => _weight is var weight and not NoOverride ? weight : Current.ConfiguredWeight;

    /// <summary>The weight that algorithms go by, in sixteenths of a unit. It is less while the server warms up.</summary>
    public int EffectiveWeight => Weight * Volatile.Read(ref _warmUpWeight);

    /// <summary>The weight that counts at this moment, in units, rounded up: none where it takes no part in balancing.</summary>
    public int UnitsNow => IsUsable ? (EffectiveWeight + WeightScale - 1) / WeightScale : 0;

    /// <summary>How much of its work it gets while it warms up, in percent; null where it does not.</summary>
    public int? WarmUpPercent => Volatile.Read(ref _warmUp) is null ? null : Volatile.Read(ref _warmUpWeight) * 100 / WeightScale;

    /// <summary>How much of that time is over, in percent and 1 at least; null where it does not warm up.</summary>
    public int? WarmUpTimePercent => Volatile.Read(ref _warmUp) is null ? null : Math.Max(1, Volatile.Read(ref _warmUpLimit));

    /// <summary>How many slots there are at this moment; 0 for no limit. HAProxy: between <c>minconn</c> and <c>maxconn</c>, by the
    /// backend's load.</summary>
    public int Limit
    {
        get
        {
            var most = MostConnections;
            return most == 0 ? 0 : LimitUnder(most, Current);
        }
    }

    /// <summary>How many slots there are at full load; 0 for no limit: as configured, unless it was set since.</summary>
    public int MostConnections => _mostConnections is var set and not NoOverride ? set : Current.MaxConnections;

    /// <summary>Whether another request could have a slot at once.</summary>
    public bool HasRoom => HasTrial && Limit is var limit && (limit == 0 || (Queued == 0 && Active < limit));

    /// <summary>Whether it could have room one day and has none now: otherwise nobody has to wait for it.</summary>
    public bool IsLimited => Volatile.Read(ref _trials) > 0 || Limit > 0;

    /// <summary>Whether its circuit breaker lets one more attempt pass.</summary>
    private bool HasTrial => Volatile.Read(ref _trials) is var trials && (trials == 0 || Volatile.Read(ref _underTrial) < trials);

    /// <summary>Says what it can take before anything is known of it, unless the server had a state before: then it starts as that one is.</summary>
    /// <param name="predecessor">The state that it takes the place of, once a configuration with it is put to use; null for none.</param>
    /// <param name="availability">What it can take where there is none.</param>
    public void Begin(ServerState? predecessor, ServerAvailability availability)
    {
        _availability = predecessor?.Availability ?? availability;
        if (predecessor is not null)
        {
            _weight = predecessor._weight;
            _mostConnections = predecessor._mostConnections;
            _mostQueued = predecessor._mostQueued;
            Traffic = predecessor.Traffic; // one account, whichever of the two is at work
            Health.Succeed(predecessor.Health);
        }
    }

    /// <summary>Counts for it and for its backend what happens on the way.</summary>
    public void Count(TrafficEvent what)
    {
        Traffic.Count(what);
        Backend.Traffic.Count(what);
    }

    /// <summary>Keeps a connection that has carried its request to the end, unless the server was taken out.</summary>
    public void Keep(Http1.Http1Upstream upstream)
    {
        var place = Place is null ? null : upstream.Connection.Destination;
        Idle.Add(upstream);
        if (_availability == ServerAvailability.Maintenance || !IsAt(place)) // behind the list's lock, which whoever takes it out or moves it enters later
        {
            Idle.CloseAll();
        }
    }

    /// <summary>Whether a connection leads to where the server is now.</summary>
    /// <param name="place">Where it leads; null for a connection that does not say.</param>
    public bool IsAt(EndPoint? place) => Place is null || place is null || place.Equals(Place.EndPoint);

    /// <summary>Says where the server is from now on; null for nowhere. What it works on stays where it is.</summary>
    public void Move(IPEndPoint? to)
    {
        Place!.Move(to); // it is looked up
        Idle.CloseAll();
        Backend.NoteChange();
    }

    /// <summary>Makes a server of a configuration the one that counts.</summary>
    public void Adopt(Server server)
    {
        Volatile.Write(ref _current, server);
        Interlocked.Exchange(ref _watch, null)?.OnReplaced(); // of the last configuration's strategy; one that goes by loads watches anew
    }

    /// <summary>Says what the server can take from now on.</summary>
    public void SetAvailability(ServerAvailability availability)
    {
        if (_availability != availability)
        {
            _availability = availability;
            if (availability is ServerAvailability.Down or ServerAvailability.Maintenance)
            {
                EndWarmUp();
            }

            if (availability == ServerAvailability.Maintenance)
            {
                Idle.CloseAll(); // whatever is done to it, no connection of ours is in the way
            }

            Backend.NoteChange();
        }
    }

    /// <summary>Gives the server its work little by little from now on, where it is configured so: called when it goes up while the proxy runs, just before
    /// <see cref="SetAvailability"/>, and never when the proxy starts. HAProxy: <c>slowstart</c>.</summary>
    /// <param name="time">The clock.</param>
    public void BeginWarmUp(TimeProvider time)
    {
        if (Current.SlowStart is not { } duration)
        {
            return;
        }

        var warmUp = new WarmUp(this, time, duration);
        WarmUp? last;
        lock (_warmUpLock)
        {
            (last, _warmUp) = (_warmUp, warmUp);
        }

        last?.Dispose();
        warmUp.Start();
    }

    /// <summary>Ends a warm-up under way: nothing holds the server back from here on.</summary>
    /// <param name="only">The one to end; null for whichever it is.</param>
    public void EndWarmUp(WarmUp? only = null)
    {
        WarmUp? ended;
        lock (_warmUpLock)
        {
            if (_warmUp is null || (only is not null && _warmUp != only))
            {
                return;
            }

            (ended, _warmUp) = (_warmUp, null);
            (_warmUpWeight, _warmUpLimit) = (WeightScale, 100);
        }

        ended.Dispose();
        Backend.NoteChange();
    }

    /// <summary>Sets how far a warm-up is, unless that is over.</summary>
    /// <param name="warmUp">Which.</param>
    /// <param name="weight">The server's part of the weight, in sixteenths: 1 to 16.</param>
    /// <param name="limit">Its part of the limit, in percent.</param>
    public void SetWarmUp(WarmUp warmUp, int weight, int limit)
    {
        lock (_warmUpLock)
        {
            if (_warmUp != warmUp)
            {
                return;
            }

            (_warmUpWeight, _warmUpLimit) = (weight, limit);
        }

        Backend.NoteChange();
    }

    /// <summary>The generation of its circuit, which results of attempts belong to.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Says what its circuit breaker lets pass.</summary>
    /// <param name="isOpen">Nothing.</param>
    /// <param name="trials">So many attempts at a time; 0 for no such limit.</param>
    /// <param name="generation">The number of this change.</param>
    public void SetCircuit(bool isOpen, int trials, int generation)
    {
        Volatile.Write(ref _trials, 0); // so that nobody counts for the new generation before it is there
        Volatile.Write(ref _underTrial, 0);
        Volatile.Write(ref _generation, generation);
        Volatile.Write(ref _trials, trials);
        _isBlocked = isOpen;
        Backend.NoteChange();
    }

    /// <summary>Sets the weight until the proxy stops, or with null has the configured one count again.</summary>
    public void SetWeight(int? weight)
    {
        Volatile.Write(ref _weight, weight ?? NoOverride);
        Backend.NoteChange();
    }

    /// <summary>Sets how many requests it works on at once until the proxy stops, 0 for no limit, or with null has the configured limit count again.</summary>
    public void SetMaxConnections(int? most)
    {
        Volatile.Write(ref _mostConnections, most ?? NoOverride);
        Backend.NoteChange();
    }

    /// <summary>Takes a slot where one is free and nobody waits for one.</summary>
    public bool TryEnter() => HasTrial && Limit is var limit
        && (limit == 0 ? Enter() : Queued == 0 && Backend.QueuedForAny == 0 && TryTake(limit)) && TakesTrial();

    /// <summary>Takes a slot where one is free, for somebody who waited.</summary>
    public bool TryReserve() => HasTrial && Limit is var limit && (limit == 0 ? Enter() : TryTake(limit)) && TakesTrial();

    /// <summary>Gives a slot back.</summary>
    /// <param name="generation">The circuit's generation when it was taken.</param>
    public void Leave(int generation = 0)
    {
        if (Volatile.Read(ref _trials) > 0 && generation == Generation && Volatile.Read(ref _underTrial) > 0)
        {
            Interlocked.Decrement(ref _underTrial);
        }

        Interlocked.Decrement(ref _active);
        Volatile.Read(ref _watch)?.OnLoadChanged();
    }

    /// <summary>Counts those who wait for this server; the queue's, under its lock.</summary>
    public void NoteQueued(int change)
    {
        Volatile.Write(ref _queued, _queued + change);
        Volatile.Write(ref _mostQueued, Math.Max(_mostQueued, _queued));
        Volatile.Read(ref _watch)?.OnLoadChanged();
    }

    /// <summary>Has one be told of each change of <see cref="Active"/> and <see cref="Queued"/>, in the place of who was told so far.</summary>
    public void Watch(ILoadWatch watch) => Interlocked.Exchange(ref _watch, watch)?.OnReplaced();

    /// <summary>Counts an attempt that has its slot among those on trial, where there are such; gives the slot back where others were quicker.</summary>
    private bool TakesTrial()
    {
        var trials = Volatile.Read(ref _trials);
        if (trials == 0 || Interlocked.Increment(ref _underTrial) <= trials)
        {
            return true;
        }

        Interlocked.Decrement(ref _underTrial);
        Interlocked.Decrement(ref _active);
        Traffic.TakeBack(TrafficEvent.Session);
        Volatile.Read(ref _watch)?.OnLoadChanged(); // which has heard of the slot
        return false;
    }

    private bool Enter()
    {
        Interlocked.Increment(ref _active);
        CountUse();
        return true;
    }

    private bool TryTake(int limit)
    {
        var active = Active;
        while (active < limit)
        {
            var seen = Interlocked.CompareExchange(ref _active, active + 1, active);
            if (seen == active)
            {
                CountUse();
                return true;
            }

            active = seen;
        }

        return false;
    }

    private void CountUse()
    {
        Traffic.Count(TrafficEvent.Session);
        Idle.NoteUse(Active);
        Volatile.Read(ref _watch)?.OnLoadChanged();
    }

    /// <summary>A straight line from nothing to all at the backend's full load, cut off below at the least; then the part of a warm-up. A limit
    /// that was set takes the place of the most, and of the least too where the two are one.</summary>
    private int LimitUnder(int most, Server server)
    {
        var least = server.MinConnections == server.MaxConnections ? most : server.MinConnections;
        var full = Backend.Current?.FullConnections ?? 1;
        var load = Backend.Active;
        var limit = least == most || load >= full ? most : (int)Math.Max(least, (long)load * most / full);
        return _warmUpLimit == 100 ? limit : Math.Max(1, (int)((long)limit * _warmUpLimit / 100));
    }
}
