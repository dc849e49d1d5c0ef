using System.Text;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>What changes header fields and the status line.</summary>
/// <remarks>
/// <para>Names are sent in lower case. Control bytes that values bring along are written as <c>%XX</c>.</para>
/// <para>A message keeps one reading whatever rules do. Transfer-Encoding is the proxy's own: rules that write it are ignored. A Content-Length
/// that is not the body's is an edit that cannot be made (see <see cref="StrictMode"/>). A request that loses its length has no body, and one is
/// not sent; a response that loses it ends with its connection. A second Host takes the place of the first. <c>close</c> in a Connection field
/// closes the connection that the message goes out on.</para>
/// </remarks>
public static partial class RuleActions
{
    /// <summary>Puts a field in the place of all those of its name, at the end of the head. Without a value the field is empty. HAProxy:
    /// <c>set-header</c>.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value, taken before the others go.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetHeader(string name, Expression value) =>
        new SetHeaderAction(new FieldName(name), NotNull(value), replaces: true) { Description = Call([name, value]) };

    /// <inheritdoc cref="SetHeader(string, Expression)"/>
    public static RuleAction SetHeader(string name, string value) => SetHeader(name, Literal(value));

    /// <summary>Adds a field beside those of its name, at the end of the head. HAProxy: <c>add-header</c>.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The action.</returns>
    public static RuleAction AddHeader(string name, Expression value) =>
        new SetHeaderAction(new FieldName(name), NotNull(value), replaces: false) { Description = Call([name, value]) };

    /// <inheritdoc cref="AddHeader(string, Expression)"/>
    public static RuleAction AddHeader(string name, string value) => AddHeader(name, Literal(value));

    /// <summary>Removes fields. HAProxy: <c>del-header</c>.</summary>
    /// <param name="name">Their name, or what it is compared with.</param>
    /// <param name="match">How it is compared.</param>
    /// <returns>The action.</returns>
    public static RuleAction DelHeader(string name, HeaderNameMatch match = HeaderNameMatch.Exact) =>
        new DelHeaderAction(new NamePattern(name, match)) { Description = Call([name, match]) };

    /// <summary>Replaces the whole value of each field of a name in which a regular expression is found. HAProxy: <c>replace-header</c>.</summary>
    /// <param name="name">The fields' name.</param>
    /// <param name="regex">The expression; case counts, and it may be found anywhere in the value.</param>
    /// <param name="value">The new value, in which <c>\1</c> is what the first group found.</param>
    /// <returns>The action.</returns>
    public static RuleAction ReplaceHeader(string name, string regex, Expression value) =>
        new ReplaceHeaderAction(new FieldName(name), new RegexReplacement(regex), NotNull(value), byElement: false)
        {
            Description = Call([name, regex, value]),
        };

    /// <inheritdoc cref="ReplaceHeader(string, string, Expression)"/>
    public static RuleAction ReplaceHeader(string name, string regex, string value) => ReplaceHeader(name, regex, Literal(value));

    /// <summary>As <see cref="ReplaceHeader(string, string, Expression)"/> for each element of a comma-separated value by itself. HAProxy:
    /// <c>replace-value</c>.</summary>
    /// <param name="name">The fields' name.</param>
    /// <param name="regex">The expression.</param>
    /// <param name="value">What an element in which it is found becomes.</param>
    /// <returns>The action.</returns>
    public static RuleAction ReplaceValue(string name, string regex, Expression value) =>
        new ReplaceHeaderAction(new FieldName(name), new RegexReplacement(regex), NotNull(value), byElement: true)
        {
            Description = Call([name, regex, value]),
        };

    /// <inheritdoc cref="ReplaceValue(string, string, Expression)"/>
    public static RuleAction ReplaceValue(string name, string regex, string value) => ReplaceValue(name, regex, Literal(value));

