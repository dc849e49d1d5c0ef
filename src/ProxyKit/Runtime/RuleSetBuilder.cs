using ProxyKit.Authentication;
using ProxyKit.Backends;
using ProxyKit.Exchanges;
using ProxyKit.Frontends;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Replies;
using ProxyKit.Rules.Variables;
using ProxyKit.Stickiness;

namespace ProxyKit.Runtime;

/// <summary>Makes the rules, routes and conditions of a configuration ready, and notes what is wrong with them.</summary>
internal sealed partial class RuleSetBuilder(RuleCompiler compiler, FaultPath root)
{
    /// <summary>Where faults are noted.</summary>
    public FaultPath Root => root;

    /// <summary>The rules of a frontend.</summary>
    public RuleSet BuildFrontend(FrontendOptions options, FrontendFacts facts)
    {
        var path = root.In("frontend", options.Name, 0);
        var rules = options.Rules;
        (compiler.Frontend, compiler.Backend, compiler.IsHttp) = (facts, facts.OwnBackend, options.Mode == ProxyMode.Http);
        var (content, request, response) = facts.OwnBackend is null
            ? (RuleStages.FrontendContent, RuleStages.FrontendRequest, RuleStages.FrontendResponse)
            : (RuleStages.FrontendContent | RuleStages.BackendContent, RuleStages.FrontendRequest | RuleStages.BackendRequest, RuleStages.FrontendResponse | RuleStages.BackendResponse);
        compiler.Acls = name => options.Acls.TryGetValue(name, out var acl) ? acl : null;
        return new()
        {
            Connection = Compile(rules.Connection, RulePhases.Connection, RuleStages.Connection, path),
            Session = Compile(rules.Session, RulePhases.Session, RuleStages.Session, path),
            Content = Compile(rules.Content, RulePhases.Content, content, path),
            InspectDelay = rules.InspectDelay,
            Request = Compile(RequestRules.Of(options), request, path),
            Authentication = CompileAuthentication(options.Authentication, path.In(nameof(options.Authentication))),
            Response = Compile(rules.Response, RulePhases.Response, response, path),
            AfterResponse = Compile(rules.AfterResponse, RulePhases.AfterResponse, response, path),
        };
    }

    /// <summary>The keys of an issuer of tokens.</summary>
    public Func<IssuerKeysSettings, IssuerKeys> IssuerKeysOf { get; init; } = static _ => throw new InvalidOperationException("Nobody keeps keys.");

    private RuleList? CompileAuthentication(AuthenticationOptions options, FaultPath path)
    {
        compiler.Stages = RuleStages.FrontendRequest;
        var rules = AuthenticationRules.Of(options, IssuerKeysOf);
        var ours = rules.Count - options.Rules.Count;
        return RuleList.Compile(rules, RulePhases.Request, compiler, (index, fault) =>
        {
            var place = index < ours ? path : path.In("rule", null, index - ours + 1);
            At(place, rules[index].Origin).Add(fault);
        });
    }

    /// <summary>The rules of a backend.</summary>
    public RuleSet BuildBackend(BackendOptions options, Backend backend)
    {
        var path = root.In("backend", options.Name, 0);
        var rules = options.Rules;
        (compiler.Frontend, compiler.Backend, compiler.IsHttp) = (null, backend, options.Mode == ProxyMode.Http);
        compiler.Acls = name => options.Acls.TryGetValue(name, out var acl) ? acl : null;
        compiler.Stages = RuleStages.Balance;
        backend.Strategy = Try(At(path.In(nameof(options.Balance)), options.Balance.Description.Origin), () => options.Balance.Create(compiler)) ?? backend.Strategy;
        return new()
        {
            Content = Compile(rules.Content, RulePhases.Content, RuleStages.BackendContent, path),
            InspectDelay = rules.InspectDelay,
            ResponseContent = Compile(rules.ResponseContent, RulePhases.ResponseContent, RuleStages.BackendResponseContent, path),
            ResponseInspectDelay = rules.ResponseInspectDelay,
            Request = Compile(RequestRules.Of(options), RuleStages.BackendRequest, path),
            Response = Compile(rules.Response, RulePhases.Response, RuleStages.BackendResponse, path),
            AfterResponse = Compile(rules.AfterResponse, RulePhases.AfterResponse, RuleStages.BackendResponse, path),
        };
    }

    /// <summary>What a request gets from an open circuit; called after the backend's rules.</summary>
    /// <param name="own">What somebody has said it gets; null for nothing.</param>
    /// <param name="usual">What it gets where that lets it go on, or lets it pass.</param>
    /// <param name="backend">The backend's name.</param>
    /// <param name="index">Which circuit breaker of it.</param>
    public RuleList? BuildOpenAnswer(RuleAction? own, RuleAction usual, string backend, int index)
    {
        var path = root.In("backend", backend, 0).In("circuit breaker", null, index + 1);
        compiler.Stages = RuleStages.BackendRequest;
        var answer = new RuleOptions(usual) { RunsAfterAllow = true };
        return RuleList.Compile(own is null ? [answer] : [new RuleOptions(own), answer], RulePhases.Request, compiler, (_, fault) => path.Add(fault));
    }

