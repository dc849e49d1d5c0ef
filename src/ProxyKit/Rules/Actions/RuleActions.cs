using ProxyKit.Http;
using ProxyKit.Rules.Actions;

namespace ProxyKit;

/// <summary>Makes what rules do.</summary>
public static class RuleActions
{
    /// <summary>Leaves the list: no rule behind this one is asked; the exchange goes on. HAProxy: <c>allow</c>, <c>accept</c>.</summary>
    public static RuleAction Allow { get; } = new SimpleAction("allow", RulePhases.Everywhere, static _ => RuleOutcome.Stop, isFinal: true);

    /// <summary>Runs a user's code. It runs on the data path: keep it short, and safe to run on several threads at once. Should it throw, that
    /// exchange ends with 500.</summary>
    /// <param name="name">What to call it in logs and messages.</param>
    /// <param name="action">The code.</param>
    /// <returns>The action.</returns>
    public static RuleAction Run(string name, Action<HttpExchange> action)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(action);
        return new SimpleAction(name, RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse, context =>
        {
            action(context.Exchange!); // these lists are about exchanges
            return RuleOutcome.Next;
        });
    }
}
