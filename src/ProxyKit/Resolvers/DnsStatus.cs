namespace ProxyKit.Resolvers;

/// <summary>What came of a question.</summary>
internal enum DnsStatus
{
    /// <summary>There is at least one record of the kind.</summary>
    Valid,

    /// <summary>There is no such name.</summary>
    NotFound,

    /// <summary>The nameserver does not answer such questions, or not us.</summary>
    Refused,

    /// <summary>Nobody has answered.</summary>
    TimedOut,

    /// <summary>The answer was cut off, and has to be asked for over TCP.</summary>
    Truncated,

    /// <summary>Anything else: a nameserver in trouble, no record of the kind, a message that is none.</summary>
    Other,
}
