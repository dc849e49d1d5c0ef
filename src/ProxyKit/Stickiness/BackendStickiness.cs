using System.Text;
using ProxyKit.Backends;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.StickTables;

namespace ProxyKit.Stickiness;

/// <summary>
/// What binds the clients of a backend to its servers, asked in HAProxy's order: rules that force or ignore (<see cref="Begin"/>); a rule that names the
/// server, the cookie, the cookie of remote desktops, stick tables (<see cref="Direct"/>). The first that names a server decides; the others still do
/// what else they do. Immutable.
/// </summary>
internal sealed class BackendStickiness
{
    private readonly Backend _backend;
    private readonly (PersistenceEffect Effect, Condition Condition)[] _persistence;
    private readonly UseServerRule[] _useServer;
    private readonly Dictionary<byte[], Server>.AlternateLookup<ReadOnlySpan<byte>> _servers; // for rules that tell a name
    private readonly ServerCookie? _cookie;
    private readonly RdpPersistence? _rdp;
    private readonly StickRule[] _request, _response;
    private readonly bool _refusesCacheableCookies;

    private BackendStickiness(BackendOptions options, Backend backend, RuleCompiler compiler, Action<string, int, string?, string> fault)
    {
        _backend = backend;
        compiler.Stages = RuleStages.Balance;
        _persistence = Compile(
            options.PersistenceRules, (r, index) => (r.Effect, Watched(r.Condition.Compile(compiler), index, compiler)), static r => r.Origin, "persistence rule", fault);
        _useServer = Compile(options.UseServerRules, (r, index) => UseServerRule.Compile(r, compiler, index), static r => r.Origin, "use-server rule", fault);
        var stick = Compile(
            options.StickRules, (r, index) => StickRule.Compile(r, compiler, options.UseServerRules.Count + index), static r => r.Origin, "stick rule", fault);
        _request = Array.FindAll(stick, static r => r.Kind != StickRuleKind.StoreResponse);
        _response = Array.FindAll(stick, static r => r.Kind == StickRuleKind.StoreResponse);
        _servers = backend.Servers
            .ToDictionary(static s => Encoding.UTF8.GetBytes(s.Name), static s => s, (IEqualityComparer<byte[]>)StickKeyComparer.Instance)
            .GetAlternateLookup<ReadOnlySpan<byte>>();
        foreach (var (server, serverOptions) in backend.Servers.Zip(options.Servers))
        {
            server.Cookie = serverOptions.Cookie is { } value ? Encoding.UTF8.GetBytes(value)
                : options is { StickyCookie.IsDynamic: true, DynamicCookieKey: { } key } ? DynamicCookie.Of(key, server.ConnectOptions.EndPoint)
                : null;
        }

        _cookie = options.StickyCookie is { } cookie ? new ServerCookie(cookie, backend.Servers, compiler.Time) : null;
        _rdp = options.RdpCookie is { } rdp ? new RdpPersistence(rdp, backend, compiler) : null;
        _refusesCacheableCookies = options.RefusesCacheableCookies;
    }

    /// <summary>Whether responses are looked at before they go to the client.</summary>
    public bool EditsResponses => _cookie is not null || _refusesCacheableCookies;

    /// <summary>Makes the stickiness of a backend ready; null where it has none.</summary>
    /// <param name="options">What is configured.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="compiler">Finds what rules name.</param>
    /// <param name="fault">Is told what is wrong: the kind of rule, its index, where it was written, and the fault.</param>
    public static BackendStickiness? Compile(BackendOptions options, Backend backend, RuleCompiler compiler, Action<string, int, string?, string> fault) =>
        options is { StickyCookie: null, RdpCookie: null, RefusesCacheableCookies: false, UseServerRules.Count: 0, StickRules.Count: 0, PersistenceRules.Count: 0 }
            ? null
            : new BackendStickiness(options, backend, compiler, fault);

    /// <summary>As soon as the backend is chosen: whether something is to be forced or ignored.</summary>
    public void Begin(RuleContext context, ClientBinding binding)
    {
        if (_cookie is { IsLogged: true })
        {
            binding.RequestCookie = binding.ResponseCookie = 'N';
        }

        foreach (var (effect, condition) in _persistence)
        {
            context.ResetScratch();
            if (condition.Evaluate(context) == Truth.True)
            {
                binding.Effect = effect;
                return;
            }
        }
    }

    /// <summary>Behind the backend's rules: decides on a server, or on none, in which case the balancing does.</summary>
    public Direction Direct(RuleContext context, ClientBinding binding)
    {
        context.ResetScratch();
        AskUseServer(context, binding);
        if (_cookie is not null && context.Request is { } request)
        {
            _cookie.Read(request.Headers, binding, _backend, context.Scratch);
        }

        if (_rdp is not null && !binding.HasServer)
        {
            TakeFirst(_rdp.Find(context), binding, DirectionKind.RdpCookie);
        }

        foreach (var rule in _request)
        {
            context.ResetScratch();
            Ask(rule, context, binding);
        }

        return binding.Decide();
    }

    /// <summary>What the cookie of a request is worth that a rule has refused, for the log alone; as HAProxy does.</summary>
    public void ReadRefused(RuleContext context, ClientBinding binding)
    {
        if (_cookie is not null && context.Request is { } request)
        {
            context.ResetScratch();
            _cookie.Read(request.Headers, binding, _backend, context.Scratch);
        }
    }

