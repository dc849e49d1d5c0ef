namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What becomes of a keyword. Nothing is passed over without a word.</summary>
internal enum KeywordState
{
    /// <summary>It does what it does in HAProxy.</summary>
    Runs,

    /// <summary>By its nature it means nothing here; one notice says so.</summary>
    Accepted,

    /// <summary>What it asks for is not there: the configuration is refused.</summary>
    Refused,
}
