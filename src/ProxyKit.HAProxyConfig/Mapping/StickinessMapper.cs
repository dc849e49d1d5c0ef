using ProxyKit.Rules.Expressions;
using ProxyKit.Backends;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Stickiness;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Hands a section's stickiness to the backend made of it, and finds what is wrong with it once all sections are read.</summary>
internal sealed class StickinessMapper(ConfigModel model, DiagnosticList diagnostics)
{
    public void Map(ProxySection proxy, BackendOptions backend)
    {
        var settings = proxy.Settings;
        backend.PersistsWhenDown = settings.PersistsWhenDown ?? false;
        backend.RedispatchInterval = settings.RedispatchInterval ?? -1;
        backend.DynamicCookieKey = settings.DynamicCookieKey;
        MapCookie(proxy, backend);
        MapModes(proxy, backend);
        foreach (var rule in proxy.PersistenceRules)
        {
            backend.PersistenceRules.Add(rule);
        }

        foreach (var (rule, place) in proxy.UseServers)
        {
            if (rule.Name is null && proxy.Servers.TrueForAll(s => s.Name != rule.Server))
            {
                diagnostics.Alert(
                    place,
                    $"proxy '{proxy.Name}' : unable to find server '{rule.Server}' referenced in a 'use-server' rule"
                    + $"{NearestName.Hint(rule.Server, proxy.Servers.Select(static s => s.Name))}.");
            }

            backend.UseServerRules.Add(rule);
        }

        foreach (var (rule, place) in proxy.StickRules)
        {
            var table = rule.Table.Length > 0 ? rule.Table : proxy.Name;
            var tables = model.Proxies.Where(static p => p.StickTable is not null && !p.Settings.IsDisabled).Select(static p => p.Name);
            if (!tables.Contains(table))
            {
                diagnostics.Alert(place, $"Proxy '{proxy.Name}': unable to find stick-table '{table}'{NearestName.Hint(table, tables)}.");
            }

            backend.StickRules.Add(rule);
        }
    }

    /// <summary>The same for another backend, to be changed on its own.</summary>
    private static StickyCookieOptions Copy(StickyCookieOptions cookie)
    {
        var copy = new StickyCookieOptions
        {
            Name = cookie.Name,
            Mode = cookie.Mode,
            IsIndirect = cookie.IsIndirect,
            IsNoCache = cookie.IsNoCache,
            IsPostOnly = cookie.IsPostOnly,
            PreservesServerCookie = cookie.PreservesServerCookie,
            IsHttpOnly = cookie.IsHttpOnly,
            IsSecure = cookie.IsSecure,
            MaxIdle = cookie.MaxIdle,
            MaxLife = cookie.MaxLife,
            IsDynamic = cookie.IsDynamic,
        };
        foreach (var domain in cookie.Domains)
        {
            copy.Domains.Add(domain);
        }

        foreach (var attribute in cookie.Attributes)
        {
            copy.Attributes.Add(attribute);
        }

        return copy;
    }

    private void MapCookie(ProxySection proxy, BackendOptions backend)
    {
        if (proxy.Settings.Cookie is not var (cookie, place))
        {
            return;
        }

        if (!proxy.IsHttp)
        {
            diagnostics.Warning(place, $"cookie will be ignored for proxy '{proxy.Name}' (needs 'mode http').");
            return;
        }

        if (cookie.IsDynamic && proxy.Settings.DynamicCookieKey is null)
        {
            diagnostics.Alert(place, $"proxy '{proxy.Name}' : cookie 'dynamic' makes no value without a 'dynamic-cookie-key'.");
        }

        backend.StickyCookie = Copy(cookie); // each backend has its own, also of those that inherit it
        if (!cookie.IsDynamic)
        {
            return;
        }

        foreach (var group in proxy.Servers.Where(static s => s.Settings.Cookie is null).GroupBy(static s => s.Address.ToString()))
        {
            if (group.Skip(1).FirstOrDefault() is { } twin)
            {
                diagnostics.Warning(
                    twin.Place, $"proxy '{proxy.Name}' : servers '{group.First().Name}' and '{twin.Name}' have one address, and so the same dynamic cookie.");
            }
        }
    }

    private void MapModes(ProxySection proxy, BackendOptions backend)
    {
        backend.RefusesCacheableCookies = (proxy.Settings.ChecksCache ?? false) && proxy.IsHttp;
        if (proxy.Settings.RdpCookie is not var (name, place))
        {
            return;
        }

        if (proxy.IsHttp)
        {
            diagnostics.Warning(place, $"'persist rdp-cookie' will be ignored for proxy '{proxy.Name}' (needs 'mode tcp').");
        }
        else
        {
            backend.RdpCookie = name;
        }
    }
}
