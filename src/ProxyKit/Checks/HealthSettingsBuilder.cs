using ProxyKit.Backends;
using ProxyKit.Mailing;
using ProxyKit.Rules;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Checks;

/// <summary>Makes ready how the servers of a backend are checked. The options are in range: the validator has seen them.</summary>
internal sealed class HealthSettingsBuilder
{
    private readonly BackendOptions _backend;
    private readonly BufferPool _pool;
    private readonly RuleCompiler _compiler;
    private readonly double _spread;
    private readonly ServerProbe? _probe; // that servers share
    private readonly bool _cutsBackups;

    /// <param name="backend">The backend.</param>
    /// <param name="spread">By how much of itself an interval varies; 0 to 0.5.</param>
    /// <param name="pool">Lends buffers.</param>
    /// <param name="compiler">Finds what the values in checks name.</param>
    /// <exception cref="RuleFaultException">One names something that is not there, or cannot be asked by a check.</exception>
    public HealthSettingsBuilder(BackendOptions backend, double spread, BufferPool pool, RuleCompiler compiler)
    {
        _backend = backend;
        _pool = pool;
        _compiler = compiler;
        _spread = spread;
        _probe = backend.Servers.Any(s => s.IsCheckedIn(backend) && s.HealthCheck is null) ? ProbeFactory.Make(backend.HealthCheck, backend.Name, compiler) : null;
        _cutsBackups = backend.Servers.Any(static s => s.CutsBackupSessionsWhenUp);
    }

    /// <summary>Who is told by mail what becomes of the servers; null for nobody.</summary>
    public EmailAlert? EmailAlert { get; init; }

    /// <summary>Whether headers of the PROXY protocol tell the checks' own addresses, in version 2 too.</summary>
    public bool TellsAddresses { get; init; }

    /// <summary>What servers are told that this proxy is called.</summary>
    public required string NodeName { get; init; }

    /// <summary>Makes it ready for one server.</summary>
    /// <param name="options">What was written about it.</param>
    /// <param name="server">The server.</param>
    /// <exception cref="RuleFaultException">A value in a check of its own names something that is not there.</exception>
    public HealthSettings Build(ServerOptions options, Server server) => new()
    {
        Initial = options.InitialState,
        Check = options.IsCheckedIn(_backend) ? BuildCheck(options.Check ?? _backend.CheckServers!, options.HealthCheck, server) : null, // one of the two, as checked
        Agent = options.Agent is { } agent ? BuildAgent(agent, server) : null,
        Track = options.Track,
        Observe = options.Observe,
        StartsInMaintenance = options.StartsInMaintenance,
        LogsChecks = _backend.LogsHealthChecks,
        EmailAlert = EmailAlert,
        CutsSessionsWhenDown = options.CutsSessionsWhenDown,
        CutsBackupSessionsWhenUp = options.CutsBackupSessionsWhenUp,
        KeepsSessions = options.CutsSessionsWhenDown || (options.IsBackup && _cutsBackups),
    };

    private CheckPlan BuildCheck(ServerCheckOptions options, HealthCheckOptions? own, Server server)
    {
        var check = own ?? _backend.HealthCheck;
        var isElsewhere = options.Address is not null || options.Port is not null;
        var secure = options.UseTls ?? (!isElsewhere && server.Tls is not null);
        return new CheckPlan
        {
            Probe = own is null ? _probe! : ProbeFactory.Make(own, _backend.Name, _compiler), // there is one, as a server is checked by it
            Interval = options.Interval,
            FastInterval = options.FastInterval ?? options.Interval,
            DownInterval = options.DownInterval ?? options.Interval,
            Rise = options.Rise,
            Fall = options.Fall,
            Server = server,
            Backend = _compiler.Backend,
            Host = options.Address,
            Port = options.Port,
            Source = server.ConnectOptions.Source,
            Interface = server.ConnectOptions.Interface,
            Tls = secure ? TlsOf(options, server) : null,
            StepTls = check.Steps.Any(static s => s is ConnectStep { UsesTls: true }) ? TlsOf(options, server) : null,
            HostName = options.HostName ?? server.TlsHostName,
            ProxyProtocol = (options.SendsProxyHeader ?? (!isElsewhere && server.ProxyProtocol is not null)) ? server.ProxyProtocol ?? ProxyProtocolVersion.Text : null,
            StepProxyProtocol = server.ProxyProtocol ?? ProxyProtocolVersion.Text,
            GoesBySocks4 = options.GoesBySocks4,
            TellsAddresses = TellsAddresses,
            NodeName = NodeName,
            PhaseLimit = _backend.CheckTimeout,
            ConnectTimeout = _backend.ConnectTimeout,
            Spread = _spread,
        };
    }

    /// <summary>That of the checks, else the server's own; for another name, and with other protocols, where they are asked for.</summary>
    private TlsClientContext TlsOf(ServerCheckOptions options, Server server)
    {
        var tls = options.Tls is { } own ? new TlsClientContext(own, _pool) : server.Tls ?? new TlsClientContext(new ServerTlsOptions(), _pool);
        tls = options.HostName is { } name ? tls.For(name) : tls;
        return options.ApplicationProtocols is { } protocols ? tls.Offering(protocols) : tls;
    }

    private CheckPlan BuildAgent(AgentCheckOptions options, Server server) => new()
    {
        Probe = ProbeFactory.Agent(options),
        Interval = options.Interval,
        FastInterval = options.Interval,
        DownInterval = options.Interval,
        Rise = 1,
        Fall = 1,
        Server = server,
        Host = options.Address,
        Port = options.Port,
        Source = server.ConnectOptions.Source,
        Interface = server.ConnectOptions.Interface,
        PhaseLimit = _backend.CheckTimeout,
        ConnectTimeout = _backend.ConnectTimeout,
        Spread = _spread,
    };
}
