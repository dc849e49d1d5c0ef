using ProxyKit.Http;
using ProxyKit.Resolvers;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>Writes rules that are asked on each request. HAProxy: <c>http-request</c>.</summary>
public sealed class RequestRulesBuilder : AnswerRuleListBuilder<RequestRulesBuilder>
{
    internal RequestRulesBuilder(RuleSetOptions options)
        : base(options.Request)
    {
    }

    internal RequestRulesBuilder(IList<RuleOptions> rules)
        : base(rules)
    {
    }

    /// <inheritdoc cref="RuleActions.Reject"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder Reject(Condition? when = null) => Add(RuleActions.Reject, when);

    /// <inheritdoc cref="RuleActions.Tarpit(int?)"/>
    /// <param name="status">The page's status, one of those that have a page; null for 500.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder Tarpit(int? status = null, Condition? when = null) => Add(RuleActions.Tarpit(status), when);

    /// <inheritdoc cref="RuleActions.Tarpit(Reply)"/>
    /// <param name="reply">The reply.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder Tarpit(Reply reply, Condition? when = null) => Add(RuleActions.Tarpit(reply), when);

    /// <inheritdoc cref="RuleActions.Challenge(string?, bool)"/>
    /// <param name="realm">What they are for; null for the proxy's name.</param>
    /// <param name="asProxy">Whether a request whose target is that of a request to a proxy (an absolute URI) is asked with 407 instead.
    /// HAProxy: <c>option http-use-proxy-header</c>.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder Challenge(string? realm = null, bool asProxy = false, Condition? when = null) =>
        Add(RuleActions.Challenge(realm, asProxy), when);

    /// <inheritdoc cref="RuleActions.EarlyHint(string, Expression)"/>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder EarlyHint(string name, Expression value, Condition? when = null) =>
        Add(RuleActions.EarlyHint(name, value), when);

    /// <inheritdoc cref="RuleActions.EarlyHint(string, string)"/>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder EarlyHint(string name, string value, Condition? when = null) =>
        Add(RuleActions.EarlyHint(name, value), when);

    /// <inheritdoc cref="RuleActions.SetMethod(Expression)"/>
    /// <param name="value">The method; not checked.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetMethod(Expression value, Condition? when = null) => Add(RuleActions.SetMethod(value), when);

    /// <inheritdoc cref="RuleActions.SetMethod(string)"/>
    /// <param name="value">The method; not checked.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetMethod(string value, Condition? when = null) => Add(RuleActions.SetMethod(value), when);

    /// <inheritdoc cref="RuleActions.SetPath(Expression)"/>
    /// <param name="value">The path.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetPath(Expression value, Condition? when = null) => Add(RuleActions.SetPath(value), when);

    /// <inheritdoc cref="RuleActions.SetPath(string)"/>
    /// <param name="value">The path.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetPath(string value, Condition? when = null) => Add(RuleActions.SetPath(value), when);

    /// <inheritdoc cref="RuleActions.SetPathAndQuery(Expression)"/>
    /// <param name="value">The path, and behind a question mark the query.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetPathAndQuery(Expression value, Condition? when = null) => Add(RuleActions.SetPathAndQuery(value), when);

    /// <inheritdoc cref="RuleActions.SetPathAndQuery(string)"/>
    /// <param name="value">The path, and behind a question mark the query.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetPathAndQuery(string value, Condition? when = null) => Add(RuleActions.SetPathAndQuery(value), when);

    /// <inheritdoc cref="RuleActions.SetQuery(Expression)"/>
    /// <param name="value">The query, without the question mark.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetQuery(Expression value, Condition? when = null) => Add(RuleActions.SetQuery(value), when);

    /// <inheritdoc cref="RuleActions.SetQuery(string)"/>
    /// <param name="value">The query, without the question mark.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetQuery(string value, Condition? when = null) => Add(RuleActions.SetQuery(value), when);

    /// <inheritdoc cref="RuleActions.SetUri(Expression)"/>
    /// <param name="value">The target.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetUri(Expression value, Condition? when = null) => Add(RuleActions.SetUri(value), when);

