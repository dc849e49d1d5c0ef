namespace ProxyKit;

/// <summary>What becomes of header fields of requests whose names have other characters than letters, digits and hyphens. HAProxy:
/// <c>option http-restrict-req-hdr-names</c>.</summary>
public enum OddHeaderNames
{
    /// <summary>They are passed on, as long as the name is one that HTTP allows.</summary>
    Preserve,

    /// <summary>They are removed.</summary>
    Delete,

    /// <summary>The request is refused with 403.</summary>
    Reject,
}
