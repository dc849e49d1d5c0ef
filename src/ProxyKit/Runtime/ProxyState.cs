using System.Net;
using Polly;
using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Exchanges;
using ProxyKit.Metering.Quotas;
using ProxyKit.Queueing;
using ProxyKit.Resilience;
using ProxyKit.Rules.Variables;
using ProxyKit.Statistics;
using ProxyKit.StickTables;
using ProxyKit.Tiers;
using ProxyKit.Transport;

namespace ProxyKit.Runtime;

/// <summary>What outlives a configuration, by name. A new configuration starts with the same entries for what stays and new ones for the rest;
/// only when it is put to use are those that nobody names any more let go.</summary>
internal sealed class ProxyState
{
    private ProxyState? _previous; // until the choice between Commit and Abandon
    private readonly Dictionary<(string Backend, string Server), ServerState> _servers = [];
    private readonly Dictionary<string, (BackendState State, BackendQueue Queue)> _backends = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StickTable> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConnectionCount> _frontends = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TierGroup> _tiers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TrafficCounters> _traffic = new(StringComparer.Ordinal); // of frontends
    private readonly Dictionary<string, SessionRate> _rates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Delegate Configure, ResiliencePipeline<UpstreamResult> Pipeline)> _pipelines = new(StringComparer.Ordinal);

    public ProxyState()
    {
    }

    private ProxyState(ProxyState previous)
    {
        _previous = previous;
        Variables = previous.Variables;
        Circuits = new CircuitStates(previous.Circuits);
        Issuers = new IssuerStates(previous.Issuers);
        Resolvers = new ResolverStates(previous.Resolvers);
    }

    /// <summary>The places of variables, which sessions keep over reloads.</summary>
    public VariableSlots Variables { get; } = new();

    public CircuitStates Circuits { get; } = new(null);

    /// <summary>The tiers that were made for this configuration.</summary>
    public List<TiersInUse> TiersInUse { get; } = [];

    /// <summary>The stick tables, by name.</summary>
    public IReadOnlyDictionary<string, StickTable> Tables => _tables;

    /// <summary>The groups of tiers, by name.</summary>
    public IReadOnlyDictionary<string, TierGroup> Tiers => _tiers;

    public IssuerStates Issuers { get; } = new(null);

    public ResolverStates Resolvers { get; } = new(null);

    public ProxyState Next() => new(this);

    public ConnectionCount ConnectionsOf(string frontend)
    {
        if (!_frontends.TryGetValue(frontend, out var count))
        {
            _frontends[frontend] = count = _previous?._frontends.GetValueOrDefault(frontend) ?? new ConnectionCount();
        }

        return count;
    }

    public TrafficCounters TrafficOf(string frontend, TimeProvider time)
    {
        if (!_traffic.TryGetValue(frontend, out var traffic))
        {
            _traffic[frontend] = traffic = _previous?._traffic.GetValueOrDefault(frontend) ?? new TrafficCounters(time);
        }

        return traffic;
    }

    public SessionRate RateOf(string frontend, TimeProvider time)
    {
        if (!_rates.TryGetValue(frontend, out var rate))
        {
            _rates[frontend] = rate = _previous?._rates.GetValueOrDefault(frontend) ?? new SessionRate(time);
        }

        return rate;
    }

    /// <summary>The state of a backend, and where requests wait for its servers.</summary>
    public (BackendState State, BackendQueue Queue) BackendOf(string name, TimerWheel wheel)
    {
        if (!_backends.TryGetValue(name, out var backend))
        {
            if (_previous is null || !_previous._backends.TryGetValue(name, out backend))
            {
                var state = new BackendState(wheel.Time);
                backend = (state, new BackendQueue(state, wheel));
            }

            _backends[name] = backend;
        }

        return backend;
    }

    /// <summary>The state of a server: the one it has had, if it still leads to the same place in the same way. Else a new one, which takes over
    /// what is known and was decided of the server, as for an address that is changed at run time, but none of its connections.</summary>
    /// <param name="backend">The backend's name.</param>
    /// <param name="options">The server.</param>
    /// <param name="isChecked">Whether its health is checked.</param>
    /// <param name="wheel">What its timers go by.</param>
    public ServerState ServerOf(string backend, ServerOptions options, bool isChecked, TimerWheel wheel)
    {
        var key = ConnectionKey(options);
        var previous = _previous?._servers.GetValueOrDefault((backend, options.Name));
        var state = previous?.ConnectionKey == key
            ? previous
            : new ServerState(key, new IdleConnections(options.MaxIdleConnections, options.IdlePurgeInterval, wheel.Time), BackendOf(backend, wheel).State)
            {
                Place = PlaceOf(options, previous),
            };
        if (state != previous)
        {
            // Nobody who waits is sent there before its health is known.
            state.Begin(previous, options.StartsInMaintenance || state.Place is { Options: null } ? ServerAvailability.Maintenance
                : isChecked && options.InitialState is (InitialServerState.Down or InitialServerState.FullyDown) ? ServerAvailability.Down
                : ServerAvailability.Open);
        }

        _servers[(backend, options.Name)] = state;
        return state;
    }

    /// <summary>A group of tiers, with what is counted of its clients.</summary>
    public TierGroup TiersOf(string name, DataPath path) => _tiers[name] = _previous?._tiers.GetValueOrDefault(name)
        ?? new TierGroup(name, path.Time, e => path.Log.Failed(e, name));

    /// <summary>A stick table: the one it has been, if its shape is still the same.</summary>
    public StickTable TableOf(StickTableOptions options, TimeProvider time)
    {
        var shape = StickTable.ShapeOf(options);
        return _tables[options.Name] = _previous?._tables.GetValueOrDefault(options.Name) is { } previous && previous.Shape == shape
            ? previous
            : new StickTable(options, time);
    }

    /// <summary>Has the groups of tiers judge by this configuration, with what was changed while they ran.</summary>
    public void AdoptTiers(QuotaKeepers quotas)
    {
        foreach (var (group, options, plans, assigned) in TiersInUse)
        {
            group.Adopt(options, plans, assigned);
            quotas.Begin(group, options, plans);
        }
    }

    /// <summary>The strategies around a backend's attempts, with what they know where the same code has composed them before.</summary>
    /// <exception cref="Exception">The code that composes them is a user's, and has failed.</exception>
    public ResiliencePipeline<UpstreamResult> PipelineOf(string backend, Action<ResiliencePipelineBuilder<UpstreamResult>> configure, TimeProvider time)
    {
        if (_previous is null || !_previous._pipelines.TryGetValue(backend, out var kept) || !kept.Configure.Equals(configure))
        {
            var builder = new ResiliencePipelineBuilder<UpstreamResult> { Name = backend, TimeProvider = time };
            configure(builder);
            kept = (configure, builder.Build());
        }

        _pipelines[backend] = kept;
        return kept.Pipeline;
    }

    /// <summary>Takes the place of the previous state, whose leftovers close their idle connections. Exchanges still at work there finish, and
    /// what they give back is closed then.</summary>
    public void Commit()
    {
        if (_previous is not null)
        {
            DisposeAllBut(_previous, this);
            _previous.Circuits.RetireAllBut(Circuits);
            Circuits.ForgetPrevious();
            _previous.Issuers.EndAllBut(Issuers);
            Issuers.ForgetPrevious();
            _previous.Resolvers.EndAllBut(Resolvers);
            Resolvers.ForgetPrevious();
            _previous = null;
        }
    }

    /// <summary>Lets go of what was made for a configuration that is not put to use.</summary>
    public void Abandon()
    {
        if (_previous is not null)
        {
            DisposeAllBut(this, _previous);
            Circuits.Abandon();
            Issuers.EndAllBut(_previous.Issuers);
            Resolvers.EndAllBut(_previous.Resolvers);
        }
    }

    /// <summary>Closes everything.</summary>
    public void Dispose()
    {
        Circuits.Dispose();
        Issuers.EndAllBut(null);
        Resolvers.EndAllBut(null);
        foreach (var server in _servers.Values)
        {
            server.Idle.Dispose();
            server.EndWarmUp();
        }

        foreach (var table in _tables.Values)
        {
            table.Dispose();
        }

        foreach (var group in _tiers.Values)
        {
            group.Clients.Dispose();
        }
    }

    private static void DisposeAllBut(ProxyState leaving, ProxyState staying)
    {
        foreach (var (name, server) in leaving._servers)
        {
            if (staying._servers.GetValueOrDefault(name) != server)
            {
                server.Idle.Dispose();
                server.EndWarmUp();
            }
        }

        foreach (var (name, table) in leaving._tables)
        {
            if (staying._tables.GetValueOrDefault(name) != table)
            {
                table.Dispose();
            }
        }

        foreach (var (name, group) in leaving._tiers)
        {
            if (staying._tiers.GetValueOrDefault(name) != group)
            {
                group.Clients.Dispose();
            }
        }
    }

    /// <summary>Where a server is that is looked up: where it was, if it was looked up by the same name. Null for any other.</summary>
    private static ServerPlace? PlaceOf(ServerOptions options, ServerState? previous)
    {
        if (options.Resolution is not { } resolution || !NetworkAddress.TryParseServer(options.Address, out var written, out _, out _) || written is not DnsEndPoint name)
        {
            return null;
        }

        IPEndPoint? source = null;
        _ = options.Source is { } text && NetworkAddress.TryParseSource(text, out source);
        var before = previous?.Current.Address == options.Address ? previous.Place : null;
        var first = before?.EndPoint ?? (resolution.InitialAddress is { } initial ? new IPEndPoint(IPAddress.Parse(initial), name.Port) : null); // validated
        var socks4Proxy = options.Socks4Proxy is { } proxy ? IPEndPoint.Parse(proxy) : null; // validated
        return new ServerPlace(source, first, options.Interface, socks4Proxy) { Host = before?.Host };
    }

    private static string ConnectionKey(ServerOptions options) => string.Join(
        '|',
        options.Address,
        options.Resolution?.Resolvers,
        options.Source,
        options.Interface,
        options.Socks4Proxy,
        options.PoolName,
        options.PoolName is null ? null : options.TlsHostName, // else the pools are called by it
        options.MaxIdleConnections,
        options.IdlePurgeInterval,
        options.Tls?.ToKey());
}
