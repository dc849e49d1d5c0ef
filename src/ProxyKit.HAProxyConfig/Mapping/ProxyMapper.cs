using ProxyKit.Backends;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Makes options of what sections say, once all are read: only then is known what they refer to.</summary>
internal sealed class ProxyMapper(ConfigModel model, HAProxyConfigurationOptions options, DiagnosticList diagnostics)
{
    /// <summary>What takes no time away from anybody: as long as the options take, in a number that can be read in C# too.</summary>
    private static readonly TimeSpan Unlimited = TimeSpan.FromDays(24);

    /// <summary>Makes the options. They are of use only where nothing was wrong.</summary>
    /// <param name="file">The first file, for what is wrong with no line.</param>
    public ProxyOptions Map(string file)
    {
        var checks = new ProxyChecks(model, diagnostics);
        var mapped = new ProxyOptions
        {
            MaxConnections = model.Global.MaxConnections,
            MaxConnectionRate = model.Global.MaxConnectionRate,
            MaxSessionRate = model.Global.MaxSessionRate,
            MaxTlsConnections = model.Global.MaxTlsConnections,
            MaxTlsRate = model.Global.MaxTlsRate,
            ErrorStatuses = model.Global.ErrorStatuses.IsChanged ? model.Global.ErrorStatuses.ToString() : null,
            FailureStatuses = model.Global.FailureStatuses.IsChanged ? model.Global.FailureStatuses.ToString() : null,
            AcceptsBodyOfAnyMethod = model.Global.AcceptsBodyOfAnyMethod,
            KeepsConnectionsOfBothLengths = model.Global.KeepsConnectionsOfBothLengths,
            RejectsPrivilegedPorts = model.Global.RejectsPrivilegedPorts,
            NeverSendsLocalHeader = model.Global.NeverSendsLocalHeader,
            NodeName = model.Global.NodeName,
            CheckSpreadPercent = model.Global.CheckSpread,
            MaxCheckStartSpread = model.Global.MaxCheckSpread,
            AllowsExternalChecks = model.Global.AllowsExternalChecks,
            DrainTimeout = model.Global.HardStopAfter is { } limit && limit > TimeSpan.Zero ? limit : Unlimited,
        };
        foreach (var name in model.Global.HeaderNames)
        {
            mapped.HeaderNames.Add(name);
        }

        foreach (var variable in model.Global.Variables)
        {
            mapped.Variables.Add(variable);
        }

        var auxiliary = new AuxiliaryChecks(model, diagnostics);
        foreach (var list in model.UserLists)
        {
            auxiliary.Check(list);
            mapped.UserLists.Add(list.Options);
        }

        foreach (var resolvers in model.Resolvers)
        {
            auxiliary.Check(resolvers);
            resolvers.Options.Accepts = model.Global.AcceptedAddresses;
            mapped.Resolvers.Add(resolvers.Options);
        }

        var mails = new EmailAlertMapper(model, diagnostics);
        foreach (var mailers in mails.MapMailers())
        {
            mapped.Mailers.Add(mailers);
        }

        foreach (var tiers in model.Tiers)
        {
            mapped.Tiers.Add(tiers.Options);
        }

        mapped.Metering = model.Metering?.Options;
        foreach (var section in model.ErrorSections)
        {
            mapped.ErrorSections.Add(section);
        }

        DirectServers.Apply(model, diagnostics); // before anybody looks at servers
        checks.CheckDefaults();
        var frontends = new FrontendMapper(model, diagnostics);
        var backends = new BackendMapper(model, options, diagnostics);
        foreach (var section in model.HealthChecks)
        {
            backends.Check(section);
        }

        auxiliary.CheckReplyPages();
        foreach (var proxy in model.Proxies)
        {
            if (proxy.Settings.IsDisabled)
            {
                MapDisabled(proxy, mapped);
                continue;
            }

            checks.Check(proxy);
            auxiliary.CheckErrorSections(proxy);
            auxiliary.CheckResolvers(proxy);
            mails.Check(proxy);
            auxiliary.CheckTiers(proxy);
            auxiliary.CheckAuthentication(proxy);
            if (proxy.StickTable is { } table)
            {
                mapped.StickTables.Add(table);
            }

            if (proxy.HasFront && proxy.Binds.Count > 0)
            {
                mapped.Frontends.Add(frontends.Map(proxy));
            }

            if (proxy.Kind == ProxyKind.Backend || (proxy.Kind == ProxyKind.Listen && proxy.Servers.Count > 0))
            {
                var backend = backends.Map(proxy);
                backend.EmailAlert = mails.Map(proxy);
                mapped.Backends.Add(backend);
            }
        }

        ProxyNumbers.Apply(model, mapped);
        if (mapped.Frontends.Count == 0 && !diagnostics.HasAlerts)
        {
            diagnostics.Alert(new Place(file, 0), "No enabled listener found (check for 'bind' directives) !");
        }

        return mapped;
    }

    /// <summary>Of a backend that is disabled the name is kept where requests may lead there, since they are not treated as if there were no such backend.</summary>
    private void MapDisabled(ProxySection proxy, ProxyOptions mapped)
    {
        var fronts = model.Proxies.Where(static p => p.HasFront && !p.Settings.IsDisabled);
        var user = fronts.FirstOrDefault(f => f.Settings.DefaultBackend?.Name == proxy.Name);
        if (proxy.HasBack && (user is not null || fronts.Any(static f => f.UseBackends.Exists(static u => u.Name is not null))))
        {
            mapped.Backends.Add(new BackendOptions { Name = proxy.Name, Mode = (user ?? proxy).Settings.Mode, IsDisabled = true });
        }
    }
}
