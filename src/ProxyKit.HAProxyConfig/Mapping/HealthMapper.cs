using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Makes the options about the health of a backend's servers.</summary>
internal sealed class HealthMapper(ConfigModel model, ServerTlsMapper tls, DiagnosticList diagnostics)
{
    public void Map(ProxySection proxy, BackendOptions mapped)
    {
        var draft = proxy.Settings.Check;
        mapped.HealthCheck = draft.ToOptions();
        mapped.CheckTimeout = proxy.Settings.Timeout("check");
        mapped.LogsHealthChecks = draft.LogsChecks;
        WarnOfUnusedSteps(proxy.ToString(), proxy.Place, "option", draft);
        if (draft is { Kind: HealthCheckKind.Http, SendsRequest: false })
        {
            diagnostics.Warning(
                proxy.Place,
                $"{proxy}: its http-check rules take the place of all that it inherits, also of the request of 'option httpchk', so that its check sends nothing: "
                + "say 'option httpchk' in the section too.");
        }

        if (draft.Kind == HealthCheckKind.External)
        {
            CheckExternal(proxy, draft);
        }
    }

    public void Map(ProxySection proxy, ServerSection server, ServerOptions mapped)
    {
        var health = server.Settings.Health;
        mapped.StartsInMaintenance = health.IsDisabled == true;
        mapped.InitialState = health.Initial ?? InitialServerState.Up;
        mapped.CutsSessionsWhenDown = health.CutsSessionsWhenDown == true;
        mapped.CutsBackupSessionsWhenUp = health.CutsBackupSessionsWhenUp == true;
        mapped.HealthCheck = health.Section is var (section, place) ? Find(section, place)?.Draft.ToOptions() : null;
        if (health.IsChecked == true)
        {
            mapped.Check = MapCheck(proxy, server, mapped);
        }

        if (health.TlsWord is var (word, said) && !(mapped.Check is { } check && (check.Tls is not null || (mapped.Tls is not null && check.UseTls != false))))
        {
            diagnostics.Warning(said, $"'server {server.Name}' in {proxy} : '{word}' has no effect: the server is not checked over TLS.");
        }

        if (health.HasAgent == true)
        {
            MapAgent(server, mapped);
        }

        if (health.Observed is { } layer)
        {
            MapObservation(proxy, server, mapped, layer);
        }

        if (health.Track is var (name, _))
        {
            MapTrack(proxy, server, mapped, name);
        }
    }

    private ServerCheckOptions MapCheck(ProxySection proxy, ServerSection server, ServerOptions mapped)
    {
        var health = server.Settings.Health;
        var check = new ServerCheckOptions
        {
            FastInterval = health.FastInterval,
            DownInterval = health.DownInterval,
            Address = health.Address,
            Port = health.Port,
            UseTls = health.UsesTls,
            HostName = health.HostName,
            ApplicationProtocols = health.Protocols,
            GoesBySocks4 = health.GoesBySocks4 ?? false,
            SendsProxyHeader = health.SendsProxyHeader == true ? true : null, // without the word it goes by the server's
        };
        check.Interval = health.Interval ?? check.Interval;
        check.Rise = health.Rise ?? check.Rise;
        check.Fall = health.Fall ?? check.Fall;
        var steps = (mapped.HealthCheck ?? proxy.Settings.Check.ToOptions()).Steps;
        if (server.Address.PortOffset is not null && health.Port is null && !steps.Any(static s => s is ConnectStep { Port: not null } or ConnectStep { PortValue: not null }))
        {
            diagnostics.Alert(
                server.Place,
                $"server {server.Name} has neither service port nor check port nor tcp_check rule 'connect' with port information. Check has been disabled.");
        }

        var stepsUseTls = steps.Any(static s => s is ConnectStep { UsesTls: true });
        if ((health.UsesTls == true || stepsUseTls) && mapped.Tls is null)
        {
            check.Tls = tls.Map(proxy, server); // its line says what TLS is like, though clients' requests go without
        }

        return check;
    }

    private HealthCheckSection? Find(string name, Place place)
    {
        var found = model.HealthChecks.Find(s => s.Name == name);
        if (found is null)
        {
            diagnostics.Alert(
                place, $"unable to find the healthcheck section '{name}'{NearestName.Hint(name, model.HealthChecks.Select(static s => s.Name))}.");
        }

        return found;
    }

    private void MapAgent(ServerSection server, ServerOptions mapped)
    {
        var health = server.Settings.Health;
        if (health.AgentPort is not { } port)
        {
            diagnostics.Alert(server.Place, $"server {server.Name} does not have agent port. Agent check has been disabled.");
            return;
        }

        mapped.Agent = new AgentCheckOptions { Port = port, Address = health.AgentAddress ?? health.Address, Send = health.AgentSend };
        mapped.Agent.Interval = health.AgentInterval ?? mapped.Agent.Interval;
    }

