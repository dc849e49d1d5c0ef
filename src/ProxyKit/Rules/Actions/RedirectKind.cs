namespace ProxyKit.Rules.Actions;

/// <summary>How the place that a redirect leads to is made.</summary>
internal enum RedirectKind
{
    /// <summary>As it is given.</summary>
    Location,

    /// <summary>Something in front of the path.</summary>
    Prefix,

    /// <summary>The same place by another scheme.</summary>
    Scheme,
}
