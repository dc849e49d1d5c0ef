namespace ProxyKit.Rules.Acls;

/// <summary>How a condition compares a value with its patterns; HAProxy: <c>-m</c>.</summary>
public enum MatchMethod
{
    /// <summary>The value is there; it takes no patterns. HAProxy: <c>found</c>.</summary>
    Found,

    /// <summary>The value is a number other than 0; it takes no patterns. HAProxy: <c>bool</c>.</summary>
    Boolean,

    /// <summary>The number is one of the pattern's: <c>5</c>, <c>5:9</c>, <c>5:</c> or <c>:9</c>. HAProxy: <c>int</c>.</summary>
    Integer,

    /// <summary>The address is in the pattern's network: <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>. HAProxy: <c>ip</c>.</summary>
    Address,

    /// <summary>The bytes are those that the pattern writes as hexadecimal digits. HAProxy: <c>bin</c>.</summary>
    Binary,

    /// <summary>The number of bytes is one of the pattern's. HAProxy: <c>len</c>.</summary>
    Length,

    /// <summary>The text is the pattern. HAProxy: <c>str</c>.</summary>
    Exact,

    /// <summary>The text begins with the pattern. HAProxy: <c>beg</c>.</summary>
    Prefix,

    /// <summary>The text ends with the pattern. HAProxy: <c>end</c>.</summary>
    Suffix,

    /// <summary>The pattern is somewhere in the text. HAProxy: <c>sub</c>.</summary>
    Substring,

    /// <summary>The pattern is in the text between slashes, question marks or its ends. HAProxy: <c>dir</c>.</summary>
    PathPart,

    /// <summary>The pattern is in the text between dots, slashes, question marks, colons or its ends. HAProxy: <c>dom</c>. Beware of hosts:
    /// <c>api.example</c> is also a part of <c>api.example.evil.net</c>.</summary>
    DomainPart,

    /// <summary>The regular expression is found in the text. HAProxy: <c>reg</c>.</summary>
    Regex,

    /// <summary>The method is the pattern, with case. HAProxy: <c>meth</c>.</summary>
    Method,
}
