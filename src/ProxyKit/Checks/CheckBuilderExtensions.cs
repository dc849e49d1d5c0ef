using ProxyKit.Backends;
using ProxyKit.Checks;

namespace ProxyKit;

/// <summary>The verbs about the health of servers.</summary>
public static class CheckBuilderExtensions
{
    /// <summary>Checks the servers by connecting to them, over TLS where they have it.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="configure">Says more about it; steps that it adds are a script of what is sent and expected.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder CheckTcp(this BackendBuilder backend, Action<CheckBuilder>? configure = null) =>
        Check(backend, new HealthCheckOptions { Kind = HealthCheckKind.Script }, configure);

    /// <summary>Checks the servers with a request. A status of 200 to 399 is good, unless something else is expected.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="method">The method.</param>
    /// <param name="target">The target.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder CheckHttp(this BackendBuilder backend, string method, string target, Action<CheckBuilder>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentException.ThrowIfNullOrEmpty(target);
        var check = new HealthCheckOptions { Kind = HealthCheckKind.Http };
        check.Steps.Add(new HttpSendStep { Method = method, Target = target });
        return Check(backend, check, configure);
    }

    /// <summary>Checks the servers with code of your own.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="check">The check; one object for all servers.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder Check(this BackendBuilder backend, IServerCheck check, Action<CheckBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(check);
        return Check(backend, new HealthCheckOptions { Kind = HealthCheckKind.Custom, Custom = check }, configure);
    }

    /// <summary>Checks the servers in the way that the options say.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="check">The way.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The builder.</returns>
    public static BackendBuilder Check(this BackendBuilder backend, HealthCheckOptions check, Action<CheckBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(check);
        return backend.Configure(o =>
        {
            o.HealthCheck = check;
            o.CheckServers ??= new ServerCheckOptions();
            configure?.Invoke(new CheckBuilder(check, o.CheckServers, limit => o.CheckTimeout = limit));
            if (check is { Kind: HealthCheckKind.Script, Steps.Count: 0 })
            {
                check.Kind = HealthCheckKind.Connect; // nothing is written in it whose steps messages could name
            }
        });
    }

    /// <summary>Judges the servers by how clients' own requests fare there, besides checking them.</summary>
    /// <param name="server">The server.</param>
    /// <param name="layer">What is looked at.</param>
    /// <param name="errorLimit">How many errors in a row have a consequence.</param>
    /// <param name="reaction">The consequence.</param>
    /// <returns>The builder.</returns>
    public static ServerBuilder Observe(
        this ServerBuilder server, ObservedLayer layer, int errorLimit = 10, ErrorReaction reaction = ErrorReaction.FailCheck) =>
        Set(server, o => o.Observe = new ObservationOptions { Layer = layer, ErrorLimit = errorLimit, Reaction = reaction });

    /// <summary>Has the server's health be that of another one.</summary>
    /// <param name="server">The server.</param>
    /// <param name="other">The other one, as <c>backend/server</c>.</param>
    /// <returns>The builder.</returns>
    public static ServerBuilder Track(this ServerBuilder server, string other) => Set(server, o => o.Track = other);

    /// <summary>Asks a program beside the server how it is.</summary>
    /// <param name="server">The server.</param>
    /// <param name="port">The program's port.</param>
    /// <param name="configure">Says more about it.</param>
    /// <returns>The builder.</returns>
    public static ServerBuilder Agent(this ServerBuilder server, int port, Action<AgentCheckOptions>? configure = null) => Set(server, o =>
    {
        o.Agent = new AgentCheckOptions { Port = port };
        configure?.Invoke(o.Agent);
    });

    /// <summary>Checks this server in another rhythm, or at another place, than the backend's others.</summary>
    /// <param name="server">The server.</param>
    /// <param name="check">How often and where.</param>
    /// <returns>The builder.</returns>
    public static ServerBuilder Check(this ServerBuilder server, ServerCheckOptions check) => Set(server, o => o.Check = check);

    /// <summary>Checks this server in another way than the backend's others. HAProxy: <c>healthcheck</c>.</summary>
    /// <param name="server">The server.</param>
    /// <param name="check">The way; whether and how often the server is checked is said elsewhere.</param>
    /// <returns>The builder.</returns>
    public static ServerBuilder Check(this ServerBuilder server, HealthCheckOptions check)
    {
        ArgumentNullException.ThrowIfNull(check);
        return Set(server, o => o.HealthCheck = check);
    }

    /// <summary>Does not check this server.</summary>
    /// <param name="server">The server.</param>
    /// <returns>The builder.</returns>
    public static ServerBuilder NoCheck(this ServerBuilder server) => Set(server, static o => o.IsUnchecked = true);

    /// <summary>Sets what is taken for true of the server before its first check.</summary>
    /// <param name="server">The server.</param>
    /// <param name="state">The state.</param>
    /// <returns>The builder.</returns>
    public static ServerBuilder StartsAs(this ServerBuilder server, InitialServerState state) => Set(server, o => o.InitialState = state);

    /// <summary>Keeps the server in maintenance until somebody says that it is ready.</summary>
    /// <param name="server">The server.</param>
    /// <returns>The builder.</returns>
    public static ServerBuilder StartsInMaintenance(this ServerBuilder server) => Set(server, static o => o.StartsInMaintenance = true);

    /// <summary>Cuts what the server works on when it goes down.</summary>
    /// <param name="server">The server.</param>
    /// <returns>The builder.</returns>
    public static ServerBuilder CutSessionsWhenDown(this ServerBuilder server) => Set(server, static o => o.CutsSessionsWhenDown = true);

    /// <summary>Cuts what the backups work on when this server comes up.</summary>
    /// <param name="server">The server.</param>
    /// <returns>The builder.</returns>
    public static ServerBuilder CutBackupSessionsWhenUp(this ServerBuilder server) => Set(server, static o => o.CutsBackupSessionsWhenUp = true);

    private static ServerBuilder Set(ServerBuilder server, Action<ServerOptions> change)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.Configure(change);
    }
}
