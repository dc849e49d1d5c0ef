namespace ProxyKit.Http;

/// <summary>How the end of a body is known (RFC 9112 §6.3).</summary>
internal enum BodyFraming
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary>By <c>Content-Length</c>.</summary>
    Length,

    /// <summary>By the last chunk.</summary>
    Chunked,

    /// <summary>By the end of the connection; responses only.</summary>
    UntilClose,
}
