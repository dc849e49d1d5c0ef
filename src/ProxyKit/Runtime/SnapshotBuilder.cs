using System.Net;
using System.Text;
using Polly;
using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Exchanges;
using ProxyKit.Frontends;
using ProxyKit.Http;
using ProxyKit.Mailing;
using ProxyKit.Metering;
using ProxyKit.Resilience;
using ProxyKit.Resolvers;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Captures;
using ProxyKit.Rules.Explaining;
using ProxyKit.Rules.Replies;
using ProxyKit.Rules.StickCounters;
using ProxyKit.Rules.UserLists;
using ProxyKit.Rules.Variables;
using ProxyKit.Statistics;
using ProxyKit.StickTables;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Runtime;

/// <summary>Turns validated options into what the data path reads. Opens nothing and changes nothing that runs: what it makes anew is only put to
/// use when the whole configuration is.</summary>
internal sealed class SnapshotBuilder(DataPath path, ProxyState state)
{
    private readonly List<(Server Server, HealthSettings Settings)> _health = []; // of all servers, in their order

    private readonly List<ResolvedServer> _resolved = []; // those of them that are looked up

    private HeaderCase? _headerCase; // of fields, for those who want one

    public ProxyState State { get; } = state.Next();

    /// <summary>How many client connections the process may have where the configuration does not say.</summary>
    public int MostConnections { get; init; } = int.MaxValue;

    /// <summary>What is wrong with the rules of the configuration, found while they were made ready.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What can be run but was probably not meant, found at the same time.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Where what is used is written down; null where nothing is, or nothing is to be served.</summary>
    public UsageRecorder? Usage { get; init; }

    /// <summary>Sees what the rules do, where one exchange is to be explained; null where exchanges are to be served.</summary>
    public RuleTrace? Trace { get; init; }

    /// <summary>Makes everything of a configuration but its listeners.</summary>
    public BuiltConfiguration Build(ProxyOptions options)
    {
        _headerCase = options.HeaderNames.Count > 0 ? new HeaderCase(options.HeaderNames) : null;
        var (frontendNumbers, backendNumbers) = Numbering.OfProxies(options);
        var full = new FullLoads(options, MostConnections);
        var backends = options.Backends.ToDictionary(static b => b.Name, b => BuildBackend(b, backendNumbers[b.Name], full, options), StringComparer.Ordinal);
        var counting = new ResponseCounting(
            options.ErrorStatuses is { } errors ? StatusSet.Parse(errors)! : StatusSet.Errors, // validated
            options.FailureStatuses is { } failures ? StatusSet.Parse(failures)! : StatusSet.Failures); // likewise
        var facts = options.Frontends.ToDictionary(static f => f.Name, f => FactsOf(f, frontendNumbers[f.Name], counting, backends), StringComparer.Ordinal);
        foreach (var group in options.Resolvers)
        {
            State.Resolvers.Add(group, path);
        }

        var compiler = new RuleCompiler
        {
            Resolvers = State.Resolvers.Groups,
            Variables = State.Variables,
            Trace = Trace,
            Backends = backends,
            Frontends = facts,
            UserLists = options.UserLists.ToDictionary(static l => l.Name, static l => new UserList(l), StringComparer.Ordinal),
            Time = path.Time,
            IsStopping = () => path.IsStopping,
            Zone = path.Time.LocalTimeZone,
            Tables = BuildTables(options),
            TableLearners = StickRulesOf(options).DistinctBy(static r => r).ToLookup(static r => r.Table, r => backends[r.Backend], StringComparer.Ordinal),
        };
        foreach (var backend in options.Backends)
        {
            BuildHealth(backend, backends[backend.Name], compiler, options);
        }

        var rules = new RuleSetBuilder(compiler, new FaultPath(Faults, "") { Warnings = Warnings }) { IssuerKeysOf = settings => State.Issuers.For(settings, path) };
        var variables = rules.BuildVariables(options.Variables);
        rules.AddErrorSections(options.ErrorSections);
        var circuits = new CircuitBuilder(rules, State.Circuits, path);
        var policies = options.Backends.ToDictionary(static b => b.Name, b => BuildPolicy(b, backends[b.Name], rules, circuits), StringComparer.Ordinal);
        CircuitBuilder.Join(options.Backends, policies);
        var metering = options.Metering is { } metered ? new MeteringCompiler(metered, rules, Usage) : null;
        var tiers = new TierPolicyBuilder(options, State, path);
        var frontends = options.Frontends.Select(f => BuildPolicy(f, facts[f.Name], policies, rules, tiers, metering, options)).ToArray();
        foreach (var frontend in options.Frontends)
        {
            rules.CheckAcls(frontend, facts[frontend.Name]);
        }

        foreach (var backend in options.Backends)
        {
            rules.CheckAcls(backend, backends[backend.Name]);
        }

        return new(frontends, [.. backends.Values], _health, _resolved, variables);
    }

