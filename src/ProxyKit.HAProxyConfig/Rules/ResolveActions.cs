using ProxyKit.Resolvers;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using static ProxyKit.HAProxyConfig.Rules.RuleLists;

namespace ProxyKit.HAProxyConfig.Rules;

/// <summary>What looks names up.</summary>
internal static class ResolveActions
{
    public static IEnumerable<RuleVerb> All => [new("do-resolve", Content | Request, "<expr>") { Parse = Resolve, IsPrefix = true }];

    private static RuleAction Resolve(ActionArguments a)
    {
        string[] words = [.. a.InBrackets];
        if (words is not ([{ Length: > 0 }, { Length: > 0 }] or [{ Length: > 0 }, { Length: > 0 }, _]))
        {
            throw new RuleFaultException("expects a variable and resolvers between brackets: do-resolve(<var>,<resolvers>[,ipv4|ipv6])");
        }

        var preference = words switch
        {
            [_, _] or [_, _, "ipv6"] => AddressPreference.IPv6,
            [_, _, "ipv4"] => AddressPreference.IPv4,
            _ => throw new RuleFaultException($"expects 'ipv4' or 'ipv6' (got '{words[2]}')"),
        };
        return RuleActions.Resolve(words[0], words[1], a.TakeExpression(), preference);
    }
}