    /// <summary>What tells the requests of circuits apart; called after the backend's rules.</summary>
    public CompiledExpression? BuildKey(Expression key, string backend, int index)
    {
        compiler.Stages = RuleStages.BackendRequest;
        return Try(root.In("backend", backend, 0).In("circuit breaker", null, index + 1), () => key.Compile(compiler, iterates: false));
    }

    /// <summary>Whose turn it is in a backend's queue, called after its rules; null where nothing is shared out.</summary>
    public FairKey? BuildFairKey(BackendOptions options, Backend backend)
    {
        if (options.Queue.FairBy is not { } by)
        {
            return null;
        }

        var path = root.In("backend", options.Name, 0).In(nameof(options.Queue));
        (compiler.Frontend, compiler.Backend) = (null, backend);
        compiler.Stages = RuleStages.BackendRequest;
        var key = Try(path.In(nameof(options.Queue.FairBy)), () => by.Compile(compiler));
        var weight = Try(path.In(nameof(options.Queue.FairWeight)), () => options.Queue.FairWeight?.Compile(compiler));
        return key is null ? null : new FairKey(key, weight);
    }

    /// <summary>The field of RFC 7239 that a backend's servers get, called after its rules; null for none.</summary>
    public Rfc7239Field? BuildForwarded(BackendOptions options, Backend backend)
    {
        if (options.Forwarded is not { } forwarded)
        {
            return null;
        }

        (compiler.Frontend, compiler.Backend) = (null, backend);
        compiler.Stages = RuleStages.BackendRequest;
        return Try(root.In("backend", options.Name, 0).In(nameof(options.Forwarded)), () => new Rfc7239Field(forwarded, compiler));
    }

    /// <summary>Has servers told whose connections they get, and asked for the names that requests say; called after a backend's rules.</summary>
    public void BuildGreetings(BackendOptions options, Backend backend)
    {
        (compiler.Frontend, compiler.Backend) = (null, backend);
        compiler.Stages = options.Mode == ProxyMode.Tcp ? RuleStages.BackendContent : RuleStages.BackendRequest;
        foreach (var (server, written) in backend.Servers.Zip(options.Servers))
        {
            if (written is { ProxyProtocol: null, TlsHostName: null, PoolName: null })
            {
                continue;
            }

            var path = root.In("backend", options.Name, 0).In("server", server.Name, 0);
            var name = Try(path.In(nameof(written.TlsHostName)), () => written.TlsHostName?.Compile(compiler));
            var pool = Try(path.In(nameof(written.PoolName)), () => written.PoolName?.Compile(compiler));
            server.Greeting = new ServerGreeting(
                written.ProxyProtocol is { } header ? BuildHeader(header, path.In(nameof(written.ProxyProtocol))) : null,
                name is null ? null : new RequestedName(name),
                pool is null ? null : new PoolName(pool));
        }
    }

    private SentProxyHeader BuildHeader(ProxyProtocolOptions header, FaultPath path) => new(
        header,
        [.. header.Fields.OrderBy(static f => f.Key).Select(f => ((byte)f.Key, Try(path.In(nameof(header.Fields)), () => f.Value.Compile(compiler))!))], // null where it has a fault, and is not put to use
        Value.Parse("ssl_c_verify").Compile(compiler));

    /// <summary>What binds the clients of a backend to its servers, called after its rules; null for nothing.</summary>
    public BackendStickiness? BuildStickiness(BackendOptions options, Backend backend) => BackendStickiness.Compile(
        options,
        backend,
        compiler,
        (kind, index, origin, fault) => At(root.In("backend", options.Name, 0).In(kind, null, index + 1), origin).Add(fault));

    /// <summary>What variables of the process begin with; called before anything that belongs to a proxy.</summary>
    public InitialVariables BuildVariables(IList<ProcessVariableOptions> variables)
    {
        (compiler.Stages, compiler.Phase) = (RuleStages.Startup, RulePhases.None);
        var built = new List<(Variable, CompiledExpression)>();
        foreach (var (index, options) in variables.Index())
        {
            if (Try(At(root.In("variable", options.Name, index + 1), options.Origin), () => options.Value.Compile(compiler)) is { } value)
            {
                built.Add((compiler.VariableFor(options.Name), value));
            }
        }

        return new InitialVariables(built);
    }

    /// <summary>Reads the sections of error pages.</summary>
    public void AddErrorSections(IList<ErrorSectionOptions> sections)
    {
        foreach (var section in sections)
        {
            Try<object>(root.In("error section", section.Name, 0), () =>
            {
                ErrorSections.Of(compiler).Add(section);
                return null;
            });
        }
    }