    /// <summary>The stick tables; those that stick rules name keep servers.</summary>
    private Dictionary<string, StickTable> BuildTables(ProxyOptions options)
    {
        var sticky = StickRulesOf(options).Select(static r => r.Table).ToHashSet(StringComparer.Ordinal);
        return options.StickTables.ToDictionary(
            static t => t.Name, t => State.TableOf(sticky.Contains(t.Name) ? t.WithServers() : t, path.Time), StringComparer.Ordinal);
    }

    /// <summary>Which backends have rules about which stick tables.</summary>
    private static IEnumerable<(string Table, string Backend)> StickRulesOf(ProxyOptions options) =>
        options.Backends.SelectMany(static b => b.StickRules.Select(r => (r.Table.Length > 0 ? r.Table : b.Name, b.Name)));

    public BoundPolicy BuildBound(BindOptions bind, FrontendPolicy policy, int id, Listener listener) =>
        new(policy, bind.Tls is { } tls ? new TlsServerContext(tls, path.Pool) : null, new BindFacts(bind.Name, id) { Traffic = listener.Traffic, Connections = () => listener.Connections.Current }, bind.MaxConnections)
        {
            Rates = bind.Tls is null
                ? [path.ConnectionRate, path.SessionRate, policy.SessionRate]
                : [path.ConnectionRate, path.SessionRate, path.TlsRate, policy.SessionRate],
            AcceptsProxyProtocol = bind.AcceptsProxyProtocol,
            NetScalerMagic = (uint?)bind.NetScalerMagic,
            TrustedSenders = bind.TrustedSenders.Count == 0 ? null : AddressRanges.Parse([.. bind.TrustedSenders], nameof(bind.TrustedSenders)),
        };

    private FrontendFacts FactsOf(FrontendOptions options, int id, ResponseCounting counting, Dictionary<string, Backend> backends)
    {
        var connections = State.ConnectionsOf(options.Name);
        return new()
        {
            Name = options.Name,
            Id = id,
            DefaultBackend = options.DefaultBackend,
            OwnBackend = options.DefaultBackend == options.Name ? backends[options.Name] : null,
            Address = options.Binds.Count > 0 && NetworkAddress.TryParseListen(options.Binds[0].Address, out var listen, out _) ? listen.EndPoint : null,
            Connections = () => connections.Current,
            Traffic = State.TrafficOf(options.Name, path.Time),
            ClientTimeout = options.ClientTimeout,
            TarpitTimeout = options.TarpitTimeout,
            RequestHeadTimeout = options.RequestHeadTimeout,
            Counting = counting,
            AuthenticatesAsProxy = options.AuthenticatesAsProxy,
            Captures = new CapturePlan(options.Captures),
            Authenticates = options.Authentication.Schemes.Count > 0,
            HasScopeTable = options.Authentication.Policy is not null,
        };
    }

