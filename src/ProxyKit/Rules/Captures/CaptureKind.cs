namespace ProxyKit.Rules.Captures;

/// <summary>What a <see cref="Capture"/> keeps.</summary>
internal enum CaptureKind
{
    /// <summary>A header field of the request. HAProxy: <c>capture request header</c>.</summary>
    RequestHeader,

    /// <summary>A header field of the response. HAProxy: <c>capture response header</c>.</summary>
    ResponseHeader,

    /// <summary>A cookie of the request, and of the response that sets it. HAProxy: <c>capture cookie</c>.</summary>
    Cookie,

    /// <summary>What rules say, before the response. HAProxy: <c>declare capture request</c>.</summary>
    RequestSlot,

    /// <summary>What rules say, of the response. HAProxy: <c>declare capture response</c>.</summary>
    ResponseSlot,
}
