namespace ProxyKit.Rules.Actions;

/// <summary>What of the client's connection a rule gives another value.</summary>
internal enum EndPointEdit
{
    /// <summary><c>set-src</c></summary>
    Source,

    /// <summary><c>set-src-port</c></summary>
    SourcePort,

    /// <summary><c>set-dst</c></summary>
    Destination,

    /// <summary><c>set-dst-port</c></summary>
    DestinationPort,
}
