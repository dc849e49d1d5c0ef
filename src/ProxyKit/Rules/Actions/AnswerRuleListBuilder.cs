using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>Writes the rules of the lists that can answer instead of a server.</summary>
/// <typeparam name="TSelf">The builder itself.</typeparam>
public abstract class AnswerRuleListBuilder<TSelf> : HttpRuleListBuilder<TSelf>
    where TSelf : AnswerRuleListBuilder<TSelf>
{
    private protected AnswerRuleListBuilder(IList<RuleOptions> rules)
        : base(rules)
    {
    }

    /// <inheritdoc cref="RuleActions.Deny(int?)"/>
    /// <param name="status">The page's status, one of those that have a page; null for 403, and 502 for a response.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Deny(int? status = null, Condition? when = null) => Add(RuleActions.Deny(status), when);

    /// <inheritdoc cref="RuleActions.Deny(Reply)"/>
    /// <param name="reply">The reply.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Deny(Reply reply, Condition? when = null) => Add(RuleActions.Deny(reply), when);

    /// <inheritdoc cref="RuleActions.Return(Reply)"/>
    /// <param name="reply">The answer.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Return(Reply reply, Condition? when = null) => Add(RuleActions.Return(reply), when);

    /// <inheritdoc cref="RuleActions.Redirect(RedirectOptions)"/>
    /// <param name="options">Where, and how.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Redirect(RedirectOptions options, Condition? when = null) => Add(RuleActions.Redirect(options), when);

    /// <inheritdoc cref="RuleActions.SilentDrop"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SilentDrop(Condition? when = null) => Add(RuleActions.SilentDrop, when);

    /// <inheritdoc cref="RuleActions.SilentDropWithin(int)"/>
    /// <param name="hops">How many hops, 1 to 255.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SilentDropWithin(int hops, Condition? when = null) => Add(RuleActions.SilentDropWithin(hops), when);

    /// <inheritdoc cref="RuleActions.SetClientMark(Expression)"/>
    /// <param name="value">The mark; of a larger number the low 32 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetClientMark(Expression value, Condition? when = null) => Add(RuleActions.SetClientMark(value), when);

    /// <inheritdoc cref="RuleActions.SetClientMark(uint)"/>
    /// <param name="value">The mark.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetClientMark(uint value, Condition? when = null) => Add(RuleActions.SetClientMark(value), when);

    /// <inheritdoc cref="RuleActions.SetClientTypeOfService(Expression)"/>
    /// <param name="value">The value; of a larger number the low 8 bits.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetClientTypeOfService(Expression value, Condition? when = null) => Add(RuleActions.SetClientTypeOfService(value), when);

    /// <inheritdoc cref="RuleActions.SetClientTypeOfService(byte)"/>
    /// <param name="value">The value.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetClientTypeOfService(byte value, Condition? when = null) => Add(RuleActions.SetClientTypeOfService(value), when);

    /// <inheritdoc cref="RuleActions.Answer(string, Func{HttpExchange, Reply?}, bool)"/>
    /// <param name="name">What to call it in logs and messages.</param>
    /// <param name="code">The code; null for no answer: then the exchange goes on. A reply that it gives has fixed texts; make it once,
    /// not for each exchange.</param>
    /// <param name="refuses">Whether its answers count as refusals, as those of <see cref="Deny(Reply, Condition?)"/> do.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Answer(string name, Func<HttpExchange, Reply?> code, bool refuses = false, Condition? when = null) =>
        Add(RuleActions.Answer(name, code, refuses), when);

    /// <inheritdoc cref="RuleActions.Answer(string, Func{HttpExchange, CancellationToken, ValueTask{Reply?}}, bool)"/>
    /// <param name="name">What to call it in logs and messages.</param>
    /// <param name="code">The code; its token is cancelled when the exchange is given up.</param>
    /// <param name="refuses">Whether its answers count as refusals.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Answer(
        string name, Func<HttpExchange, CancellationToken, ValueTask<Reply?>> code, bool refuses = false, Condition? when = null) =>
        Add(RuleActions.Answer(name, code, refuses), when);

    /// <inheritdoc cref="RuleActions.Run(string, Func{HttpExchange, CancellationToken, ValueTask})"/>
    /// <param name="name">What to call it in logs and messages.</param>
    /// <param name="action">The code; its token is cancelled when the exchange is given up.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Run(string name, Func<HttpExchange, CancellationToken, ValueTask> action, Condition? when = null) =>
        Add(RuleActions.Run(name, action), when);

    /// <inheritdoc cref="RuleActions.Pause(TimeSpan)"/>
    /// <param name="time">How long; more than zero.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Pause(TimeSpan time, Condition? when = null) => Add(RuleActions.Pause(time), when);

    /// <inheritdoc cref="RuleActions.Pause(Expression)"/>
    /// <param name="milliseconds">How many milliseconds; without a value, or with 0, it does not wait.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Pause(Expression milliseconds, Condition? when = null) => Add(RuleActions.Pause(milliseconds), when);

    /// <inheritdoc cref="RuleActions.SetTimeout(RuleTimeout, TimeSpan)"/>
    /// <param name="timeout">Which one.</param>
    /// <param name="time">How long; more than zero.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetTimeout(RuleTimeout timeout, TimeSpan time, Condition? when = null) => Add(RuleActions.SetTimeout(timeout, time), when);

    /// <inheritdoc cref="RuleActions.SetTimeout(RuleTimeout, Expression)"/>
    /// <param name="timeout">Which one.</param>
    /// <param name="milliseconds">How many milliseconds; without a value, or with 0 or less, the limit stays.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetTimeout(RuleTimeout timeout, Expression milliseconds, Condition? when = null) =>
        Add(RuleActions.SetTimeout(timeout, milliseconds), when);

    /// <inheritdoc cref="RuleActions.AddPattern(string, Expression)"/>
    /// <param name="file">The patterns' file, as those name it who read it.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf AddPattern(string file, Expression pattern, Condition? when = null) => Add(RuleActions.AddPattern(file, pattern), when);

    /// <inheritdoc cref="RuleActions.SetNice(int)"/>
    /// <param name="value">The hint.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetNice(int value, Condition? when = null) => Add(RuleActions.SetNice(value), when);
}