    /// <summary>Sets the fields of an encoded block, as <c>req.hdrs_bin</c> makes it, each in the place of those of its name. Fields about the
    /// connection and the body's length are left out. HAProxy: <c>set-headers-bin</c>.</summary>
    /// <param name="block">The block.</param>
    /// <param name="prefix">What the names of fields that are taken begin with; null for all.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetHeadersBin(Expression block, string? prefix = null) =>
        new HeaderBlockAction(NotNull(block), prefix, replaces: true) { Description = Call([block, prefix]) };

    /// <summary>Adds the fields of an encoded block. HAProxy: <c>add-headers-bin</c>.</summary>
    /// <param name="block">The block.</param>
    /// <param name="prefix">What the names of fields that are taken begin with; null for all.</param>
    /// <returns>The action.</returns>
    public static RuleAction AddHeadersBin(Expression block, string? prefix = null) =>
        new HeaderBlockAction(NotNull(block), prefix, replaces: false) { Description = Call([block, prefix]) };

    /// <summary>Removes the fields whose names are those of an encoded block; its values do not matter. Fields about the connection and the body's
    /// length stay. HAProxy: <c>del-headers-bin</c>.</summary>
    /// <param name="block">The block.</param>
    /// <param name="match">How names are compared; not by regular expression.</param>
    /// <returns>The action.</returns>
    public static RuleAction DelHeadersBin(Expression block, HeaderNameMatch match = HeaderNameMatch.Exact) =>
        match is HeaderNameMatch.Exact or HeaderNameMatch.Prefix or HeaderNameMatch.Suffix or HeaderNameMatch.Contains
            ? new DelHeaderBlockAction(NotNull(block), match) { Description = Call([block, match]) }
            : throw new ArgumentException($"-m with unsupported matching method '{match}'", nameof(match));

    /// <summary>Tells the client a field ahead of the response, in a <c>103 Early Hints</c>. Rules that stand together without conditions make one.
    /// HAProxy: <c>early-hint</c>.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The action.</returns>
    public static RuleAction EarlyHint(string name, Expression value) =>
        new EarlyHintAction(new FieldName(name), NotNull(value)) { Description = Call([name, value]) };

    /// <inheritdoc cref="EarlyHint(string, Expression)"/>
    public static RuleAction EarlyHint(string name, string value) => EarlyHint(name, Literal(value));

    /// <summary>Gives the response another status. A body stays, unless the new status has none. HAProxy: <c>set-status</c>.</summary>
    /// <param name="status">100 to 999.</param>
    /// <param name="reason">The reason phrase; null for the usual one.</param>
    /// <returns>The action.</returns>
    public static RuleAction SetStatus(int status, string? reason = null)
    {
        if (status is < 100 or > 999)
        {
            throw new ArgumentOutOfRangeException(nameof(status), status, "expects an integer status code between 100 and 999");
        }

        return reason?.Any(char.IsControl) == true
            ? throw new ArgumentException("a reason has no control characters", nameof(reason))
            : new SetStatusAction(status, reason) { Description = Call([status, reason]) };
    }

    /// <summary>Says whether an edit that cannot be made, since the head would grow too large or could be read in two ways, ends the exchange with
    /// 500 or is left out; from here to the end of the list. HAProxy: <c>strict-mode</c>.</summary>
    /// <param name="isStrict">Whether it ends the exchange, as it does at the beginning of each list.</param>
    /// <returns>The action.</returns>
    public static RuleAction StrictMode(bool isStrict) => isStrict ? StrictOn : StrictOff;

    private static readonly SimpleAction StrictOn = new("strict-mode on", OfHttp, static context => Strict(context, true))
    {
        Description = Call([true], nameof(StrictMode)),
    };
    private static readonly SimpleAction StrictOff = new("strict-mode off", OfHttp, static context => Strict(context, false))
    {
        Description = Call([false], nameof(StrictMode)),
    };

    private static RuleOutcome Strict(Rules.RuleContext context, bool isStrict)
    {
        context.IsStrict = isStrict;
        return RuleOutcome.Next;
    }

    private static Expression NotNull(Expression value, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string? name = null)
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value;
    }

    private static LiteralExpression Literal(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }
}
