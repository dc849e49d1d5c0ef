using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Finds what is wrong with the sections that proxies use, once all of them are read.</summary>
internal sealed class AuxiliaryChecks(ConfigModel model, DiagnosticList diagnostics)
{
    /// <summary>Users name groups of their list, and groups its users.</summary>
    public void Check(UserListSection list)
    {
        var options = list.Options;
        foreach (var user in options.Users)
        {
            foreach (var name in user.Groups.Where(name => options.Groups.All(g => g.Name != name)))
            {
                diagnostics.Alert(
                    list.Places[user],
                    $"userlist '{options.Name}': no such group '{name}' specified in user '{user.Name}'"
                    + $"{NearestName.Hint(name, options.Groups.Select(static g => g.Name))}.");
            }
        }

        foreach (var group in options.Groups)
        {
            foreach (var name in group.Users.Where(name => options.Users.All(u => u.Name != name)))
            {
                diagnostics.Alert(
                    list.Places[group],
                    $"userlist '{options.Name}': no such user '{name}' specified in group '{group.Name}'"
                    + $"{NearestName.Hint(name, options.Users.Select(static u => u.Name))}.");
            }
        }
    }

    /// <summary>The resolvers that servers are looked up by are there, and know somebody to ask.</summary>
    public void CheckResolvers(ProxySection proxy)
    {
        foreach (var server in proxy.Servers)
        {
            if (server.Settings.Resolvers is var (name, place) && model.Resolvers.All(r => r.Options.Name != name))
            {
                diagnostics.Alert(
                    place,
                    $"unable to find required resolvers '{name}' of 'server {proxy.Name}/{server.Name}'"
                    + $"{NearestName.Hint(name, model.Resolvers.Select(static r => r.Options.Name))}.");
                return; // one word in a template or in default-server stands for many
            }
        }
    }

    /// <summary>The tiers that a frontend uses are there.</summary>
    public void CheckTiers(ProxySection proxy)
    {
        if (proxy.Tiers is { } use && model.Tiers.All(t => t.Options.Name != use.Name))
        {
            diagnostics.Alert(
                use.Place, $"{proxy}: unable to find the tiers section '{use.Name}'{NearestName.Hint(use.Name, model.Tiers.Select(static t => t.Options.Name))}.");
        }
    }

    /// <summary>What says who the clients of a frontend are is there, and asks them.</summary>
    public void CheckAuthentication(ProxySection proxy)
    {
        if (proxy.Authentication is not { } use)
        {
            return;
        }

        if (model.Authentications.Find(a => a.Name == use.Name) is not { } section)
        {
            diagnostics.Alert(
                use.Place,
                $"{proxy}: unable to find the authentication section '{use.Name}'{NearestName.Hint(use.Name, model.Authentications.Select(static a => a.Name))}.");
        }
        else if (!section.NamesScheme)
        {
            // Without a scheme nobody is asked: who wrote 'authenticate' did not mean to let everybody in.
            diagnostics.Alert(use.Place, $"{proxy}: the authentication section '{use.Name}' names no scheme, so that nobody would be asked who they are.");
        }
    }

    /// <summary>Without a nameserver nobody would ever answer.</summary>
    public void Check(ResolversSection resolvers)
    {
        if (resolvers.Options is { Nameservers.Count: 0, ResolvConfPath: null })
        {
            diagnostics.Warning(resolvers.Place, $"resolvers '{resolvers.Options.Name}' [{resolvers.Place}] has no nameservers configured!");
        }
    }

    /// <summary>The sections of error pages have the pages that replies are, where the replies may be sent. That the sections are there is seen when the
    /// replies are made ready.</summary>
    public void CheckReplyPages()
    {
        var used = new HashSet<object>();
        foreach (var proxy in model.Proxies.Where(static p => !p.Settings.IsDisabled))
        {
            for (var section = proxy; section is not null; section = section.From)
            {
                used.Add(section);
            }

            if (model.Authentications.Find(a => a.Name == proxy.Authentication?.Name) is { } authentication)
            {
                used.Add(authentication);
            }
        }

        foreach (var page in model.ReplyPages.Where(p => p.User is { } user && used.Contains(user)))
        {
            if (model.ErrorSections.Find(s => s.Name == page.Section) is { } section && !section.Files.ContainsKey(page.Status))
            {
                diagnostics.Warning(
                    page.Place, $"{page.User}: status '{page.Status}' referenced by an http reply not declared in http-errors section '{page.Section}'.");
            }
        }
    }

    /// <summary>The sections of error pages that a proxy uses are there, and so are the pages that it wants of them.</summary>
    public void CheckErrorSections(ProxySection proxy)
    {
        foreach (var use in proxy.Settings.ErrorSections)
        {
            if (model.ErrorSections.Find(s => s.Name == use.Name) is not { } section)
            {
                diagnostics.Alert(
                    use.Place,
                    $"proxy '{proxy.Name}': unable to find the http-errors section '{use.Name}'"
                    + $"{NearestName.Hint(use.Name, model.ErrorSections.Select(static s => s.Name))}.");
                continue;
            }

            foreach (var status in use.Statuses.Where(status => !section.Files.ContainsKey(status)))
            {
                diagnostics.Warning(
                    use.Place, $"proxy '{proxy.Name}': status code '{status}' not declared in the http-errors section '{use.Name}'.");
            }
        }
    }
}
