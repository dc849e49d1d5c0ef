namespace ProxyKit.Rules.Actions;

/// <summary>How the names of header fields are compared. HAProxy: <c>-m</c>.</summary>
public enum HeaderNameMatch
{
    /// <summary>The whole name, whatever its case. <c>str</c></summary>
    Exact,

    /// <summary>What the name begins with, whatever its case. <c>beg</c></summary>
    Prefix,

    /// <summary>What the name ends with, whatever its case. <c>end</c></summary>
    Suffix,

    /// <summary>What stands somewhere in the name, whatever its case. <c>sub</c></summary>
    Contains,

    /// <summary>A regular expression searched for in the name in lower case; its own case counts, so that <c>^X-</c> finds nothing.
    /// <c>reg</c></summary>
    Regex,
}
