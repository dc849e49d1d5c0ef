using ProxyKit.Balancing;
using ProxyKit.Rules;

namespace ProxyKit.Backends;

/// <summary>A backend of the running configuration: immutable, with everything resolved.</summary>
internal sealed class Backend
{
    private const RetryCauses LostRequests = RetryCauses.ConnectFailure | RetryCauses.EmptyResponse | RetryCauses.ResponseTimeout;

    private readonly bool _usesAllBackups;
    private readonly int[]? _retryStatuses;
    private readonly double? _retryBudget;
    private readonly int _retryFloor;
    private readonly bool _prefersLastServer;
    private readonly int? _keepAliveQueue;
    private CandidateSet? _candidates;

    public Backend(BackendOptions options, Server[] servers, BackendState state)
    {
        State = state;
        Name = options.Name;
        Mode = options.Mode;
        IsDisabled = options.IsDisabled;
        Servers = servers;
        NumberServers(servers);
        ConnectTimeout = options.ConnectTimeout;
        QueueTimeout = options.QueueTimeout ?? options.ConnectTimeout;
        MaxQueued = options.Queue.Max;
        DropsLate = options.Queue.DropsLate;
        TellsRetryAfter = options.Queue.TellsRetryAfter;
        ServerTimeout = options.ServerTimeout;
        ServerFinTimeout = options.ServerFinTimeout;
        TunnelTimeout = options.TunnelTimeout;
        TarpitTimeout = options.TarpitTimeout;
        Retries = options.Retries;
        RetryOn = options.RetryOn;
        _retryStatuses = options.RetryOnStatuses.Count == 0 ? null : [.. options.RetryOnStatuses];
        ReplayLimit = options.ReplayLimit;
        _retryBudget = options.RetryBudget;
        _retryFloor = options.RetryBudgetFloor;
        Redispatch = options.Redispatch;
        RedispatchInterval = options.RedispatchInterval;
        PersistsWhenDown = options.PersistsWhenDown;
        AbortOnClose = options.AbortOnClose;
        Reuse = options.Reuse;
        CloseServerConnections = options.CloseServerConnections;
        _prefersLastServer = options.PrefersLastServer;
        _keepAliveQueue = options.MaxKeepAliveQueue;
        PretendsKeepAlive = options.PretendsKeepAlive;
        AcceptsUnsafeResponses = options.AcceptsUnsafeResponses;
        DropsRequestTrailers = options.DropsRequestTrailers;
        HasIndependentDirections = options.HasIndependentDirections;
        ResetsConnections = options.ResetsConnections;
        _usesAllBackups = options.UseAllBackups;
    }

    public string Name { get; }

    /// <summary>Its number among frontends and backends, from 1.</summary>
    public int Id { get; init; }

    public ProxyMode Mode { get; }

    /// <summary>Whether some violations in responses are let pass.</summary>
    public bool AcceptsUnsafeResponses { get; }

    /// <summary>Whether nothing is to go there.</summary>
    public bool IsDisabled { get; }

    public Server[] Servers { get; }

    public BackendState State { get; }

    /// <summary>Chooses among the servers; set once, when the rules that it may ask are made ready.</summary>
    public IBalancingStrategy Strategy { get; set; } = Unset.Instance;

    /// <summary>The load at which servers get all the connections they are allowed. HAProxy: <c>fullconn</c>.</summary>
    public int FullConnections { get; init; } = 1;

    public TimeSpan? ConnectTimeout { get; }

    /// <summary>How long a request may wait for a slot; null for no limit.</summary>
    public TimeSpan? QueueTimeout { get; }

    /// <summary>How many may wait, for any server or one; null for no limit.</summary>
    public int? MaxQueued { get; }

    /// <summary>Whether those are refused who could not be served in their time.</summary>
    public bool DropsLate { get; }

    /// <summary>Whether those who were refused are told when to come back.</summary>
    public bool TellsRetryAfter { get; }

    public TimeSpan? ServerTimeout { get; }

    public TimeSpan? ServerFinTimeout { get; }

    public TimeSpan? TunnelTimeout { get; }

    public TimeSpan? TarpitTimeout { get; }

    public int Retries { get; }

    public RetryCauses RetryOn { get; }

    public int ReplayLimit { get; }

    /// <summary>Whether a request that is lost with its connection is sent again whatever the way it was lost, so that any may use a connection that has been idle.</summary>
    public bool RepeatsLostRequests => (RetryOn & LostRequests) == LostRequests;

    /// <summary>Whether a connection goes on behind a response with both lengths.</summary>
    public bool KeepsBothLengths { get; init; }

    /// <summary>Whether requests are kept as long as they may have to be sent again, for others than the retries.</summary>
    public bool KeepsRequests { get; init; }

    /// <summary>Whether a request may be sent again that was sent already.</summary>
    public bool MayReplay => KeepsRequests || (Retries > 0 && ((RetryOn & ~RetryCauses.ConnectFailure) != 0 || _retryStatuses is not null));

    public bool Redispatch { get; }

    /// <summary>Which retries may leave a server that the request is bound to; see <see cref="BackendOptions.RedispatchInterval"/>.</summary>
    public int RedispatchInterval { get; }

    /// <summary>Whether clients are sent to the server they are bound to also while it is down.</summary>
    public bool PersistsWhenDown { get; }