    /// <summary>When the server has answered, before anybody looks at the answer: stick tables learn what they are to.</summary>
    public void Learn(RuleContext context, ClientBinding binding, Server? server)
    {
        var ofRequest = binding.Lessons;
        foreach (var rule in _response)
        {
            context.ResetScratch();
            var sample = default(Sample);
            if (!binding.HasLesson(rule.Targets, ofRequest) && rule.TryGetKey(context, ref sample, out var key))
            {
                binding.Add(rule.Targets, key);
            }
        }

        if (server is not null)
        {
            binding.Learn(server);
        }
    }

    /// <summary>Behind the rules for responses: the cookie is put in, rewritten or taken out.</summary>
    /// <param name="context">What it is about.</param>
    /// <param name="response">The response.</param>
    /// <param name="method">The request's method as the client sent it.</param>
    /// <param name="binding">What the request brought along.</param>
    /// <param name="server">The server.</param>
    /// <param name="isDirect">Whether the request was tied to it to the end.</param>
    /// <returns>Whether the client may have the response.</returns>
    public bool TryEdit(RuleContext context, ResponseHead response, RequestMethod method, ClientBinding binding, Server server, bool isDirect)
    {
        context.ResetScratch();
        var headers = response.Headers;
        var setsCookie = headers.IndexOf(KnownHeader.SetCookie) >= 0; // the server does
        var mayKeepCookies = _refusesCacheableCookies && setsCookie && Cacheability.Of(method, response.Status, headers).MayKeepCookies;
        if (_cookie is not null)
        {
            _cookie.Rewrite(headers, binding, server, isDirect, context.Scratch);
            mayKeepCookies &= !_cookie.Insert(response, method, binding, server, isDirect, context.Scratch);
        }

        return !mayKeepCookies;
    }

    /// <summary>The letters of the log: of the cookie in the request, and of that in the response.</summary>
    /// <param name="binding">What the request brought along.</param>
    /// <param name="wasLost">Whether the client's server was given up for another one.</param>
    public (char Request, char Response) Letters(ClientBinding binding, bool wasLost) => _cookie is not { IsLogged: true } ? ('-', '-')
        : (wasLost && binding.RequestCookie == 'V' ? 'D' : binding.RequestCookie, binding.ResponseCookie);

    /// <summary>The condition of a rule, which tells whose it is where one exchange is explained.</summary>
    private static Condition Watched(Condition condition, int index, RuleCompiler compiler) => compiler.Trace?.Watch(index, condition) ?? condition;

    private static TMade[] Compile<TRule, TMade>(
        IList<TRule> rules, Func<TRule, int, TMade> compile, Func<TRule, string?> origin, string kind, Action<string, int, string?, string> fault)
    {
        var made = new List<TMade>(rules.Count);
        foreach (var (index, rule) in rules.Index())
        {
            try
            {
                made.Add(compile(rule, index));
            }
            catch (RuleFaultException e)
            {
                fault(kind, index, origin(rule), e.Message);
            }
        }

        return [.. made];
    }

    private void AskUseServer(RuleContext context, ClientBinding binding)
    {
        foreach (var rule in _useServer)
        {
            context.ResetScratch();
            if (rule.Condition.Evaluate(context) != Truth.True)
            {
                continue;
            }

            var server = rule.Server;
            if (rule.Name is { } name && !_servers.TryGetValue(name.Text(context), out server))
            {
                return; // as HAProxy: the balancing decides
            }

            if (TryTake(server!, binding, DirectionKind.Rule)) // by name or found a line ago
            {
                return;
            }
        }
    }

    private void Ask(StickRule rule, RuleContext context, ClientBinding binding)
    {
        var sample = default(Sample);
        if ((rule.StoresRequest && binding.HasLesson(rule.Targets)) || !rule.TryGetKey(context, ref sample, out var key))
        {
            return;
        }

        if (rule.Matches && rule.Targets.Find(key) is { } server && !binding.HasServer)
        {
            TryTake(server, binding, DirectionKind.StickTable);
        }

        if (rule.StoresRequest)
        {
            binding.Add(rule.Targets, key);
        }
    }

    private void TakeFirst(ReadOnlySpan<Server> servers, ClientBinding binding, DirectionKind kind)
    {
        foreach (var server in servers)
        {
            if (TryTake(server, binding, kind))
            {
                return;
            }
        }
    }

    /// <summary>Decides on a server unless it cannot be used.</summary>
    private bool TryTake(Server server, ClientBinding binding, DirectionKind kind)
    {
        if (!server.State.TakesBound && !_backend.PersistsWhenDown && !binding.IsForced)
        {
            return false;
        }

        binding.Direct(server, kind);
        return true;
    }

    /// <param name="Server">The server; null where a name tells it.</param>
    /// <param name="Name">Tells the name.</param>
    /// <param name="Condition">When.</param>
    private readonly record struct UseServerRule(Server? Server, CompiledExpression? Name, Condition Condition)
    {
        public static UseServerRule Compile(UseServerRuleOptions options, RuleCompiler compiler, int index) => new(
            options.Name is null ? compiler.ServerFor(options.Server) : null,
            options.Name?.Compile(compiler),
            Watched(options.Condition.Compile(compiler), index, compiler));
    }
}
