namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>Why there is no header where one has to be. The numbers are those of HAProxy's <c>fc_err</c>.</summary>
internal enum ProxyHeaderFault
{
    /// <summary>There is one.</summary>
    None = 0,

    /// <summary>The sender closed without a byte.</summary>
    Empty = 11,

    /// <summary>The connection broke, or was broken off since the sender may send none.</summary>
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

    /// <summary>The sender closed without a byte of a NetScaler's header.</summary>
    NetScalerEmpty = 18,

    /// <summary>The connection broke before it, or was broken off since the sender may send none.</summary>
    NetScalerAborted = 19,

    /// <summary>It took too long.</summary>
    NetScalerTimedOut = 20,

    /// <summary>The sender closed in the middle of it, or it is longer than there is room for.</summary>
    NetScalerTruncated = 21,

    /// <summary>It does not begin with the number that it has to begin with.</summary>
    NetScalerBadMagic = 22,

    /// <summary>It is of no kind that is known, or about something else than TCP.</summary>
    NetScalerUnknownProtocol = 23,
}
