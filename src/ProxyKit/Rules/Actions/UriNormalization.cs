namespace ProxyKit.Rules.Actions;

/// <summary>A way to bring request targets that mean the same into the same form. HAProxy: the normalizers of <c>normalize-uri</c>.</summary>
public enum UriNormalization
{
    /// <summary>Makes one slash of several in the path. <c>path-merge-slashes</c></summary>
    MergeSlashes,

    /// <summary>Takes <c>.</c> segments out of the path. <c>path-strip-dot</c></summary>
    StripDot,

    /// <summary>Takes <c>..</c> segments out of the path, each with the segment before it; those that would lead out of the root stay.
    /// <c>path-strip-dotdot</c></summary>
    StripDotDot,

    /// <summary>As <see cref="StripDotDot"/>; those that would lead out of the root go too. <c>path-strip-dotdot full</c></summary>
    StripDotDotFull,

    /// <summary>Writes the digits of <c>%hh</c> in capitals, in path and query. <c>percent-to-uppercase</c></summary>
    PercentToUpperCase,

    /// <summary>As <see cref="PercentToUpperCase"/>; a percent sign without two digits is refused with 400.
    /// <c>percent-to-uppercase strict</c></summary>
    PercentToUpperCaseStrict,

    /// <summary>Decodes <c>%hh</c> of letters, digits and <c>-._~</c>, in path and query, once. <c>percent-decode-unreserved</c></summary>
    PercentDecodeUnreserved,

    /// <summary>As <see cref="PercentDecodeUnreserved"/>; a percent sign without two digits is refused with 400.
    /// <c>percent-decode-unreserved strict</c></summary>
    PercentDecodeUnreservedStrict,

    /// <summary>Cuts the target before a <c>#</c>. <c>fragment-strip</c></summary>
    FragmentStrip,

    /// <summary>Writes <c>#</c> as <c>%23</c>. <c>fragment-encode</c></summary>
    FragmentEncode,

    /// <summary>Sorts the parameters of the query by their names; those of one name keep their order. <c>query-sort-by-name</c></summary>
    QuerySortByName,
}
