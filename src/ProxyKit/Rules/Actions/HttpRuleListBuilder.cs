using Microsoft.Extensions.Logging;
using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>Writes the rules of the lists about requests and responses.</summary>
/// <typeparam name="TSelf">The builder itself.</typeparam>
public abstract class HttpRuleListBuilder<TSelf> : RuleListBuilder<TSelf>
    where TSelf : HttpRuleListBuilder<TSelf>
{
    private protected HttpRuleListBuilder(IList<RuleOptions> rules)
        : base(rules)
    {
    }

    /// <inheritdoc cref="RuleActions.Allow"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Allow(Condition? when = null) => Add(RuleActions.Allow, when);

    /// <inheritdoc cref="RuleActions.SetHeader(string, Expression)"/>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value, taken before the others go.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetHeader(string name, Expression value, Condition? when = null) => Add(RuleActions.SetHeader(name, value), when);

    /// <inheritdoc cref="RuleActions.SetHeader(string, string)"/>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value, taken before the others go.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetHeader(string name, string value, Condition? when = null) => Add(RuleActions.SetHeader(name, value), when);

    /// <inheritdoc cref="RuleActions.AddHeader(string, Expression)"/>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf AddHeader(string name, Expression value, Condition? when = null) => Add(RuleActions.AddHeader(name, value), when);

    /// <inheritdoc cref="RuleActions.AddHeader(string, string)"/>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf AddHeader(string name, string value, Condition? when = null) => Add(RuleActions.AddHeader(name, value), when);

    /// <inheritdoc cref="RuleActions.DelHeader(string, HeaderNameMatch)"/>
    /// <param name="name">Their name, or what it is compared with.</param>
    /// <param name="match">How it is compared.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf DelHeader(string name, HeaderNameMatch match = HeaderNameMatch.Exact, Condition? when = null) =>
        Add(RuleActions.DelHeader(name, match), when);

    /// <inheritdoc cref="RuleActions.ReplaceHeader(string, string, Expression)"/>
    /// <param name="name">The fields' name.</param>
    /// <param name="regex">The expression; case counts, and it may be found anywhere in the value.</param>
    /// <param name="value">The new value, in which <c>\1</c> is what the first group found.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf ReplaceHeader(string name, string regex, Expression value, Condition? when = null) =>
        Add(RuleActions.ReplaceHeader(name, regex, value), when);

    /// <inheritdoc cref="RuleActions.ReplaceHeader(string, string, string)"/>
    /// <param name="name">The fields' name.</param>
    /// <param name="regex">The expression; case counts, and it may be found anywhere in the value.</param>
    /// <param name="value">The new value, in which <c>\1</c> is what the first group found.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf ReplaceHeader(string name, string regex, string value, Condition? when = null) =>
        Add(RuleActions.ReplaceHeader(name, regex, value), when);

    /// <inheritdoc cref="RuleActions.ReplaceValue(string, string, Expression)"/>
    /// <param name="name">The fields' name.</param>
    /// <param name="regex">The expression.</param>
    /// <param name="value">What an element in which it is found becomes.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf ReplaceValue(string name, string regex, Expression value, Condition? when = null) =>
        Add(RuleActions.ReplaceValue(name, regex, value), when);

    /// <inheritdoc cref="RuleActions.ReplaceValue(string, string, string)"/>
    /// <param name="name">The fields' name.</param>
    /// <param name="regex">The expression.</param>
    /// <param name="value">What an element in which it is found becomes.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf ReplaceValue(string name, string regex, string value, Condition? when = null) =>
        Add(RuleActions.ReplaceValue(name, regex, value), when);

    /// <inheritdoc cref="RuleActions.SetHeadersBin(Expression, string?)"/>
    /// <param name="block">The block.</param>
    /// <param name="prefix">What the names of fields that are taken begin with; null for all.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetHeadersBin(Expression block, string? prefix = null, Condition? when = null) =>
        Add(RuleActions.SetHeadersBin(block, prefix), when);

    /// <inheritdoc cref="RuleActions.AddHeadersBin(Expression, string?)"/>
    /// <param name="block">The block.</param>
    /// <param name="prefix">What the names of fields that are taken begin with; null for all.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf AddHeadersBin(Expression block, string? prefix = null, Condition? when = null) =>
        Add(RuleActions.AddHeadersBin(block, prefix), when);

    /// <inheritdoc cref="RuleActions.DelHeadersBin(Expression, HeaderNameMatch)"/>
    /// <param name="block">The block.</param>
    /// <param name="match">How names are compared; not by regular expression.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf DelHeadersBin(Expression block, HeaderNameMatch match = HeaderNameMatch.Exact, Condition? when = null) =>
        Add(RuleActions.DelHeadersBin(block, match), when);

    /// <inheritdoc cref="RuleActions.Log"/>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Log(Condition? when = null) => Add(RuleActions.Log, when);

    /// <inheritdoc cref="RuleActions.StrictMode(bool)"/>
    /// <param name="isStrict">Whether it ends the exchange, as it does at the beginning of each list.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf StrictMode(bool isStrict, Condition? when = null) => Add(RuleActions.StrictMode(isStrict), when);

    /// <inheritdoc cref="RuleActions.CaptureTo(Expression, int)"/>
    /// <param name="value">The text; cut to the slot's length.</param>
    /// <param name="slot">The slot's number, from 0.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf CaptureTo(Expression value, int slot, Condition? when = null) => Add(RuleActions.CaptureTo(value, slot), when);

    /// <inheritdoc cref="RuleActions.SetMap(string, Expression, Expression)"/>
    /// <param name="file">The map's file, as those name it who read it.</param>
    /// <param name="key">The entry's key, as it stands in the file.</param>
    /// <param name="value">The value.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetMap(string file, Expression key, Expression value, Condition? when = null) =>
        Add(RuleActions.SetMap(file, key, value), when);

    /// <inheritdoc cref="RuleActions.DelMap(string, Expression)"/>
    /// <param name="file">The map's file.</param>
    /// <param name="key">The key.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf DelMap(string file, Expression key, Condition? when = null) => Add(RuleActions.DelMap(file, key), when);

    /// <inheritdoc cref="RuleActions.DelPattern(string, Expression)"/>
    /// <param name="file">The patterns' file.</param>
    /// <param name="pattern">The pattern.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf DelPattern(string file, Expression pattern, Condition? when = null) => Add(RuleActions.DelPattern(file, pattern), when);

    /// <inheritdoc cref="RuleActions.SetLogLevel(LogLevel)"/>
    /// <param name="level">The level; <see cref="LogLevel.None"/> for no line (<c>silent</c>).</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf SetLogLevel(LogLevel level, Condition? when = null) => Add(RuleActions.SetLogLevel(level), when);

    /// <inheritdoc cref="RuleActions.Run(string, Action{HttpExchange})"/>
    /// <param name="name">What to call it in logs and messages.</param>
    /// <param name="action">The code.</param>
    /// <param name="when">When; null for always.</param>
    /// <returns>This builder.</returns>
    public TSelf Run(string name, Action<HttpExchange> action, Condition? when = null) => Add(RuleActions.Run(name, action), when);
}
