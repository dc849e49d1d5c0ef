using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>What changes the request line.</summary>
/// <remarks>The log and <c>capture.req.uri</c> keep the line that came. Control bytes and blanks are written as <c>%XX</c>; nothing else is encoded.
/// A target that comes out empty, or a path that would make it another host's, is an edit that cannot be made: see <see cref="StrictMode"/>.</remarks>
public static partial class RuleActions
{
    /// <summary>Gives the request another method. CONNECT is neither made nor unmade. HAProxy: <c>set-method</c>.</summary>
    /// <param name="value">The method: a token, or the edit cannot be made.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetMethod(Expression value) => new SetMethodAction(NotNull(value)) { Description = Call([value]) };

    /// <inheritdoc cref="SetMethod(Expression)"/>
    public static RuleAction SetMethod(string value) => SetMethod(Literal(value));

    /// <summary>Gives the request another path; the query stays. HAProxy: <c>set-path</c>.</summary>
    /// <param name="value">The path.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetPath(Expression value) =>
        new SetTargetAction(TargetPart.Path, NotNull(value)) { Description = Call([value]) };

    /// <inheritdoc cref="SetPath(Expression)"/>
    public static RuleAction SetPath(string value) => SetPath(Literal(value));

    /// <summary>Gives the request another path and query. HAProxy: <c>set-pathq</c>.</summary>
    /// <param name="value">The path, and behind a question mark the query.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetPathAndQuery(Expression value) =>
        new SetTargetAction(TargetPart.PathAndQuery, NotNull(value)) { Description = Call([value]) };

    /// <inheritdoc cref="SetPathAndQuery(Expression)"/>
    public static RuleAction SetPathAndQuery(string value) => SetPathAndQuery(Literal(value));

    /// <summary>Gives the request another query; an empty one leaves the question mark. HAProxy: <c>set-query</c>.</summary>
    /// <param name="value">The query, without the question mark.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetQuery(Expression value) =>
        new SetTargetAction(TargetPart.Query, NotNull(value)) { Description = Call([value]) };

    /// <inheritdoc cref="SetQuery(Expression)"/>
    public static RuleAction SetQuery(string value) => SetQuery(Literal(value));

    /// <summary>Gives the request another target. One with a scheme and a host is sent as it is, and the Host field is made to say the same.
    /// HAProxy: <c>set-uri</c>.</summary>
    /// <param name="value">The target.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetUri(Expression value) =>
        new SetTargetAction(TargetPart.Whole, NotNull(value)) { Description = Call([value]) };

    /// <inheritdoc cref="SetUri(Expression)"/>
    public static RuleAction SetUri(string value) => SetUri(Literal(value));

    /// <summary>Replaces the whole path, without the query, where a regular expression is found in it. HAProxy: <c>replace-path</c>.</summary>
    /// <param name="regex">The expression; case counts.</param>
    /// <param name="value">The new path, in which <c>\1</c> is what the first group found.</param>
    /// <returns>The action.</returns>
    public static RuleAction ReplacePath(string regex, Expression value) =>
        new ReplaceTargetAction(TargetPart.Path, new RegexReplacement(regex), NotNull(value)) { Description = Call([regex, value]) };

    /// <inheritdoc cref="ReplacePath(string, Expression)"/>
    public static RuleAction ReplacePath(string regex, string value) => ReplacePath(regex, Literal(value));

    /// <summary>Replaces the whole path with its query where a regular expression is found in it. HAProxy: <c>replace-pathq</c>.</summary>
    /// <param name="regex">The expression; case counts.</param>
    /// <param name="value">The new path and query.</param>
    /// <returns>The action.</returns>
    public static RuleAction ReplacePathAndQuery(string regex, Expression value) =>
        new ReplaceTargetAction(TargetPart.PathAndQuery, new RegexReplacement(regex), NotNull(value))
        {
            Description = Call([regex, value]),
        };

    /// <inheritdoc cref="ReplacePathAndQuery(string, Expression)"/>
    public static RuleAction ReplacePathAndQuery(string regex, string value) => ReplacePathAndQuery(regex, Literal(value));

    /// <summary>Replaces the whole target where a regular expression is found in it. HAProxy: <c>replace-uri</c>.</summary>
    /// <param name="regex">The expression; case counts.</param>
    /// <param name="value">The new target.</param>
    /// <returns>The action.</returns>
    public static RuleAction ReplaceUri(string regex, Expression value) =>
        new ReplaceTargetAction(TargetPart.Whole, new RegexReplacement(regex), NotNull(value)) { Description = Call([regex, value]) };

    /// <inheritdoc cref="ReplaceUri(string, Expression)"/>
    public static RuleAction ReplaceUri(string regex, string value) => ReplaceUri(regex, Literal(value));

    /// <summary>Brings the target into a normal form. HAProxy: <c>normalize-uri</c>.</summary>
    /// <param name="normalization">Which one; for several, several rules.</param>
    /// <returns>The action.</returns>
    public static RuleAction NormalizeUri(UriNormalization normalization) => Enum.IsDefined(normalization)
        ? new NormalizeUriAction(normalization) { Description = Call([normalization]) }
        : throw new ArgumentOutOfRangeException(nameof(normalization), normalization, "there is no such normalizer");
}
