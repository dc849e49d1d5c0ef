namespace ProxyKit.Rules.Formats;

/// <summary>Where a text comes from, and so how far it can be trusted.</summary>
internal enum TextKind
{
    /// <summary>A name that the configuration gave.</summary>
    Name,

    /// <summary>Digits and letters that are never quoted.</summary>
    Fixed,

    /// <summary>What a peer sent, encoded whatever the use: the request line.</summary>
    Line,

    /// <summary>As <see cref="Line"/>, of which nothing may be left.</summary>
    Part,

    /// <summary>As <see cref="Line"/>, between braces and bars.</summary>
    Captured,

    /// <summary>The value of an expression.</summary>
    Foreign,
}
