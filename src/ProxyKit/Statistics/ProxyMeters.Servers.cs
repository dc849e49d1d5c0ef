namespace ProxyKit.Statistics;

/// <summary>The instruments of backends and servers.</summary>
internal sealed partial class ProxyMeters
{
    private void AddBackend() => AddOutgoing(
        new MeterGroup<BackendStatistics>(_meter, "proxykit.backend.", () => Source?.Backends ?? [], static b => [new("proxy", b.Name)])
            .Gauge("queued", "{request}", "Requests that wait.", static b => b.Queued)
            .Gauge("active_sessions", "{session}", "Connections, or requests, that are there now.", static b => b.CurrentSessions)
            .Gauge("session_limit", "{session}", "How many there may be at once.", static b => b.SessionLimit)
            .Counter("sessions", "{session}", "Connections, or requests, that came.", static b => b.Sessions)
            .Counter("denied_requests", "{request}", "Requests that rules refused.", static b => b.DeniedRequests)
            .Counter("connection_errors", "{error}", "Requests that reached no server.", static b => b.ConnectionErrors)
            .Counter("selections", "{selection}", "Choices that balancing made.", static b => b.Selections)
            .Counter("requests", "{request}", "Requests that are over.", static b => b.Requests)
            .Responses(static b => b.Responses)
            .Gauge("up", "{backend}", "1 while it can have work, else 0.", static b => b.Status == "UP" ? 1 : 0)
            .Gauge("weight", "{weight}", "The weights of its usable servers.", static b => b.Weight)
            .Gauge("active_servers", "{server}", "Usable servers that are no backups.", static b => b.ActiveServers)
            .Gauge("backup_servers", "{server}", "Usable backups.", static b => b.BackupServers));

    private void AddServer() => AddOutgoing(
        new MeterGroup<ServerStatistics>(_meter, "proxykit.server.", () => Source?.Servers ?? [], static s => [new("proxy", s.Backend), new("server", s.Name)])
            .Gauge("queued", "{request}", "Requests that wait.", static s => s.Queued)
            .Gauge("queue_limit", "{request}", "How many may wait for it.", static s => s.QueueLimit)
            .Gauge("active_sessions", "{session}", "Connections, or requests, that are there now.", static s => s.CurrentSessions)
            .Gauge("session_limit", "{session}", "How many there may be at once.", static s => s.SessionLimit)
            .Counter("sessions", "{session}", "Connections, or requests, that came.", static s => s.Sessions)
            .Counter("connection_errors", "{error}", "Requests that reached no server.", static s => s.ConnectionErrors)
            .Counter("selections", "{selection}", "Choices that balancing made.", static s => s.Selections)
            .Counter("requests", "{request}", "Requests that are over.", static s => s.Requests)
            .Responses(static s => s.Responses)
            .Gauge("weight", "{weight}", "Its weight at this moment.", static s => s.Weight)
            .Gauge("user_weight", "{weight}", "Its weight as configured, or as set since.", static s => s.UserWeight)
            .Gauge("warm_up", "%", "How much of its work it gets while it warms up.", static s => s.WarmUpPercent)
            .Counter("failed_checks", "{check}", "Checks that failed while it was up.", static s => s.FailedChecks)
            .Counter("reactions", "{change}", "How often errors of its clients were acted upon.", static s => s.Reactions)
            .Time("check_duration", "How long its last check took.", static s => s.CheckDuration)
            .Time("agent_duration", "How long its agent last took.", static s => s.AgentDuration)
            .Gauge("idle_connections", "{connection}", "Idle connections to it.", static s => s.IdleConnections)
            .Gauge("idle_connection_limit", "{connection}", "How many there may be.", static s => s.IdleConnectionLimit));

    private static void AddOutgoing<T>(MeterGroup<T> group)
        where T : OutgoingStatistics => AddTraffic(group)
            .Gauge("max_queued", "{request}", "The most that waited at once.", static t => t.MaxQueued)
            .Counter("response_errors", "{error}", "Responses that were none, broke off or came too late.", static t => t.ResponseErrors)
            .Counter("client_aborts", "{abort}", "Clients that went away.", static t => t.ClientAborts)
            .Counter("server_aborts", "{abort}", "Responses that a server broke off.", static t => t.ServerAborts)
            .Counter("retries", "{attempt}", "Attempts that were repeated at the same server.", static t => t.Retries)
            .Counter("redispatches", "{attempt}", "Attempts that left a server for another one.", static t => t.Redispatches)
            .Counter("connects", "{connection}", "Connections that were asked for.", static t => t.Connects)
            .Counter("reuses", "{request}", "Requests that went over a connection that was there.", static t => t.Reuses)
            .Gauge("session_rate", "{session}/s", "Sessions of the last second.", static t => t.SessionRate)
            .Gauge("max_session_rate", "{session}/s", "The most sessions in one second.", static t => t.MaxSessionRate)
            .Times(static t => t.Times)
            .Time("since_last_session", "How long ago the last session was.", static t => t.SinceLastSession)
            .Counter("downs", "{change}", "How often it went down.", static t => t.Downs)
            .TimeCounter("downtime", "How long it was down in all.", static t => t.Downtime)
            .Time("since_last_change", "How long ago its state last changed.", static t => t.SinceLastChange);
}
