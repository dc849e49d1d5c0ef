namespace ProxyKit.Http1;

/// <summary>How far a chunked body has been read.</summary>
internal enum ChunkStatus
{
    /// <summary>The body goes on.</summary>
    NeedMore,

    /// <summary>The body and its trailers have ended.</summary>
    Done,

    /// <summary>The bytes are no chunked body; nothing on this connection can be read any further.</summary>
    Invalid,
}
