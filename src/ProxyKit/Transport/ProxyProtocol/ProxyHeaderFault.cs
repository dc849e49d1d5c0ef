namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>Why there is no header where one has to be. The numbers are those of HAProxy's <c>fc_err</c>.</summary>
internal enum ProxyHeaderFault
{
    /// <summary>There is one.</summary>
    None = 0,

    /// <summary>The sender closed without a byte.</summary>
    Empty = 11,

    /// <summary>The connection broke.</summary>
    Aborted = 12,

    /// <summary>It took too long.</summary>
    TimedOut = 13,

    /// <summary>The sender closed in the middle of it.</summary>
    Truncated = 14,

    /// <summary>What came is something else.</summary>
    NotAHeader = 15,

    /// <summary>It begins as one does, and then breaks the rules.</summary>
    Invalid = 16,

    /// <summary>It is about a protocol that there is none of.</summary>
    UnknownProtocol = 17,
}
