namespace ProxyKit.Rules.Actions;

/// <summary>A part of a request's target that rules rewrite.</summary>
internal enum TargetPart
{
    /// <summary>Up to the question mark.</summary>
    Path,

    /// <summary>The path with its query.</summary>
    PathAndQuery,

    /// <summary>Behind the question mark.</summary>
    Query,

    /// <summary>All of it.</summary>
    Whole,
}
