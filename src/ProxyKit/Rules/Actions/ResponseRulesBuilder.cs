using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit;

/// <summary>Writes rules that are asked on each response of a server. HAProxy: <c>http-response</c>.</summary>
public sealed class ResponseRulesBuilder : AnswerRuleListBuilder<ResponseRulesBuilder>
{
    internal ResponseRulesBuilder(RuleSetOptions options)
        : base(options.Response)
    {
    }

    /// <inheritdoc cref="RuleActions.SetStatus(int, string?)"/>
    /// <param name="status">100 to 999.</param>
    /// <param name="reason">The reason phrase; null for the usual one.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseRulesBuilder SetStatus(int status, string? reason = null, Condition? when = null) =>
        Add(RuleActions.SetStatus(status, reason), when);

    /// <inheritdoc cref="RuleActions.WaitForBody(TimeSpan?, int?)"/>
    /// <param name="limit">How long, above zero; null for as long as the server's own limit allows.</param>
    /// <param name="atLeast">How many bytes are enough; null for all.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseRulesBuilder WaitForBody(TimeSpan? limit, int? atLeast = null, Condition? when = null) =>
        Add(RuleActions.WaitForBody(limit, atLeast), when);
}
