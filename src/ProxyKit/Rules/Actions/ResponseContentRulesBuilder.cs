using Microsoft.Extensions.Logging;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit;

/// <summary>Writes rules that are asked on what the server has sent. HAProxy: <c>tcp-response content</c>.</summary>
public sealed class ResponseContentRulesBuilder : RuleListBuilder<ResponseContentRulesBuilder>
{
    private readonly RuleSetOptions _options;

    internal ResponseContentRulesBuilder(RuleSetOptions options)
        : base(options.ResponseContent) => _options = options;

    /// <summary>Sets how long these rules wait for what they ask about. HAProxy: <c>tcp-response inspect-delay</c>.</summary>
    /// <param name="limit">How long; null for not at all.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder InspectDelay(TimeSpan? limit)
    {
        _options.ResponseInspectDelay = limit;
        return this;
    }

    /// <inheritdoc cref="RuleActions.Accept"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder Accept(Condition? when = null) => Add(RuleActions.Accept, when);

    /// <inheritdoc cref="RuleActions.Reject"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder Reject(Condition? when = null) => Add(RuleActions.Reject, when);

    /// <inheritdoc cref="RuleActions.SilentDrop"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder SilentDrop(Condition? when = null) => Add(RuleActions.SilentDrop, when);

    /// <inheritdoc cref="RuleActions.Close"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder Close(Condition? when = null) => Add(RuleActions.Close, when);

    /// <inheritdoc cref="RuleActions.SetLogLevel(LogLevel)"/>
    /// <param name="level">The level; <see cref="LogLevel.None"/> for no line (<c>silent</c>).</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder SetLogLevel(LogLevel level, Condition? when = null) => Add(RuleActions.SetLogLevel(level), when);

    /// <inheritdoc cref="RuleActions.SetNice(int)"/>
    /// <param name="value">The hint.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder SetNice(int value, Condition? when = null) => Add(RuleActions.SetNice(value), when);
}
