using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.HAProxyConfig.Mapping;

/// <summary>Hands the rules of a section to the frontend or the backend made of it.</summary>
/// <remarks>In a <c>listen</c> section each list runs once: the frontend's, which also sees what comes of other backends that it uses. What servers
/// send is looked at in backends alone.</remarks>
internal static class RuleMapper
{
    public static void MapFront(ProxySection proxy, ConfigModel model, FrontendOptions frontend)
    {
        var rules = proxy.Rules;
        Copy(rules, RuleLists.Connection, frontend.Rules.Connection);
        Copy(rules, RuleLists.Session, frontend.Rules.Session);
        MapAcls(rules, model, frontend.Acls);
        MapBoth(proxy, frontend.Rules);
    }

    public static void MapBack(ProxySection proxy, ConfigModel model, BackendOptions backend)
    {
        var rules = proxy.Rules;
        Copy(rules, RuleLists.ResponseContent, backend.Rules.ResponseContent);
        backend.Rules.ResponseInspectDelay = rules.ResponseInspectDelay;
        MapAcls(rules, model, backend.Acls);
        if (!proxy.HasFront)
        {
            MapBoth(proxy, backend.Rules);
        }
    }

    /// <summary>For the values that ask ACLs by name, and to have it looked at whether all is there that they name; conditions were made with them. What those of
    /// <c>defaults</c> name need not be there in every proxy, as in HAProxy, so that they are left out where nobody can ask for them.</summary>
    private static void MapAcls(RuleDraft rules, ConfigModel model, IDictionary<string, Condition> mapped)
    {
        foreach (var (name, condition) in model.AsksAclsByName ? rules.Acls.All : rules.Acls.Own)
        {
            mapped[name] = condition;
        }
    }

    private static void MapBoth(ProxySection proxy, RuleSetOptions mapped)
    {
        var rules = proxy.Rules;
        Copy(rules, RuleLists.Content, mapped.Content);
        mapped.InspectDelay = rules.InspectDelay;
        if (!proxy.IsHttp)
        {
            return; // what is about HTTP is left out, and ProxyChecks has said so
        }

        Copy(rules, RuleLists.Request, mapped.Request);
        Copy(rules.Redirects, mapped.Request);
        Copy(rules, RuleLists.Response, mapped.Response);
        Copy(rules, RuleLists.AfterResponse, mapped.AfterResponse);
    }

    private static void Copy(RuleDraft rules, RuleLists list, IList<RuleOptions> mapped) => Copy(rules.Of(list), mapped);

    private static void Copy(IEnumerable<RuleOptions> rules, IList<RuleOptions> mapped)
    {
        foreach (var rule in rules)
        {
            mapped.Add(rule);
        }
    }
}
