using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit;

/// <summary>Writes rules that are asked on each final response, the proxy's own included. HAProxy: <c>http-after-response</c>.</summary>
public sealed class AfterResponseRulesBuilder : HttpRuleListBuilder<AfterResponseRulesBuilder>
{
    internal AfterResponseRulesBuilder(RuleSetOptions options)
        : base(options.AfterResponse)
    {
    }

    /// <inheritdoc cref="RuleActions.SetStatus(int, string?)"/>
    /// <param name="status">100 to 999.</param>
    /// <param name="reason">The reason phrase; null for the usual one.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public AfterResponseRulesBuilder SetStatus(int status, string? reason = null, Condition? when = null) =>
        Add(RuleActions.SetStatus(status, reason), when);
}
