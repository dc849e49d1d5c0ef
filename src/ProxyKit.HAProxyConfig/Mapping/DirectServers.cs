using ProxyKit.HAProxyConfig.Addresses;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Puts the server in the place of lines that say where everything goes: <c>dispatch</c> and <c>option transparent</c>. It goes by the name that
/// logs have for no server. Where a <c>balance</c> is said, or inherited, servers are chosen instead.</summary>
internal static class DirectServers
{
    public static void Apply(ConfigModel model, DiagnosticList diagnostics)
    {
        foreach (var proxy in model.Proxies.Where(static p => p.HasBack && !p.Settings.IsDisabled))
        {
            if (proxy.Settings.Balance is not null && proxy.Settings.IsTransparent)
            {
                diagnostics.Alert(
                    proxy.Settings.Places.GetValueOrDefault("option transparent", proxy.Place), $"{proxy} cannot have both 'option transparent' and 'balance'.");
            }
            else if (proxy.Settings.Balance is not null && proxy.Direct is { } ignored)
            {
                diagnostics.Warning(ignored.Place, $"{proxy} has a 'balance', beside which the address of 'dispatch' is ignored.");
            }
            else if (proxy.Direct is { } direct)
            {
                if (proxy.Servers.Count > 0)
                {
                    diagnostics.Warning(direct.Place, $"{proxy} sends everything to the address of 'dispatch': its servers are not used.");
                    proxy.Servers.Clear();
                }

                proxy.Servers.Add(direct);
            }
            else if (proxy.Settings.IsTransparent && proxy.Servers.Count > 0)
            {
                diagnostics.Alert(
                    proxy.Settings.Places.GetValueOrDefault("option transparent", proxy.Place), $"{proxy} has servers, beside which 'option transparent' is not supported.");
            }
            else if (proxy.Settings.IsTransparent)
            {
                var place = proxy.Settings.Places.GetValueOrDefault("option transparent", proxy.Place);
                proxy.Servers.Add(new ServerSection(DirectLines.Nameless, new ServerAddress("0.0.0.0", 0, IsName: false, PortOffset: 0), new ServerSettings(), place));
            }
        }
    }
}
