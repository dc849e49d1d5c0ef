using Microsoft.Extensions.Logging;
using ProxyKit.Resolvers;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>Writes rules that are asked on what the client has sent. HAProxy: <c>tcp-request content</c>.</summary>
public sealed class ContentRulesBuilder : TcpRuleListBuilder<ContentRulesBuilder>
{
    private readonly RuleSetOptions _options;

    internal ContentRulesBuilder(RuleSetOptions options)
        : base(options.Content) => _options = options;

    /// <summary>Sets how long these rules wait for what they ask about. HAProxy: <c>tcp-request inspect-delay</c>.</summary>
    /// <param name="limit">How long; null for not at all.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder InspectDelay(TimeSpan? limit)
    {
        _options.InspectDelay = limit;
        return this;
    }

    /// <inheritdoc cref="RuleActions.Resolve(string, string, Expression, AddressPreference)"/>
    /// <param name="name">The variable with its scope.</param>
    /// <param name="resolvers">The name of the group of resolvers that is asked.</param>
    /// <param name="host">The name to look up, without a port.</param>
    /// <param name="prefer">Which addresses are asked for first.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder Resolve(
        string name, string resolvers, Expression host, AddressPreference prefer = AddressPreference.IPv6, Condition? when = null) =>
        Add(RuleActions.Resolve(name, resolvers, host, prefer), when);

    /// <inheritdoc cref="RuleActions.SwitchToHttp"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SwitchToHttp(Condition? when = null) => Add(RuleActions.SwitchToHttp, when);

    /// <inheritdoc cref="RuleActions.Capture(Expression, int)"/>
    /// <param name="value">The text.</param>
    /// <param name="length">How many bytes of it are kept; 1 or more.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder Capture(Expression value, int length, Condition? when = null) =>
        Add(RuleActions.Capture(value, length), when);

    /// <inheritdoc cref="RuleActions.CaptureTo(Expression, int)"/>
    /// <param name="value">The text; cut to the slot's length.</param>
    /// <param name="slot">The slot's number, from 0.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder CaptureTo(Expression value, int slot, Condition? when = null) =>
        Add(RuleActions.CaptureTo(value, slot), when);

    /// <inheritdoc cref="RuleActions.SetLogLevel(LogLevel)"/>
    /// <param name="level">The level; <see cref="LogLevel.None"/> for no line (<c>silent</c>).</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetLogLevel(LogLevel level, Condition? when = null) => Add(RuleActions.SetLogLevel(level), when);

    /// <inheritdoc cref="RuleActions.SetNice(int)"/>
    /// <param name="value">The hint.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetNice(int value, Condition? when = null) => Add(RuleActions.SetNice(value), when);

    /// <inheritdoc cref="RuleActions.SetRetries(int)"/>
    /// <param name="count">0 to 100.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetRetries(int count, Condition? when = null) => Add(RuleActions.SetRetries(count), when);

    /// <inheritdoc cref="RuleActions.SetRetries(Expression)"/>
    /// <param name="count">How many; a value out of 0 to 100 changes nothing.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetRetries(Expression count, Condition? when = null) => Add(RuleActions.SetRetries(count), when);

    /// <inheritdoc cref="RuleActions.SetServerMark(Expression)"/>
    /// <param name="value">The mark; of a larger number the low 32 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetServerMark(Expression value, Condition? when = null) => Add(RuleActions.SetServerMark(value), when);

    /// <inheritdoc cref="RuleActions.SetServerMark(uint)"/>
    /// <param name="value">The mark.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetServerMark(uint value, Condition? when = null) => Add(RuleActions.SetServerMark(value), when);

    /// <inheritdoc cref="RuleActions.SetServerTypeOfService(Expression)"/>
    /// <param name="value">The value; of a larger number the low 8 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetServerTypeOfService(Expression value, Condition? when = null) => Add(RuleActions.SetServerTypeOfService(value), when);

    /// <inheritdoc cref="RuleActions.SetServerTypeOfService(byte)"/>
    /// <param name="value">The value.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetServerTypeOfService(byte value, Condition? when = null) => Add(RuleActions.SetServerTypeOfService(value), when);

    /// <inheritdoc cref="RuleActions.SetPriorityClass(Expression)"/>
    /// <param name="value">The class, taken to the nearest of -2047 to 2047.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetPriorityClass(Expression value, Condition? when = null) => Add(RuleActions.SetPriorityClass(value), when);

    /// <inheritdoc cref="RuleActions.SetPriorityClass(int)"/>
    /// <param name="value">The class, taken to the nearest of -2047 to 2047.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetPriorityClass(int value, Condition? when = null) => Add(RuleActions.SetPriorityClass(value), when);

    /// <inheritdoc cref="RuleActions.SetPriorityOffset(Expression)"/>
    /// <param name="value">Milliseconds, taken to the nearest of -524287 to 524287.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetPriorityOffset(Expression value, Condition? when = null) =>
        Add(RuleActions.SetPriorityOffset(value), when);

    /// <inheritdoc cref="RuleActions.SetPriorityOffset(int)"/>
    /// <param name="value">Milliseconds, taken to the nearest of -524287 to 524287.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public ContentRulesBuilder SetPriorityOffset(int value, Condition? when = null) => Add(RuleActions.SetPriorityOffset(value), when);
}
