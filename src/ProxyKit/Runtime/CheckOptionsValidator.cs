using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Rules.Variables;

namespace ProxyKit.Runtime;

/// <summary>Finds what is wrong with how servers are checked.</summary>
internal static class CheckOptionsValidator
{
    /// <summary>Looks at what a check of a backend does, and at what its servers share.</summary>
    public static void Validate(BackendOptions options, FaultPath path)
    {
        path.CheckLimit(nameof(options.CheckTimeout), options.CheckTimeout);
        if (options.CheckServers is { } servers)
        {
            Validate(servers, path.In(nameof(options.CheckServers)));
        }

        if (options.HealthCheck is not { } check)
        {
            path.Add(nameof(options.HealthCheck), "is null");
            return;
        }

        Validate(check, options.Name, path.In(nameof(options.HealthCheck)));
    }

    /// <summary>Looks at how one server is checked.</summary>
    public static void Validate(ServerOptions options, BackendOptions backend, FaultPath path)
    {
        path.CheckDefined(nameof(options.InitialState), options.InitialState);
        if (options.HealthCheck is { } own)
        {
            Validate(own, backend.Name, path.In(nameof(options.HealthCheck)));
        }

        if (options.Check is { } check)
        {
            Validate(check, path.In(nameof(options.Check)));
        }

        if (options.Agent is { } agent)
        {
            var place = path.In(nameof(options.Agent));
            place.CheckRange(nameof(agent.Port), agent.Port, 1, 65535);
            CheckInterval(nameof(agent.Interval), agent.Interval, place);
            CheckHost(nameof(agent.Address), agent.Address, place);
        }

        if (options.Observe is { } observe)
        {
            var place = path.In(nameof(options.Observe));
            place.CheckDefined(nameof(observe.Layer), observe.Layer);
            place.CheckDefined(nameof(observe.Reaction), observe.Reaction);
            place.CheckRange(nameof(observe.ErrorLimit), observe.ErrorLimit, 1, int.MaxValue);
            if (observe.Layer == ObservedLayer.Responses && backend.Mode == ProxyMode.Tcp)
            {
                place.Add(nameof(observe.Layer), "in TCP mode there are no responses to look at");
            }

            if (!options.IsCheckedIn(backend))
            {
                path.Add(nameof(options.Observe), "the server is not checked, and nothing else would bring it back");
            }
        }

        if (options.Track is not null && options.Check is not null)
        {
            path.Add(nameof(options.Track), "the server cannot be checked and track another at the same time");
        }

        if (options.Track is not null && options.InitialState != InitialServerState.Up)
        {
            path.Add(nameof(options.InitialState), "a server that tracks another starts as that one");
        }
    }

    private static void Validate(HealthCheckOptions check, string backend, FaultPath place)
    {
        place.CheckDefined(nameof(check.Kind), check.Kind);
        if (check.Kind == HealthCheckKind.PostgreSql && string.IsNullOrEmpty(check.User))
        {
            place.Add(nameof(check.User), "PostgreSQL has to be asked for one");
        }

        if (check.Kind == HealthCheckKind.Custom && check.Custom is null)
        {
            place.Add(nameof(check.Custom), "is null");
        }

        if (check.Kind == HealthCheckKind.External && string.IsNullOrEmpty(check.Command))
        {
            place.Add(nameof(check.Command), "a program is needed");
        }

        ValidateSteps(check, backend, place);
    }

    /// <summary>Looks at who tracks whom.</summary>
    public static void ValidateTracking(ProxyOptions options, FaultPath root)
    {
        var servers = new Dictionary<string, (BackendOptions Backend, ServerOptions Server)>(StringComparer.Ordinal);
        foreach (var backend in options.Backends.OfType<BackendOptions>())
        {
            foreach (var server in backend.Servers.OfType<ServerOptions>())
            {
                servers.TryAdd($"{backend.Name}/{server.Name}", (backend, server));
            }
        }

        foreach (var (name, (backend, server)) in servers)
        {
            if (server.Track is { } track && (FaultOf(name, track, servers) ?? FaultOfAgreement(backend, track, servers[track].Backend)) is { } fault)
            {
                root.In("backend", backend.Name, 0).In("server", server.Name, 0).Add(nameof(server.Track), fault);
            }
        }
    }

