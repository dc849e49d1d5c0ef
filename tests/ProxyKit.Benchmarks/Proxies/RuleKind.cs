namespace ProxyKit.Benchmarks.Proxies;

/// <summary>What the rules of a configuration do for each request.</summary>
internal enum RuleKind
{
    /// <summary>So many rules, of the kinds that gateways have.</summary>
    Rules,

    /// <summary>One rule that compares with so many patterns of a file: the whole path.</summary>
    AclExact,

    /// <summary>How the path begins.</summary>
    AclPrefix,

    /// <summary>The client's network.</summary>
    AclAddress,

    /// <summary>Regular expressions of the path.</summary>
    AclRegex,

    /// <summary>One rule that writes what a map of so many lines has for the path.</summary>
    MapExact,

    /// <summary>What a map has for how the path begins.</summary>
    MapPrefix,

    /// <summary>One rule that counts requests by their path, in a stick table that has so many entries.</summary>
    StickTable,
}