    private BackendPolicy BuildPolicy(BackendOptions options, Backend backend, RuleSetBuilder rules, CircuitBuilder circuits)
    {
        var set = rules.BuildBackend(options, backend);
        var (before, ofServers) = circuits.Build(options, backend);
        var pages = rules.BuildPages(options.ErrorPages, "backend", options.Name);
        rules.BuildGreetings(options, backend);
        return new BackendPolicy(backend, set, pages, State.BackendOf(options.Name, path.Wheel).Queue)
        {
            Redirects = BuildRedirects(options),
            RequestCase = options.AdjustsHeaderCase ? _headerCase : null,
            Circuits = before,
            ServerCircuit = ofServers,
            ForwardedFor = ClientField(options.ForwardedFor),
            OriginalTo = DestinationField(options.OriginalTo),
            Forwarded = rules.BuildForwarded(options, backend),
            Pipeline = BuildPipeline(options),
            Hedge = options.Hedge,
            FairKey = rules.BuildFairKey(options, backend),
            Stickiness = rules.BuildStickiness(options, backend),
            ServerNameField = options.ServerNameHeader is { } field ? Encoding.ASCII.GetBytes(field.ToLowerInvariant()) : null,
        };
    }

    /// <summary>Where the servers of a backend send clients; null where all of them serve.</summary>
    private static Dictionary<string, RuleVerdict>? BuildRedirects(BackendOptions options)
    {
        var redirects = options.Servers.Where(static s => s.RedirectPrefix is not null).ToDictionary(
            static s => s.Name, static s => new RuleVerdict(VerdictKind.Reply, 302, new ServerRedirectReply(s.RedirectPrefix!)), StringComparer.Ordinal); // asked a line ago
        return redirects.Count > 0 ? redirects : null;
    }

    private ResiliencePipeline<UpstreamResult>? BuildPipeline(BackendOptions options)
    {
        try
        {
            return options.Resilience is { } configure ? State.PipelineOf(options.Name, configure, path.Time) : null;
        }
        catch (Exception e)
        {
            // A user's code, and options of Polly's, which come with several lines of what is wrong.
            new FaultPath(Faults, "").In("backend", options.Name, 0).Add(nameof(options.Resilience), e.Message.ReplaceLineEndings(" "));
            return null;
        }
    }

    private FrontendPolicy BuildPolicy(
        FrontendOptions options,
        FrontendFacts facts,
        Dictionary<string, BackendPolicy> backends,
        RuleSetBuilder rules,
        TierPolicyBuilder tiers,
        MeteringCompiler? metering,
        ProxyOptions whole) => new()
    {
        Name = options.Name,
        Mode = options.Mode,
        Rules = rules.BuildFrontend(options, facts),
        Tiers = tiers.Build(options, rules),
        Formats = rules.BuildFormats(options), // behind the rules, whose captures the lines show
        Pages = rules.BuildPages(options.ErrorPages, "frontend", options.Name),
        Routes = options.Routes.Count == 0 ? null : new RouteTable(rules.BuildConditions(options)),
        Targets = rules.BuildTargets(options, backends),
        Facts = facts,
        DefaultBackend = options.DefaultBackend is { } name ? backends[name] : null,
        ClientTimeout = options.ClientTimeout,
        ClientFinTimeout = options.ClientFinTimeout,
        RequestHeadTimeout = options.RequestHeadTimeout,
        KeepAliveTimeout = options.KeepAliveTimeout,
        HandshakeTimeout = options.HandshakeTimeout,
        TarpitTimeout = options.TarpitTimeout ?? TimeSpan.Zero,
        ForwardedHeaders = options.ForwardedHeaders,
        ForwardedFor = ClientField(options.ForwardedFor),
        OriginalTo = DestinationField(options.OriginalTo),
        ConnectionMode = options.ConnectionMode,
        MaxPrivateConnections = options.MaxPrivateConnections,
        ResponseCase = options.AdjustsHeaderCase ? _headerCase : null,
        DropsResponseTrailers = options.DropsResponseTrailers,
        IgnoresProbes = options.IgnoresProbes,
        AcceptsUnsafeRequests = options.AcceptsUnsafeRequests,
        TakesBodyOfAnyMethod = whole.AcceptsBodyOfAnyMethod,
        KeepsBothLengths = whole.KeepsConnectionsOfBothLengths,
        RejectsPrivilegedPorts = whole.RejectsPrivilegedPorts,
        KeepsIdleWhileDraining = options.KeepsIdleWhileDraining,
        HasIndependentDirections = options.HasIndependentDirections,
        TcpKeepAlive = options.TcpKeepAlive,
        ResetsConnections = options.ResetsConnections,
        AccessLog = options.AccessLog,
        EmptyConnections = options.EmptyConnections,
        Lines = new LogChoice(options.LogsFailuresOnly, options.RaisesFailures, options.LogsEarly && options.LogSteps is null, options.LogSteps),
        Metering = metering?.Compile(options),
        Connections = State.ConnectionsOf(options.Name),
        SessionRate = State.RateOf(options.Name, path.Time),
    };

