using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Exchanges;
using ProxyKit.Frontends;
using ProxyKit.Statistics;

namespace ProxyKit.Runtime;

/// <summary>Reads the counters of everything that a configuration has. Any thread.</summary>
/// <param name="path">Has those of the process.</param>
/// <param name="frontends">The frontends.</param>
/// <param name="listeners">Their binds.</param>
/// <param name="backends">The backends.</param>
/// <param name="circuits">Their circuit breakers.</param>
/// <param name="startedAt">When the proxy was.</param>
internal sealed class StatisticsReader(
    DataPath path,
    FrontendPolicy[] frontends,
    (string Frontend, string Name, Listener Listener)[] listeners,
    Backend[] backends,
    CircuitStates circuits,
    long startedAt) : IStatisticsSource
{
    /// <summary>When the proxy was started.</summary>
    public long StartedAt => startedAt;

    /// <summary>All of it.</summary>
    public ProxyStatistics Read() => new(Process, [.. Frontends], [.. Listeners], [.. Backends], [.. Servers]);

    public ProcessStatistics Process
    {
        get
        {
            var (traffic, tls) = (path.Traffic.Read(), path.TlsTraffic.Read());
            return new()
            {
                Uptime = path.Time.GetElapsedTime(startedAt),
                IsStopping = path.IsStopping,
                Listeners = path.IsStopping ? 0 : listeners.Length,
                CurrentConnections = path.Connections.Current,
                MaxConnections = path.Connections.Most,
                ConnectionLimit = path.Connections.Limit,
                Connections = traffic[TrafficEvent.Connection],
                ConnectionRate = traffic.Connections.Now,
                MaxConnectionRate = traffic.Connections.Most,
                SessionRate = traffic.Sessions.Now,
                MaxSessionRate = traffic.Sessions.Most,
                Requests = traffic[TrafficEvent.Request],
                CurrentTlsConnections = path.TlsConnections.Current,
                TlsConnections = tls[TrafficEvent.Connection],
                TlsRate = tls.Connections.Now,
                MaxTlsRate = tls.Connections.Most,
            };
        }
    }

    public IEnumerable<FrontendStatistics> Frontends => frontends.Select(Read);

    public IEnumerable<ListenerStatistics> Listeners => listeners.Select(Read);

    public IEnumerable<BackendStatistics> Backends => backends.Select(Read);

    public IEnumerable<ServerStatistics> Servers => backends.SelectMany(static b => b.Servers).Select(Read);

    public IEnumerable<CircuitStatistics> Circuits => backends.SelectMany(b => circuits
        .Of(b.Name).Select(c => new CircuitStatistics(b.Name, c.Name, (int)c.State, c.Opened, c.Rejected, c.Tried)));

    private FrontendStatistics Read(FrontendPolicy frontend)
    {
        var (traffic, connections) = (frontend.Facts.Traffic.Read(), frontend.Connections);
        return new(traffic)
        {
            Name = frontend.Name,
            Status = path.IsStopping ? "STOP" : connections.Current >= connections.Limit ? "FULL" : "OPEN",
            CurrentSessions = connections.Current,
            MaxSessions = connections.Most,
            SessionLimit = LimitOf(connections.Limit),
            SessionRateLimit = LimitOf(frontend.SessionRate.Limit),
            SessionRate = traffic.Sessions.Now,
            MaxSessionRate = traffic.Sessions.Most,
            Connections = traffic[TrafficEvent.Connection],
            ConnectionRate = traffic.Connections.Now,
            MaxConnectionRate = traffic.Connections.Most,
            Requests = traffic[TrafficEvent.Request],
            RequestRate = traffic.Requests.Now,
            MaxRequestRate = traffic.Requests.Most,
            Responses = traffic.Responses,
            Intercepted = traffic[TrafficEvent.Intercepted],
        };
    }

    private ListenerStatistics Read((string Frontend, string Name, Listener Listener) bind)
    {
        var (traffic, connections) = (bind.Listener.Traffic.Read(), bind.Listener.Connections);
        return new(traffic)
        {
            Frontend = bind.Frontend,
            Name = bind.Name,
            Status = connections.Current >= connections.Limit ? "FULL" : "OPEN",
            CurrentSessions = connections.Current,
            MaxSessions = connections.Most,
            SessionLimit = LimitOf(connections.Limit),
            Connections = traffic[TrafficEvent.Connection],
        };
    }

    private static BackendStatistics Read(Backend backend)
    {
        var state = backend.State;
        var (traffic, history) = (state.Traffic.Read(), state.History.Read());
        var usable = Array.FindAll(backend.Servers, static s => s.State.IsUsable);
        return new(traffic, history)
        {
            Name = backend.Name,
            Status = backend.IsUp ? "UP" : "DOWN",
            Queued = state.QueuedForAny,
            MaxQueued = state.MostQueuedForAny,
            CurrentSessions = state.Active,
            MaxSessions = traffic.MostCurrent,
            SessionLimit = backend.FullConnections,
            Sessions = traffic[TrafficEvent.Session],
            DeniedRequests = traffic[TrafficEvent.DeniedRequest],
            ConnectionErrors = traffic[TrafficEvent.ConnectionError],
            Selections = traffic[TrafficEvent.Selection],
            Requests = traffic[TrafficEvent.Ended],
            Responses = traffic.Responses,
            Weight = backend.Candidates.Servers.Sum(static s => s.State.UnitsNow),
            ActiveServers = usable.Count(static s => !s.IsBackup),
            BackupServers = usable.Count(static s => s.IsBackup),
        };
    }

    private static ServerStatistics Read(Server server)
    {
        var state = server.State;
        var (traffic, history) = (state.Traffic.Read(), state.Health.Counters.History.Read());
        var (check, agent) = (server.LastCheck, server.LastAgentCheck);
        return new(traffic, history)
        {
            Backend = server.BackendName,
            Name = server.Name,
            Status = server.Status,
            Queued = state.Queued,
            MaxQueued = state.MostQueued,
            QueueLimit = server.MaxQueue == 0 ? null : server.MaxQueue,
            CurrentSessions = state.Active,
            MaxSessions = traffic.MostCurrent,
            SessionLimit = state.Limit is > 0 and var limit ? limit : null,
            Sessions = traffic[TrafficEvent.Session],
            ConnectionErrors = traffic[TrafficEvent.ConnectionError],
            Selections = traffic[TrafficEvent.Selection],
            Requests = traffic[TrafficEvent.Ended],
            Responses = traffic.Responses,
            Weight = state.UnitsNow,
            UserWeight = server.Weight,
            IsBackup = server.IsBackup,
            WarmUpPercent = state.WarmUpPercent,
            FailedChecks = state.Health.Counters.FailedChecks,
            Reactions = state.Health.Counters.Reactions,
            CheckStatus = check is { } found ? CheckStatusText.CodeOf(found.Status) : null,
            CheckCode = check is { Code: > 0 and var code } ? code : null,
            CheckDuration = check?.Duration is { } took && took >= TimeSpan.Zero ? took : null,
            AgentStatus = agent is { } said ? CheckStatusText.CodeOf(said.Status) : null,
            AgentDuration = agent?.Duration,
            IdleConnections = state.Idle.Count,
            IdleConnectionLimit = state.Idle.Most,
        };
    }

    private static int? LimitOf(int limit) => limit == int.MaxValue ? null : limit;
}