    public bool AbortOnClose { get; }

    public ConnectionReuse Reuse { get; }

    public bool CloseServerConnections { get; }

    /// <summary>Whether clients go back to a server that they have a connection to, as far as <see cref="TakesBack"/> says so. Asks the strategy.</summary>
    public bool PrefersLastServer => _prefersLastServer && !Strategy.WaitsForServer;

    /// <summary>Whether few enough wait for a server.</summary>
    public bool TakesBack(ServerState server) => _keepAliveQueue is not { } most || server.HasRoom || server.Queued < most;

    /// <summary>Whether servers are not told of that.</summary>
    public bool PretendsKeepAlive { get; }

    /// <summary>Whether servers get no fields behind the body.</summary>
    public bool DropsRequestTrailers { get; }

    /// <summary>Whether servers in tunnels are silent as long as they send nothing.</summary>
    public bool HasIndependentDirections { get; }

    /// <summary>Whether connections that are not kept are closed with a reset.</summary>
    public bool ResetsConnections { get; }

    /// <summary>Whether servers can have any weight while the proxy runs, rather than all of theirs or none.</summary>
    public bool FollowsWeights => Strategy.FollowsWeights;

    /// <summary>How many requests or connections were routed to it and have not ended.</summary>
    public int ActiveRequests => State.Active;

    /// <summary>The servers that balancing may choose from at this moment.</summary>
    public CandidateSet Candidates
    {
        get
        {
            var version = State.Version; // before the servers are looked at: a change meanwhile has the next caller look again
            return Volatile.Read(ref _candidates) is { } known && known.Version == version ? known : ChooseCandidates(version);
        }
    }

    /// <summary>Whether any server can have work. Without servers of its own it is not said to be down, as in HAProxy.</summary>
    public bool IsUp => Servers.Length == 0 || Array.Exists(Servers, static s => s.State.IsUsable);

    /// <summary>How many servers take part in balancing.</summary>
    public int CandidateCount => Candidates.Servers.Length;

    /// <summary>How many of them are no backups. HAProxy: <c>act</c>.</summary>
    public int ActiveCount => Candidates.Servers is [{ IsBackup: false }, ..] active ? active.Length : 0;

    /// <summary>Chooses the server of a request or a connection; null when there is none to choose.</summary>
    /// <param name="candidates">The servers it may be.</param>
    /// <param name="rules">What is known about the request or the connection.</param>
    /// <param name="avoid">The server a previous attempt failed on.</param>
    /// <exception cref="InvalidOperationException">A user's strategy chose a server that was not a candidate.</exception>
    public Server? Pick(CandidateSet candidates, RuleContext rules, Server? avoid)
    {
        var server = Strategy.Pick(new BalancingContext(candidates, rules, avoid));
        if (server is not null && !candidates.Contains(server.State))
        {
            throw new InvalidOperationException($"The balancing strategy of backend '{Name}' chose {server}, which is not a candidate.");
        }

        return server;
    }

    /// <summary>Whether a response of a status counts as a failed attempt.</summary>
    public bool RetriesOn(int status) => _retryStatuses is not null && Array.IndexOf(_retryStatuses, status) >= 0;

    /// <summary>Counts one more attempt as under way, where the budget for them allows it; <see cref="BackendState.EndRetry"/> follows then.</summary>
    public bool TryBeginRetry() => State.TryBeginRetry(MostRetries(_retryBudget));

    /// <summary>The same for an attempt beside another, of which there may be a share of their own.</summary>
    public bool TryBeginHedge(double share) => State.TryBeginRetry(Math.Min(MostRetries(share), MostRetries(_retryBudget)));

    private int MostRetries(double? budget) =>
        budget is { } share ? Math.Max(_retryFloor, (int)Math.Min(int.MaxValue, share * State.Active)) : int.MaxValue;

    /// <summary>The server of this configuration, or of the one in use, that a state belongs to.</summary>
    public Server ServerOf(ServerState state) => Array.Find(Servers, s => s.State == state) ?? state.Current;

    /// <summary>Gives those without a number of their own that of their position, or the next one that is free.</summary>
    private static void NumberServers(Server[] servers)
    {
        var numbers = FreeNumbers.Of([.. servers.Select(static s => s.HasOwnId ? s.Id : (int?)null)]);
        foreach (var (index, server) in servers.Index())
        {
            server.Id = numbers[index];
        }
    }

    /// <summary>The active servers that are usable; where there is none, the first such backup, or all of them.</summary>
    private CandidateSet ChooseCandidates(int version)
    {
        var servers = Array.FindAll(Servers, static s => !s.IsBackup && s.State.IsUsable);
        var isFallback = false;
        if (servers.Length == 0)
        {
            servers = Array.FindAll(Servers, static s => s.IsBackup && s.State.IsUsable);
            isFallback = !_usesAllBackups && servers.Length > 0;
            servers = isFallback ? servers[..1] : servers;
        }

        var candidates = new CandidateSet(version, servers, isFallback);
        Volatile.Write(ref _candidates, candidates);
        return candidates;
    }

    private sealed class Unset : IBalancingStrategy
    {
        public static Unset Instance { get; } = new();

        public Server? Pick(in BalancingContext context) => throw new InvalidOperationException("The backend's strategy is not set yet.");
    }
}