    /// <inheritdoc cref="RuleActions.SetUri(string)"/>
    /// <param name="value">The target.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetUri(string value, Condition? when = null) => Add(RuleActions.SetUri(value), when);

    /// <inheritdoc cref="RuleActions.ReplacePath(string, Expression)"/>
    /// <param name="regex">The expression; case counts.</param>
    /// <param name="value">The new path, in which <c>\1</c> is what the first group found.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder ReplacePath(string regex, Expression value, Condition? when = null) =>
        Add(RuleActions.ReplacePath(regex, value), when);

    /// <inheritdoc cref="RuleActions.ReplacePath(string, string)"/>
    /// <param name="regex">The expression; case counts.</param>
    /// <param name="value">The new path, in which <c>\1</c> is what the first group found.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder ReplacePath(string regex, string value, Condition? when = null) =>
        Add(RuleActions.ReplacePath(regex, value), when);

    /// <inheritdoc cref="RuleActions.ReplacePathAndQuery(string, Expression)"/>
    /// <param name="regex">The expression; case counts.</param>
    /// <param name="value">The new path and query.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder ReplacePathAndQuery(string regex, Expression value, Condition? when = null) =>
        Add(RuleActions.ReplacePathAndQuery(regex, value), when);

    /// <inheritdoc cref="RuleActions.ReplacePathAndQuery(string, string)"/>
    /// <param name="regex">The expression; case counts.</param>
    /// <param name="value">The new path and query.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder ReplacePathAndQuery(string regex, string value, Condition? when = null) =>
        Add(RuleActions.ReplacePathAndQuery(regex, value), when);

    /// <inheritdoc cref="RuleActions.ReplaceUri(string, Expression)"/>
    /// <param name="regex">The expression; case counts.</param>
    /// <param name="value">The new target.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder ReplaceUri(string regex, Expression value, Condition? when = null) =>
        Add(RuleActions.ReplaceUri(regex, value), when);

    /// <inheritdoc cref="RuleActions.ReplaceUri(string, string)"/>
    /// <param name="regex">The expression; case counts.</param>
    /// <param name="value">The new target.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder ReplaceUri(string regex, string value, Condition? when = null) =>
        Add(RuleActions.ReplaceUri(regex, value), when);

    /// <inheritdoc cref="RuleActions.NormalizeUri(UriNormalization)"/>
    /// <param name="normalization">Which one; for several, several rules.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder NormalizeUri(UriNormalization normalization, Condition? when = null) =>
        Add(RuleActions.NormalizeUri(normalization), when);

