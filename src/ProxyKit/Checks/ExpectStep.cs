using ProxyKit.Rules.Expressions;

namespace ProxyKit.Checks;

/// <summary>Looks at what has come since something was sent, at most 16 KiB of it. HAProxy: <c>tcp-check expect</c>.</summary>
public sealed class ExpectStep : ExpectationStep
{
    /// <summary>How the pattern is meant.</summary>
    public required CheckPattern Kind { get; init; }

    /// <summary>The text or the expression; bytes in hexadecimal digits, two for each.</summary>
    /// <value>Empty by default, and of no meaning where there is a <see cref="PatternFormat"/>.</value>
    public string Pattern { get; init; } = "";

    /// <summary>The text, or the hexadecimal digits, made anew for each check, in the place of <see cref="Pattern"/>; not for expressions. HAProxy:
    /// <c>string-lf</c>, <c>binary-lf</c>.</summary>
    /// <value>Null by default. Where it comes out empty the check fails.</value>
    public Expression? PatternFormat { get; init; }
}

/// <summary>How the pattern of an <see cref="ExpectStep"/> is meant.</summary>
public enum CheckPattern
{
    /// <summary>A text that is somewhere in it. HAProxy: <c>string</c>.</summary>
    Text,

    /// <summary>A regular expression. HAProxy: <c>rstring</c>.</summary>
    Regex,

    /// <summary>Bytes that are somewhere in it. HAProxy: <c>binary</c>.</summary>
    Binary,

    /// <summary>A regular expression over its hexadecimal digits, in upper case. HAProxy: <c>rbinary</c>.</summary>
    BinaryRegex,
}
