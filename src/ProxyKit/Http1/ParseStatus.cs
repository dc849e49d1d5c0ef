namespace ProxyKit.Http1;

/// <summary>How far a head has been read.</summary>
internal enum ParseStatus
{
    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>The whole head has been read.</summary>
    Complete,

    /// <summary>The bytes are no acceptable head, whatever may follow.</summary>
    Refused,
}