    private static string? FaultOf(string name, string track, Dictionary<string, (BackendOptions Backend, ServerOptions Server)> servers)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { name };
        var next = track;
        while (true)
        {
            if (!servers.TryGetValue(next, out var found))
            {
                return $"there is no server {FaultPath.Quote(next)}; it is written as \"backend/server\"";
            }

            if (!seen.Add(next))
            {
                return $"'{track}' belongs to a chain that loops back to '{next}'";
            }

            if (found.Server.Track is not { } further)
            {
                return found.Server.IsCheckedIn(found.Backend) || found.Server.Agent is not null
                    ? null
                    : $"'{next}' has neither a check nor an agent";
            }

            next = further;
        }
    }

    /// <summary>A state that one of the two backends does not know cannot be taken over.</summary>
    private static string? FaultOfAgreement(BackendOptions backend, string track, BackendOptions tracked) =>
        backend.HealthCheck?.DisableOn404 != tracked.HealthCheck?.DisableOn404
            ? $"'{track}' cannot be tracked from here: {nameof(HealthCheckOptions.DisableOn404)} has to be the same in both backends"
            : null;

    private static void Validate(ServerCheckOptions options, FaultPath path)
    {
        CheckInterval(nameof(options.Interval), options.Interval, path);
        CheckInterval(nameof(options.FastInterval), options.FastInterval, path);
        CheckInterval(nameof(options.DownInterval), options.DownInterval, path);
        path.CheckRange(nameof(options.Rise), options.Rise, 1, int.MaxValue / 2);
        path.CheckRange(nameof(options.Fall), options.Fall, 1, int.MaxValue / 2);
        path.CheckRange(nameof(options.Port), options.Port, 1, 65535);
        CheckHost(nameof(options.Address), options.Address, path);
        CheckHost(nameof(options.HostName), options.HostName, path);
        if (Transport.Tls.ProtocolNames.FaultOf(options.ApplicationProtocols) is { } odd)
        {
            path.Add(odd);
        }

        if (options.Tls is { } tls && Transport.Tls.TlsClientContext.Check(tls) is { } fault)
        {
            path.In(nameof(options.Tls)).Add(fault);
        }
    }

    private static void CheckInterval(string property, TimeSpan? value, FaultPath path)
    {
        if (value < TimeSpan.FromMilliseconds(1) || value > TimeSpan.FromMilliseconds(int.MaxValue))
        {
            path.Add(property, $"{value} is out of range (1 ms to 24.8 days)");
        }
    }

    private static void CheckHost(string property, string? value, FaultPath path)
    {
        if (value is not null && Uri.CheckHostName(value) == UriHostNameType.Unknown)
        {
            path.Add(property, $"{FaultPath.Quote(value)} is neither a host's name nor an address");
        }
    }

    private static void ValidateSteps(HealthCheckOptions options, string backend, FaultPath path)
    {
        var isHttp = options.Kind == HealthCheckKind.Http;
        var position = 0;
        foreach (var step in options.Steps)
        {
            position++;
            if (step is null)
            {
                path.Add(nameof(options.Steps), $"number {position} is null");
                return;
            }

            if (step is ExpectationStep expectation)
            {
                CheckStatuses(expectation, $"{nameof(options.Steps)}: number {position}", path);
            }

            if (step is ConnectStep connect)
            {
                path.CheckRange($"{nameof(options.Steps)}: number {position}: {nameof(connect.Port)}", connect.Port, 1, 65535);
                CheckHost($"{nameof(options.Steps)}: number {position}: {nameof(connect.Address)}", connect.Address, path);
                if (Transport.Tls.ProtocolNames.FaultOf(connect.ApplicationProtocols) is { } odd)
                {
                    path.Add($"{nameof(options.Steps)}: number {position}: {odd}");
                }
            }
            else if (step is SetVariableStep or UnsetVariableStep)
            {
                CheckVariable(step, $"{nameof(options.Steps)}: number {position}", path);
            }
            else if (step is HttpSendStep or HttpExpectStep != isHttp)
            {
                path.Add(nameof(options.Steps), $"number {position}, {step.GetType().Name}, is not for {options.Kind}");
            }
            else if (step is HttpSendStep send && IsBroken(send))
            {
                path.Add(nameof(options.Steps), $"number {position} is no request: a space or a line end is where none may be, or a name or a value is missing");
            }
            else if (step is ExpectStep { Pattern: null } or HttpExpectStep { Pattern: null })
            {
                path.Add(nameof(options.Steps), $"number {position} has no pattern");
                return;
            }
        }

        if (options.Steps.Any(static s => s is ConnectStep) && options.Steps.First(static s => s is not (SetVariableStep or UnsetVariableStep)) is not ConnectStep)
        {
            path.Add(nameof(options.Steps), "the first one must be a ConnectStep too, where there is one");
        }

        try
        {
            ProbeFactory.Make(options, backend ?? "", compiler: null);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            path.Add(nameof(options.Steps), e.Message);
        }
    }

    /// <summary>A check that comes to nothing would leave its server as it is, whatever becomes of it.</summary>
    private static void CheckStatuses(ExpectationStep step, string property, FaultPath path)
    {
        Check(nameof(step.SuccessStatus), step.SuccessStatus);
        Check(nameof(step.ErrorStatus), step.ErrorStatus);
        Check(nameof(step.TimeoutStatus), step.TimeoutStatus);

        void Check(string name, CheckStatus? status)
        {
            if (status is { } found && CheckStatusText.VerdictOf(found) == CheckVerdict.Neutral)
            {
                path.Add($"{property}: {name}", $"{found} does not say whether the server works");
            }
        }
    }

    private static void CheckVariable(CheckStep step, string property, FaultPath path)
    {
        var name = step is SetVariableStep set ? set.Variable : ((UnsetVariableStep)step).Variable; // there are no others
        if (!VariableName.TryParse(name ?? "", out _, out var fault))
        {
            path.Add(property, fault);
        }
        else if (step is SetVariableStep { Value: null })
        {
            path.Add(property, "has no value");
        }
    }

    private static bool IsBroken(HttpSendStep send) =>
        string.IsNullOrEmpty(send.Method) || string.IsNullOrEmpty(send.Target) || string.IsNullOrEmpty(send.Version)
        || $"{send.Method}{send.Target}{send.Version}".Any(static c => char.IsWhiteSpace(c) || char.IsControl(c))
        || send.Headers.Select(static h => h.Key).Concat(send.HeaderFormats.Select(static h => h.Key))
            .Any(static name => string.IsNullOrEmpty(name) || name.Any(static c => c is ':' || char.IsWhiteSpace(c) || char.IsControl(c)))
        || send.HeaderFormats.Any(static h => h.Value is null)
        || send.Headers.Any(static h => h.Value is null || h.Value.AsSpan().ContainsAny('\r', '\n', '\0'));
}
