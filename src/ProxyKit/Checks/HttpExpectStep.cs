using ProxyKit.Rules.Expressions;

namespace ProxyKit.Checks;

/// <summary>Looks at a response, at most 16 KiB of it. HAProxy: <c>http-check expect</c>.</summary>
public sealed class HttpExpectStep : ExpectationStep
{
    /// <summary>What is looked at.</summary>
    public required HttpExpectation Kind { get; init; }

    /// <summary>The statuses (<c>200,204,300-399</c>), the text, the expression, or the field's name.</summary>
    /// <value>Empty by default, and of no meaning where there is a <see cref="PatternFormat"/>.</value>
    public string Pattern { get; init; } = "";

    /// <summary>The text or the field's name, made anew for each check, in the place of <see cref="Pattern"/>; not for statuses and expressions. HAProxy:
    /// <c>string-lf</c>, <c>name-lf</c>.</summary>
    /// <value>Null by default. Where it comes out empty the check fails.</value>
    public Expression? PatternFormat { get; init; }

    /// <summary>How the field's name is compared: <c>str</c>, <c>beg</c>, <c>end</c>, <c>sub</c> or <c>reg</c>; without regard to case.</summary>
    public string NameMatch { get; init; } = "str";

    /// <summary>The field's value.</summary>
    /// <value>Null by default: any.</value>
    public string? Value { get; init; }

    /// <summary>The field's value, made anew for each check, in the place of <see cref="Value"/>; not where it is compared with an expression. HAProxy:
    /// <c>value-lf</c>.</summary>
    /// <value>Null by default. Where it comes out empty the check fails.</value>
    public Expression? ValueFormat { get; init; }

    /// <summary>How the field's value is compared, as <see cref="NameMatch"/>; with regard to case.</summary>
    public string ValueMatch { get; init; } = "str";
}

/// <summary>What an <see cref="HttpExpectStep"/> looks at.</summary>
public enum HttpExpectation
{
    /// <summary>The status is one of a list. HAProxy: <c>status</c>.</summary>
    Status,

    /// <summary>The status matches a regular expression. HAProxy: <c>rstatus</c>.</summary>
    StatusRegex,

    /// <summary>A header field is there, one of the values of its list. HAProxy: <c>hdr</c>.</summary>
    Header,

    /// <summary>A header field is there, with its whole line. HAProxy: <c>fhdr</c>.</summary>
    WholeHeader,

    /// <summary>The body has a text in it. HAProxy: <c>string</c>.</summary>
    Body,

    /// <summary>The body matches a regular expression. HAProxy: <c>rstring</c>.</summary>
    BodyRegex,
}