    private static AddressField? ClientField(AddressFieldOptions? options) => options is null ? null : new(options, "x-forwarded-for");

    private static AddressField? DestinationField(AddressFieldOptions? options) => options is null ? null : new(options, "x-original-to");

    private Backend BuildBackend(BackendOptions options, int id, FullLoads full, ProxyOptions whole)
    {
        var servers = options.Servers.Select(s => BuildServer(options, s)).ToArray();
        return new(options, servers, State.BackendOf(options.Name, path.Wheel).State)
        {
            Id = id,
            FullConnections = options.FullConnections ?? full.Of(options),
            KeepsBothLengths = whole.KeepsConnectionsOfBothLengths,
            KeepsRequests = options.Resilience is not null || options.Hedge is not null,
        };
    }

    private void BuildHealth(BackendOptions options, Backend backend, RuleCompiler compiler, ProxyOptions whole)
    {
        (compiler.Frontend, compiler.Backend) = (null, backend);
        (compiler.Stages, compiler.Phase) = (RuleStages.Check, RulePhases.None);
        try
        {
            var health = new HealthSettingsBuilder(options, whole.CheckSpreadPercent / 100.0, path.Pool, compiler)
            {
                TellsAddresses = whole.NeverSendsLocalHeader,
                NodeName = whole.NodeName ?? Dns.GetHostName(),
                EmailAlert = options.EmailAlert is { } alert ? EmailAlert.Of(alert, whole.Mailers.First(m => m.Name == alert.Mailers)) : null,
            };
            _health.AddRange(options.Servers.Zip(backend.Servers, (o, server) => (server, health.Build(o, server))));
        }
        catch (RuleFaultException e)
        {
            new FaultPath(Faults, "").In("backend", options.Name, 0).Add(nameof(options.HealthCheck), e.Message);
        }
    }

    private Server BuildServer(BackendOptions backend, ServerOptions options)
    {
        if (!NetworkAddress.TryParseServer(options.Address, out var endPoint, out var portOffset, out var fault))
        {
            throw new InvalidOperationException(fault); // validated: cannot be
        }

        IPEndPoint? source = null;
        if (options.Source is { } text && !NetworkAddress.TryParseSource(text, out source))
        {
            throw new InvalidOperationException(text); // validated: cannot be
        }

        // The state first, whose key goes by the files of the TLS: where one changes in between, connections are opened anew once too often, not too seldom.
        var state = State.ServerOf(backend.Name, options, options.IsCheckedIn(backend), path.Wheel);
        var tls = options.Tls is null ? null : new TlsClientContext(options.Tls, path.Pool);
        var server = new Server(backend.Name, options, endPoint, source, tls, state, portOffset) { TcpKeepAlive = backend.TcpKeepAlive };
        if (options.Resolution is { } resolution && endPoint is DnsEndPoint name)
        {
            _resolved.Add(new ResolvedServer(server, resolution, name.Host.TrimEnd('.').ToLowerInvariant(), name.Port));
        }

        return server;
    }
}

/// <summary>A configuration that could be put to use.</summary>
/// <param name="Frontends">The frontends, in their order.</param>
/// <param name="Backends">The backends, in theirs.</param>
/// <param name="Health">Their servers, and how their health is found.</param>
/// <param name="Resolved">Those of them whose addresses are looked up.</param>
/// <param name="Variables">What variables of the process begin with.</param>
internal sealed record BuiltConfiguration(
    FrontendPolicy[] Frontends,
    Backend[] Backends,
    IReadOnlyList<(Server Server, HealthSettings Settings)> Health,
    IReadOnlyList<ResolvedServer> Resolved,
    InitialVariables Variables);
