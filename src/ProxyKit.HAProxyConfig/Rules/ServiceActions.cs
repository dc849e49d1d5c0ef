using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using static ProxyKit.HAProxyConfig.Rules.RuleLists;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>What hands connections and requests to somebody else: to HTTP, and to the services that users have added to the language.</summary>
internal static class ServiceActions
{
    private const string Exporter = "prometheus-exporter";

    public static IEnumerable<RuleVerb> All =>
    [
        new("use-service", Content | Request, "<name>") { Parse = UseService, IsFinal = true },
        new("switch-mode", Content, "http [proto <proto>]") { Parse = SwitchMode, IsFinal = true },
    ];

    private static RuleAction SwitchMode(ActionArguments a)
    {
        if (!a.Proxy.HasFront && a.Proxy.Kind != ProxyKind.Defaults)
        {
            throw new RuleFaultException($"'{a.Proxy.Name}' has no frontend capability");
        }

        if (!a.Takes("http"))
        {
            throw new RuleFaultException($"expects 'http' (got '{a.Peek}')");
        }

        if (a.Takes("proto") && a.Take("<proto>") is var protocol && protocol != "h1")
        {
            throw a.Wrong($"'proto {protocol}' is not supported yet: clients speak HTTP/1");
        }

        a.Proxy.SwitchesMode = true;
        return RuleActions.SwitchToHttp;
    }

    private static RuleAction UseService(ActionArguments a)
    {
        var name = a.Take("<name>");
        if (name == Exporter)
        {
            throw a.Wrong($"'{Exporter}' is not supported yet");
        }

        // Services answer requests: there are none for the bytes of a connection.
        var service = (a.List & Request) != 0 ? a.Language?.FindService(name) : null;
        return service ?? throw a.Wrong($"'{name}' unknown service name{NearestName.Hint(name, a.Language?.ServiceNames ?? [])}");
    }
}
