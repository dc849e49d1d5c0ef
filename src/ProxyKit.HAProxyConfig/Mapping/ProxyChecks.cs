using ProxyKit.Backends;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Finds what is wrong between sections, or missing in them.</summary>
internal sealed class ProxyChecks(ConfigModel model, DiagnosticList diagnostics)
{
    private static readonly string[] NeededByServers = ["connect", "server"];

    /// <summary>Rules in <c>defaults</c> run at one place only: in frontends or in backends.</summary>
    public void CheckDefaults()
    {
        foreach (var defaults in model.Defaults.Where(static d => d.Rules.FirstPlace is not null))
        {
            var users = model.Proxies.Where(p => StartsFrom(p, defaults)).ToArray();
            if (Array.Find(users, static u => u.Kind == ProxyKind.Listen) is { } listen)
            {
                diagnostics.Alert(
                    listen.Place, $"{listen} cannot start from {defaults}, which has rules: they would run twice (see {defaults.Rules.FirstPlace}).");
            }
            else if (Array.Find(users, static u => u.Kind == ProxyKind.Frontend) is { } frontend
                && Array.Find(users, static u => u.Kind == ProxyKind.Backend) is { } backend)
            {
                diagnostics.Alert(
                    backend.Place,
                    $"{frontend} and {backend} cannot both start from {defaults}, which has rules (see {defaults.Rules.FirstPlace}).");
            }
        }

        foreach (var defaults in model.Defaults)
        {
            var users = model.Proxies.Where(p => p.From == defaults).ToArray();
            if (Array.Find(users, static u => u.NamesFrom) is { } named && Array.Find(users, static u => !u.NamesFrom) is { } unnamed)
            {
                diagnostics.Warning(
                    named.Place,
                    $"defaults section '{defaults.Name}' ({defaults.Place}) is explicitly referenced by {named} and implicitly used by {unnamed}.");
            }
        }
    }

    public void Check(ProxySection proxy)
    {
        if (proxy.Kind == ProxyKind.Frontend && proxy.Binds.Count == 0)
        {
            diagnostics.Warning(
                proxy.Place, $"{proxy} has no 'bind' directive. Please declare it as a backend if this was intended.");
        }

        CheckTimeouts(proxy);
        CheckLog(proxy);
        CheckMode(proxy);
        CheckTargets(proxy);
    }

    private static bool StartsFrom(ProxySection proxy, ProxySection defaults)
    {
        for (var from = proxy.From; from is not null; from = from.From)
        {
            if (from == defaults)
            {
                return true;
            }
        }

        return false;
    }

    private void CheckTimeouts(ProxySection proxy)
    {
        var needed = new List<string>();
        if (proxy.HasFront && proxy.Settings.Timeout("client") is null)
        {
            needed.Add("client");
        }

        if (proxy.HasBack && proxy.Servers.Count > 0)
        {
            needed.AddRange(NeededByServers.Where(name => proxy.Settings.Timeout(name) is null));
        }

        foreach (var name in TimeoutKeywords.OfRequests.Where(_ => !proxy.HasFront))
        {
            if (proxy.Settings.Timeouts.TryGetValue(name, out var said) && proxy.From?.Settings.Timeouts.GetValueOrDefault(name).Place != said.Place)
            {
                diagnostics.Notice(said.Place, $"'timeout {name}' has no effect in {proxy}: the wait for a request and its body is limited by the frontend.");
            }
        }

        if (needed.Count > 0)
        {
            diagnostics.Warning(
                proxy.Place,
                $"missing timeouts for {proxy}.\n   | Whoever goes silent is waited for without end. Set these to something above 0: "
                + $"{string.Join(", ", needed.Select(static n => $"'timeout {n}'"))}.");
        }
    }