    /// <summary>The error pages of a frontend or backend, called after its rules; null for none of its own.</summary>
    public ErrorPages? BuildPages(IList<ErrorPageOptions> options, string kind, string name)
    {
        compiler.Stages = RuleStages.OfEither; // errors come on requests as on responses
        return ErrorPages.Compile(options, compiler, (index, fault) => root.In(kind, name, 0).In("error page", null, index + 1).Add(fault));
    }

    /// <summary>The lines of a frontend's log; called after its rules.</summary>
    public FrontendFormats BuildFormats(FrontendOptions options)
    {
        var texts = new FormatTexts
        {
            AccessLog = options.LogFormat,
            ErrorLog = options.ErrorLogFormat,
            UniqueId = options.UniqueIdFormat,
            UniqueIdHeader = options.UniqueIdHeader,
        };
        return Try(root.In("frontend", options.Name, 0), () => FrontendFormats.Compile(options.Mode, texts, options.FormatLanguage ?? RuleLanguage.Default, compiler))
            ?? FrontendFormats.Compile(options.Mode, new FormatTexts(), RuleLanguage.Default, compiler);
    }

    /// <summary>An expression about the requests of a frontend, called after its rules.</summary>
    public CompiledExpression? BuildRequestValue(Expression? value, FaultPath path)
    {
        compiler.Stages = RuleStages.BackendRequest;
        return value is null ? null : Try(path, () => value.Compile(compiler));
    }

    /// <summary>An expression about a frontend's requests or else about their responses, called after its rules.</summary>
    /// <param name="value">The expression.</param>
    /// <param name="path">The way to it.</param>
    /// <param name="asksRequest">Whether it is about the request.</param>
    public CompiledExpression? BuildEitherValue(Expression value, FaultPath path, out bool asksRequest)
    {
        var attempt = path with { Faults = [] };
        asksRequest = BuildRequestValue(value, attempt) is not null;
        compiler.Stages = asksRequest ? RuleStages.BackendRequest : RuleStages.FrontendResponse;
        return Try(path, () => value.Compile(compiler));
    }

    /// <summary>The conditions of a frontend's routes; called after its rules.</summary>
    public Condition[] BuildConditions(FrontendOptions options)
    {
        compiler.Stages = RuleStages.Route;
        return [.. options.Routes.Index().Select(route =>
        {
            var path = RoutePath(options, route.Index);
            compiler.Doubts = path.Warn;
            var compiled = Try(path, () => route.Item.Condition.Compile(compiler)) ?? route.Item.Condition;
            compiler.Doubts = null;
            return compiler.Trace is { } trace ? trace.Watch(route.Index, compiled) : compiled;
        })];
    }

    /// <summary>Where a frontend's routes lead; called after its rules.</summary>
    public RouteTarget[] BuildTargets(FrontendOptions options, Dictionary<string, BackendPolicy> backends)
    {
        compiler.Stages = RuleStages.Route;
        return [.. options.Routes.Index().Select(route => route.Item.Name is { } name
            ? Try(RoutePath(options, route.Index), () => name.Compile(compiler)) is { } compiled ? new RouteTarget(compiled, backends) : default
            : new RouteTarget(backends[route.Item.Backend]))];
    }

    private FaultPath RoutePath(FrontendOptions options, int index) =>
        At(root.In("frontend", options.Name, 0).In("route", null, index + 1), options.Routes[index].Origin);

    private RuleList? Compile(IList<RuleOptions> rules, RulePhases phase, RuleStages stages, FaultPath path)
    {
        compiler.Stages = stages;
        return RuleList.Compile(rules, phase, compiler, (index, fault) => PathOf(index).Add(fault), (index, doubt) => PathOf(index).Warn(doubt));

        FaultPath PathOf(int index) => At(path.In($"{phase} rule", null, index + 1), rules[index].Origin);
    }

    /// <summary>Makes the rules for requests ready; of those that nobody wrote, those that answer monitors can have a fault.</summary>
    private RuleList? Compile(RequestRules rules, RuleStages stages, FaultPath path)
    {
        var all = rules.All;
        compiler.Stages = stages;
        return RuleList.Compile(
            all, RulePhases.Request, compiler, (index, fault) => PathOf(index).Add(fault), (index, doubt) => PathOf(index).Warn(doubt));

        FaultPath PathOf(int index)
        {
            var position = rules.PositionOf(index);
            return At(position < 0 ? path.In(nameof(FrontendOptions.MonitorTarget)) : path.In($"{RulePhases.Request} rule", null, position + 1), all[index].Origin);
        }
    }

    /// <summary>A rule that came from a file is found there, not in the options.</summary>
    private static FaultPath At(FaultPath path, string? origin) => origin is null ? path : path with { Path = $"{origin}: " };

    private static T? Try<T>(FaultPath path, Func<T?> compile)
        where T : class
    {
        try
        {
            return compile();
        }
        catch (RuleFaultException e)
        {
            path.Add(e.Message);
            return null;
        }
    }
}
