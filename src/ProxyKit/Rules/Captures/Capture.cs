using ProxyKit.Descriptions;
using ProxyKit.Rules.Captures;

namespace ProxyKit;

/// <summary>Something of each exchange that is kept for the access log: <c>Capture.RequestHeader("Host", 40)</c>.</summary>
/// <remarks>Captures of the request fill the slots that the log shows as <c>{a|b}</c>, and that <c>capture.req.hdr(0)</c> and the
/// <c>capture</c> rule count, in their order; those of the response likewise.</remarks>
public sealed class Capture : IDescribed
{
    private Capture(CaptureKind kind, string name, int maxLength)
    {
        Kind = kind;
        Name = name;
        MaxLength = maxLength;
    }

    /// <inheritdoc/>
    public Description? Description => Name.Length == 0
        ? new(typeof(Capture), Kind.ToString(), MaxLength) // each kind goes by the name of its member
        : new(typeof(Capture), Kind.ToString(), Name, MaxLength);

    /// <summary>What it keeps.</summary>
    internal CaptureKind Kind { get; }

    /// <summary>The name of the field, or how the name of the cookie begins; empty for a slot that rules fill.</summary>
    internal string Name { get; }

    /// <summary>How many bytes are kept; what is longer is cut.</summary>
    /// <value>From 1 to 65535.</value>
    internal int MaxLength { get; }

    /// <summary>Keeps a header field of the request, of several of the name the last. HAProxy: <c>capture request header</c>.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="maxLength">How many bytes are kept, from 1 to 65535.</param>
    /// <returns>The capture.</returns>
    public static Capture RequestHeader(string name, int maxLength) => new(CaptureKind.RequestHeader, Given(name), maxLength);

    /// <summary>Keeps a header field of the response, of several of the name the last. HAProxy: <c>capture response header</c>.</summary>
    /// <param name="name">The field's name.</param>
    /// <param name="maxLength">How many bytes are kept, from 1 to 65535.</param>
    /// <returns>The capture.</returns>
    public static Capture ResponseHeader(string name, int maxLength) => new(CaptureKind.ResponseHeader, Given(name), maxLength);

    /// <summary>Keeps a cookie of the request and the one that the response sets, each with its name and value. A frontend captures one cookie.
    /// HAProxy: <c>capture cookie</c>.</summary>
    /// <param name="name">How the cookie's name begins; with <c>=</c> at its end it is the whole name.</param>
    /// <param name="maxLength">How many bytes are kept, from 1 to 65535, those of the name included.</param>
    /// <returns>The capture.</returns>
    public static Capture Cookie(string name, int maxLength) => new(CaptureKind.Cookie, Given(name), maxLength);

    /// <summary>Keeps what rules say of the request. HAProxy: <c>declare capture request</c>.</summary>
    /// <param name="maxLength">How many bytes are kept, from 1 to 65535.</param>
    /// <returns>The capture.</returns>
    public static Capture RequestSlot(int maxLength) => new(CaptureKind.RequestSlot, "", maxLength);

    /// <summary>Keeps what rules say of the response. HAProxy: <c>declare capture response</c>.</summary>
    /// <param name="maxLength">How many bytes are kept, from 1 to 65535.</param>
    /// <returns>The capture.</returns>
    public static Capture ResponseSlot(int maxLength) => new(CaptureKind.ResponseSlot, "", maxLength);

    /// <summary>The capture as a configuration file would have it.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Kind switch
    {
        CaptureKind.RequestHeader => $"capture request header {Name} len {MaxLength}",
        CaptureKind.ResponseHeader => $"capture response header {Name} len {MaxLength}",
        CaptureKind.Cookie => $"capture cookie {Name} len {MaxLength}",
        CaptureKind.RequestSlot => $"declare capture request len {MaxLength}",
        _ => $"declare capture response len {MaxLength}",
    };

    private static string Given(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name;
    }
}
