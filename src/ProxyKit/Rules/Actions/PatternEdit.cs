namespace ProxyKit.Rules.Actions;

/// <summary>How a rule changes patterns or a map.</summary>
internal enum PatternEdit
{
    /// <summary><c>set-map</c></summary>
    SetMap,

    /// <summary><c>del-map</c></summary>
    DelMap,

    /// <summary><c>add-acl</c></summary>
    AddAcl,

    /// <summary><c>del-acl</c></summary>
    DelAcl,
}