    /// <inheritdoc cref="RuleActions.Resolve(string, string, Expression, AddressPreference)"/>
    /// <param name="name">The variable with its scope.</param>
    /// <param name="resolvers">The name of the group of resolvers that is asked.</param>
    /// <param name="host">The name to look up, without a port.</param>
    /// <param name="prefer">Which addresses are asked for first.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder Resolve(
        string name, string resolvers, Expression host, AddressPreference prefer = AddressPreference.IPv6, Condition? when = null) =>
        Add(RuleActions.Resolve(name, resolvers, host, prefer), when);

    /// <inheritdoc cref="RuleActions.Capture(Expression, int)"/>
    /// <param name="value">The text.</param>
    /// <param name="length">How many bytes of it are kept; 1 or more.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder Capture(Expression value, int length, Condition? when = null) =>
        Add(RuleActions.Capture(value, length), when);

    /// <inheritdoc cref="RuleActions.WaitForBody(TimeSpan?, int?)"/>
    /// <param name="limit">How long, then 408; null for the client's own limit.</param>
    /// <param name="atLeast">How many bytes are enough; null for all of it, or as much as is held.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder WaitForBody(TimeSpan? limit, int? atLeast = null, Condition? when = null) =>
        Add(RuleActions.WaitForBody(limit, atLeast), when);

    /// <inheritdoc cref="RuleActions.WaitForHandshake"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder WaitForHandshake(Condition? when = null) => Add(RuleActions.WaitForHandshake, when);

    /// <inheritdoc cref="RuleActions.SetRetries(int)"/>
    /// <param name="count">0 to 100.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetRetries(int count, Condition? when = null) => Add(RuleActions.SetRetries(count), when);

    /// <inheritdoc cref="RuleActions.SetRetries(Expression)"/>
    /// <param name="count">How many; a value out of 0 to 100 changes nothing.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetRetries(Expression count, Condition? when = null) => Add(RuleActions.SetRetries(count), when);

    /// <inheritdoc cref="RuleActions.DisableReplay"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder DisableReplay(Condition? when = null) => Add(RuleActions.DisableReplay, when);

    /// <inheritdoc cref="RuleActions.UseService(string, Func{HttpExchange, CancellationToken, ValueTask{Reply}})"/>
    /// <param name="name">Its name: one visible word without angle brackets.</param>
    /// <param name="service">Answers.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder UseService(string name, Func<HttpExchange, CancellationToken, ValueTask<Reply>> service, Condition? when = null) =>
        Add(RuleActions.UseService(name, service), when);

    /// <inheritdoc cref="RuleActions.SetServerMark(Expression)"/>
    /// <param name="value">The mark; of a larger number the low 32 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetServerMark(Expression value, Condition? when = null) => Add(RuleActions.SetServerMark(value), when);

    /// <inheritdoc cref="RuleActions.SetServerMark(uint)"/>
    /// <param name="value">The mark.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetServerMark(uint value, Condition? when = null) => Add(RuleActions.SetServerMark(value), when);

    /// <inheritdoc cref="RuleActions.SetServerTypeOfService(Expression)"/>
    /// <param name="value">The value; of a larger number the low 8 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetServerTypeOfService(Expression value, Condition? when = null) => Add(RuleActions.SetServerTypeOfService(value), when);

    /// <inheritdoc cref="RuleActions.SetServerTypeOfService(byte)"/>
    /// <param name="value">The value.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetServerTypeOfService(byte value, Condition? when = null) => Add(RuleActions.SetServerTypeOfService(value), when);

    /// <inheritdoc cref="RuleActions.SetPriorityClass(Expression)"/>
    /// <param name="value">The class, taken to the nearest of -2047 to 2047.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetPriorityClass(Expression value, Condition? when = null) => Add(RuleActions.SetPriorityClass(value), when);

    /// <inheritdoc cref="RuleActions.SetPriorityClass(int)"/>
    /// <param name="value">The class, taken to the nearest of -2047 to 2047.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetPriorityClass(int value, Condition? when = null) => Add(RuleActions.SetPriorityClass(value), when);

    /// <inheritdoc cref="RuleActions.SetPriorityOffset(Expression)"/>
    /// <param name="value">Milliseconds, taken to the nearest of -524287 to 524287.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetPriorityOffset(Expression value, Condition? when = null) =>
        Add(RuleActions.SetPriorityOffset(value), when);

    /// <inheritdoc cref="RuleActions.SetPriorityOffset(int)"/>
    /// <param name="value">Milliseconds, taken to the nearest of -524287 to 524287.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetPriorityOffset(int value, Condition? when = null) => Add(RuleActions.SetPriorityOffset(value), when);

    /// <inheritdoc cref="RuleActions.SetSource(Expression)"/>
    /// <param name="value">The address; what is none changes nothing.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetSource(Expression value, Condition? when = null) => Add(RuleActions.SetSource(value), when);

    /// <inheritdoc cref="RuleActions.SetSourcePort(Expression)"/>
    /// <param name="value">The port; of a larger number the low 16 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetSourcePort(Expression value, Condition? when = null) => Add(RuleActions.SetSourcePort(value), when);

    /// <inheritdoc cref="RuleActions.SetDestination(Expression)"/>
    /// <param name="value">The address; what is none changes nothing.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetDestination(Expression value, Condition? when = null) => Add(RuleActions.SetDestination(value), when);

    /// <inheritdoc cref="RuleActions.SetDestinationPort(Expression)"/>
    /// <param name="value">The port; of a larger number the low 16 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public RequestRulesBuilder SetDestinationPort(Expression value, Condition? when = null) =>
        Add(RuleActions.SetDestinationPort(value), when);
}
