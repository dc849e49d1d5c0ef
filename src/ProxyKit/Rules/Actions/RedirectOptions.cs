using ProxyKit.Descriptions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Rules.Actions;

/// <summary>Where a redirect leads. HAProxy: <c>redirect</c>.</summary>
public sealed record RedirectOptions : IDescribed
{
    private RedirectOptions(RedirectKind kind, Expression destination)
    {
        Kind = kind;
        Destination = destination;
    }

    /// <summary>The status: 301, 302, 303, 307 or 308. HAProxy: <c>code</c>.</summary>
    /// <value>302 by default.</value>
    public int Status { get; init; } = 302;

    /// <summary>Whether the query is left out; with a prefix or a scheme. HAProxy: <c>drop-query</c>.</summary>
    public bool DropQuery { get; init; }

    /// <summary>Whether a slash is added to a place that does not end with one; with a prefix or a scheme, and best together with
    /// <see cref="DropQuery"/>. HAProxy: <c>append-slash</c>.</summary>
    public bool AppendSlash { get; init; }

    /// <summary>Whether the request's query is added to a location. HAProxy: <c>keep-query</c>.</summary>
    public bool KeepQuery { get; init; }

    /// <summary>Whether a location that comes out empty leads on to the next rule. HAProxy: <c>ignore-empty</c>.</summary>
    public bool IgnoreEmpty { get; init; }

    /// <summary>A cookie to set, as in <c>SEEN=1</c>, for the whole site; null for none. HAProxy: <c>set-cookie</c>, <c>set-cookie-fmt</c>.</summary>
    public Expression? Cookie { get; init; }

    /// <summary>The name of a cookie to have forgotten; null for none. HAProxy: <c>clear-cookie</c>.</summary>
    public string? ClearCookie { get; init; }

    /// <summary>How it was made, without what was said about it afterwards: the properties above.</summary>
    public Description? Description => new(
        typeof(RedirectOptions),
        Kind switch
        {
            RedirectKind.Location => nameof(To),
            RedirectKind.Prefix => nameof(Prefix),
            _ => nameof(Scheme),
        },
        Destination);

    internal RedirectKind Kind { get; }

    internal Expression Destination { get; }

    internal bool ClearsCookie => ClearCookie is not null;

    /// <summary>To a place.</summary>
    /// <param name="location">The place: a URL or a path.</param>
    /// <returns>The redirect.</returns>
    public static RedirectOptions To(Expression location) => Make(RedirectKind.Location, location);

    /// <inheritdoc cref="To(Expression)"/>
    public static RedirectOptions To(string location) => To(Literal(location));

    /// <summary>To the same path behind something else.</summary>
    /// <param name="prefix">What the path stands behind, as in <c>https://www.example</c>; a single slash adds nothing.</param>
    /// <returns>The redirect.</returns>
    public static RedirectOptions Prefix(Expression prefix) => Make(RedirectKind.Prefix, prefix);

    /// <inheritdoc cref="Prefix(Expression)"/>
    public static RedirectOptions Prefix(string prefix) => Prefix(Literal(prefix));

    /// <summary>To the same host and path by another scheme.</summary>
    /// <param name="scheme">The scheme, as in <c>https</c>.</param>
    /// <returns>The redirect.</returns>
    public static RedirectOptions Scheme(Expression scheme) => Make(RedirectKind.Scheme, scheme);

    /// <inheritdoc cref="Scheme(Expression)"/>
    public static RedirectOptions Scheme(string scheme) => Scheme(Literal(scheme));

    /// <summary>The arguments of a configuration file.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var kind = Kind switch
        {
            RedirectKind.Location => "location",
            RedirectKind.Prefix => "prefix",
            _ => "scheme",
        };
        return $"{kind} {RuleWords.Format(Destination)} code {Status}"
            + (DropQuery ? " drop-query" : "") + (AppendSlash ? " append-slash" : "") + (KeepQuery ? " keep-query" : "")
            + (IgnoreEmpty ? " ignore-empty" : "")
            + (ClearCookie is { } cleared ? $" clear-cookie {RuleWords.Text(cleared)}" : Cookie is { } cookie ? CookieWords(cookie) : "");
    }

    private static string CookieWords(Expression cookie) => cookie switch
    {
        LiteralExpression literal => $" set-cookie {RuleWords.Text(literal.ToString())}",
        LogFormat { IsConstant: true } format => $" set-cookie {RuleWords.Text(format.ConstantText())}",
        _ => $" set-cookie-fmt {RuleWords.Format(cookie)}",
    };

    private static RedirectOptions Make(RedirectKind kind, Expression destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return new(kind, destination);
    }

    private static LiteralExpression Literal(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text);
    }
}