    private void CheckLog(ProxySection proxy)
    {
        if (!proxy.HasFront)
        {
            return;
        }

        if (proxy.Settings.LogOption is var (option, place) && option.StartsWith("http", StringComparison.Ordinal) && !proxy.IsHttp)
        {
            diagnostics.Warning(place, $"'option {option.Split(' ')[0]}' not usable with {proxy} (needs 'mode http'). Falling back to 'option tcplog'.");
        }

        if (!FrontendMapper.Logs(proxy, model) && (proxy.Settings.LogOption is not null || proxy.Settings.LogFormat is not null))
        {
            var said = proxy.Settings.LogOption?.Place ?? proxy.Settings.Places.GetValueOrDefault("log-format", proxy.Place);
            diagnostics.Warning(said, $"log format ignored for {proxy} since it has no log address.");
        }

        if (FrontendMapper.Logs(proxy, model) && proxy.Settings.LogOption is null && proxy.Settings.LogFormat is null)
        {
            diagnostics.Notice(
                proxy.Place,
                $"{proxy} logs without 'option httplog' or 'option tcplog': HAProxy would write a line when a client connects, here the lines are those of "
                + $"'option {(proxy.IsHttp ? "httplog" : "tcplog")}'.");
        }
    }

    private void CheckMode(ProxySection proxy)
    {
        if (proxy.IsHttp)
        {
            return;
        }

        WarnOfOption("forwardfor", proxy.Settings.ForwardedFor);
        WarnOfOption("originalto", proxy.Settings.OriginalTo);
        WarnOfOption("forwarded", proxy.Settings.Forwarded);

        if (proxy.HasFront && proxy.Settings.MonitorTarget is not null)
        {
            diagnostics.Warning(proxy.Place, $"'monitor-uri' statement ignored for {proxy} as it requires HTTP mode.");
        }

        var rules = proxy.Rules;
        WarnOfHttp("http-request", rules.PlaceOf(RuleLists.Request));
        WarnOfHttp("http-response", rules.PlaceOf(RuleLists.Response));
        WarnOfHttp("http-after-response", rules.PlaceOf(RuleLists.AfterResponse));
        WarnOfHttp("redirect", rules.RedirectSeen);

        void WarnOfOption(string name, object? option)
        {
            if (option is not null)
            {
                diagnostics.Warning(proxy.Place, $"'option {name}' ignored for {proxy} as it requires HTTP mode.");
            }
        }

        void WarnOfHttp(string list, Place? place)
        {
            if (place is { } first)
            {
                diagnostics.Warning(first, $"'{list}' rules ignored for {proxy} as they require HTTP mode.");
            }
        }
    }

    private void CheckTargets(ProxySection proxy)
    {
        if (proxy.HasFront && proxy.Settings.DefaultBackend is var (name, place))
        {
            CheckTarget(proxy, "default_backend", name, place);
        }

        foreach (var rule in proxy.UseBackends.Where(static u => u.Name is null))
        {
            CheckTarget(proxy, "use_backend", rule.Backend, rule.Place);
        }
    }

    /// <summary>A target that is disabled does not have to fit, since nothing goes there.</summary>
    private void CheckTarget(ProxySection proxy, string keyword, string name, Place place)
    {
        if (model.FindBackend(name) is not { } target)
        {
            diagnostics.Alert(
                place,
                $"Proxy '{proxy.Name}': unable to find required {keyword}: '{name}'"
                + $"{NearestName.Hint(name, model.Proxies.Where(static p => p.HasBack).Select(static p => p.Name))}.");
        }
        else if (!target.Settings.IsDisabled && target.Settings.Mode != proxy.Settings.Mode && !(proxy.SwitchesMode && target.IsHttp))
        {
            diagnostics.Alert(
                place,
                $"{Show(proxy.Settings.Mode)} {proxy} ({proxy.Place}) tries to use incompatible {Show(target.Settings.Mode)} {target} "
                + $"({target.Place}) as its {keyword} (see 'mode').");
        }
        else if (!target.Settings.IsDisabled && target.Kind == ProxyKind.Listen && target.Servers.Count == 0)
        {
            diagnostics.Alert(place, $"Proxy '{proxy.Name}': {keyword} '{name}' has no server, which is not supported yet in a listen.");
        }
    }

    private static string Show(ProxyMode mode) => mode == ProxyMode.Http ? "http" : "tcp";
}
