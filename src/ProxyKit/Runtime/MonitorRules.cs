using Microsoft.Extensions.Logging;
using ProxyKit.Frontends;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;

namespace ProxyKit.Runtime;

/// <summary>The rules that answer whoever wants to know whether the proxy works. They come before all others for requests.</summary>
internal static class MonitorRules
{
    public static int CountOf(FrontendOptions options) => options.MonitorTarget is null ? 0 : options.MonitorFailures.Count + 2;

    public static IEnumerable<RuleOptions> Of(FrontendOptions options)
    {
        if (options.MonitorTarget is not { } target)
        {
            yield break;
        }

        var isMonitor = Match.That(Value.Parse("url"), target);
        yield return new RuleOptions(RuleActions.SetLogLevel(LogLevel.None), isMonitor);
        foreach (var failure in options.MonitorFailures)
        {
            yield return new RuleOptions(RuleActions.Return(Reply.ErrorPage(503)), isMonitor & failure);
        }

        yield return new RuleOptions(RuleActions.Return(Reply.ErrorPage(200)), isMonitor);
    }
}