    private void MapObservation(ProxySection proxy, ServerSection server, ServerOptions mapped, ObservedLayer layer)
    {
        var health = server.Settings.Health;
        if (mapped.Check is null)
        {
            diagnostics.Alert(
                server.Place, $"'server {server.Name}' : 'observe' needs 'check': nothing else would bring the server back.");
            return;
        }

        if (layer == ObservedLayer.Responses && !proxy.IsHttp)
        {
            diagnostics.Alert(server.Place, $"'server {server.Name}' : 'layer7' can only be used in http proxies.");
            return;
        }

        mapped.Observe = new ObservationOptions { Layer = layer };
        mapped.Observe.ErrorLimit = health.ErrorLimit ?? mapped.Observe.ErrorLimit;
        mapped.Observe.Reaction = health.Reaction ?? mapped.Observe.Reaction;
    }

    private void MapTrack(ProxySection proxy, ServerSection server, ServerOptions mapped, string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var backend = slash < 0 ? proxy : model.Proxies.Find(p => p.HasBack && p.Name == name[..slash]);
        var fault = backend is null ? $"unable to find required proxy '{name[..slash]}' for tracking"
            : backend.Servers.Find(s => s.Name == name[(slash + 1)..]) is not { } tracked
                ? $"unable to find required server '{name[(slash + 1)..]}' for tracking"
            : server.Settings.Health.IsChecked == true ? "unable to enable checks and tracking at the same time!"
            : server.Settings.Health.Initial is not null ? "'init-state' cannot be used together with 'track'"
            : FaultOfChain(proxy, server, backend, tracked);
        if (fault is not null)
        {
            diagnostics.Alert(server.Place, $"'server {proxy.Name}/{server.Name}' : {fault}{(fault[^1] == '!' ? "" : ".")}");
            return;
        }

        mapped.Track = $"{backend!.Name}/{name[(slash + 1)..]}"; // found above
    }

    /// <summary>Follows who tracks whom to the end, which has to be one that finds out something by itself.</summary>
    private string? FaultOfChain(ProxySection proxy, ServerSection server, ProxySection backend, ServerSection tracked)
    {
        var seen = new HashSet<ServerSection> { server };
        var (nextProxy, next) = (backend, tracked);
        while (true)
        {
            if (!seen.Add(next))
            {
                return $"unable to track {backend.Name}/{tracked.Name} as it belongs to a tracking chain looping back to {nextProxy.Name}/{next.Name}";
            }

            if (next.Settings.Health.Track is not var (name, _))
            {
                return next.Settings.Health is { IsChecked: true } or { HasAgent: true }
                    ? null
                    : $"unable to use {backend.Name}/{tracked.Name} for tracking as it does not have any check nor agent enabled";
            }

            var slash = name.IndexOf('/', StringComparison.Ordinal);
            var further = slash < 0 ? nextProxy : model.Proxies.Find(p => p.HasBack && p.Name == name[..slash]);
            if (further?.Servers.Find(s => s.Name == name[(slash + 1)..]) is not { } found)
            {
                return null; // that one's line is told of
            }

            (nextProxy, next) = (further, found);
        }
    }

    /// <summary>Looks at a <c>healthcheck</c> section.</summary>
    public void Check(HealthCheckSection section)
    {
        if (section.Draft.Kind == HealthCheckKind.Connect)
        {
            diagnostics.Alert(section.Place, $"healthcheck section '{section.Name}' has no 'type'.");
        }
        else
        {
            WarnOfUnusedSteps($"healthcheck section '{section.Name}'", section.Place, "type", section.Draft);
        }
    }

    private void WarnOfUnusedSteps(string owner, Place place, string word, CheckDraft draft)
    {
        if (draft.Kind != HealthCheckKind.Http && draft.Own(isHttp: true).Count > 0)
        {
            diagnostics.Warning(place, $"{owner} uses http-check rules without '{word} httpchk', so the rules are ignored.");
        }

        if (draft.Kind != HealthCheckKind.Script && draft.Own(isHttp: false).Count > 0)
        {
            diagnostics.Warning(place, $"{owner} uses tcp-check rules without '{word} tcp-check', so the rules are ignored.");
        }
    }

    private void CheckExternal(ProxySection proxy, CheckDraft draft)
    {
        if (!model.Global.AllowsExternalChecks)
        {
            diagnostics.Alert(proxy.Place, $"Proxy '{proxy.Name}' : 'option external-check' unable to find required 'global.external-check'.");
        }

        if (draft.Command is null)
        {
            diagnostics.Alert(proxy.Place, $"Proxy '{proxy.Name}' : 'option external-check' unable to find required 'external-check command'.");
        }
    }
}
