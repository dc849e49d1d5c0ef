using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.BalancingKeys;

namespace ProxyKit.Runtime;

/// <summary>The rules for requests as they are asked: those that were written, and those that other settings stand for.</summary>
internal static class RequestRules
{
    /// <summary>Those of a frontend: those that answer monitors come first, <see cref="MonitorRules.CountOf"/> of them.</summary>
    public static IList<RuleOptions> Of(FrontendOptions options) => [.. MonitorRules.Of(options), .. options.Rules.Request];

    /// <summary>Those of a backend, and behind them the wait for the body where servers are chosen by something in it.</summary>
    public static IList<RuleOptions> Of(BackendOptions options) => BuiltInStrategies.NeedsBody(options.Balance.Description)
        ? [.. options.Rules.Request, new RuleOptions(RuleActions.WaitForBody(null), Match.Method("POST")) { RunsAfterAllow = true }]
        : options.Rules.Request;
}
