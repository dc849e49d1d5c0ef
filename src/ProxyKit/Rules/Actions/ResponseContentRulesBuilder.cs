using Microsoft.Extensions.Logging;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

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

    /// <inheritdoc cref="RuleActions.SilentDropWithin(int)"/>
    /// <param name="hops">How many hops, 1 to 255.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder SilentDropWithin(int hops, Condition? when = null) => Add(RuleActions.SilentDropWithin(hops), when);

    /// <inheritdoc cref="RuleActions.SetClientMark(Expression)"/>
    /// <param name="value">The mark; of a larger number the low 32 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder SetClientMark(Expression value, Condition? when = null) => Add(RuleActions.SetClientMark(value), when);

    /// <inheritdoc cref="RuleActions.SetClientMark(uint)"/>
    /// <param name="value">The mark.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder SetClientMark(uint value, Condition? when = null) => Add(RuleActions.SetClientMark(value), when);

    /// <inheritdoc cref="RuleActions.SetClientTypeOfService(Expression)"/>
    /// <param name="value">The value; of a larger number the low 8 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder SetClientTypeOfService(Expression value, Condition? when = null) => Add(RuleActions.SetClientTypeOfService(value), when);

    /// <inheritdoc cref="RuleActions.SetClientTypeOfService(byte)"/>
    /// <param name="value">The value.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder SetClientTypeOfService(byte value, Condition? when = null) => Add(RuleActions.SetClientTypeOfService(value), when);

    /// <inheritdoc cref="RuleActions.Log"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ResponseContentRulesBuilder Log(Condition? when = null) => Add(RuleActions.Log, when);

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
