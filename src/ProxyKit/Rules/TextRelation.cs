namespace ProxyKit.Rules;

/// <summary>How a text relates to the literal it is compared with.</summary>
internal enum TextRelation
{
    /// <summary>It is the literal.</summary>
    Is,

    /// <summary>It is the literal, or continues after it with a slash: HAProxy's <c>path_beg</c> done by segments.</summary>
    IsUnder,

    /// <summary>It begins with the literal; HAProxy: <c>beg</c>.</summary>
    BeginsWith,

    /// <summary>It ends with the literal; HAProxy: <c>end</c>.</summary>
    EndsWith,

    /// <summary>It has the literal somewhere; HAProxy: <c>sub</c>.</summary>
    Contains,
}
