namespace ProxyKit.Http1;

/// <summary>A reason why a head is refused. All there are stand here; null means that there is none.</summary>
/// <remarks>The status is the one for requests. A response is refused for the same reasons, and always answered with 502.</remarks>
internal sealed class Refusal
{
    // The start line.
    public static readonly Refusal TooManyEmptyLines = new(400, "too many empty lines before the request");
    public static readonly Refusal MethodNotToken = new(400, "the method is not a token");
    public static readonly Refusal MethodOfHttp2 = new(400, "PRI is the preface of HTTP/2, not a request");
    public static readonly Refusal TargetByte = new(400, "a byte in the request target is not allowed");
    public static readonly Refusal TargetForm = new(400, "the request target's form does not fit the method");
    public static readonly Refusal TargetAuthority = new(400, "the authority in the request target is malformed");
    public static readonly Refusal VersionMissing = new(400, "the request line has no version");
    public static readonly Refusal VersionMalformed = new(400, "the version is malformed");
    public static readonly Refusal VersionUnsupported = new(505, "the major version is not 1");
    public static readonly Refusal StatusMalformed = new(400, "the status code is not a number of three digits from 100");
    public static readonly Refusal ReasonPhraseByte = new(400, "a control character stands in the reason phrase");
    public static readonly Refusal StartLineTooLong = new(414, "the request line is longer than the limit for heads");

    // Field lines.
    public static readonly Refusal FieldName = new(400, "a header line does not begin with a name and a colon");
    public static readonly Refusal FieldValueControl = new(400, "a control character stands in a header value");
    public static readonly Refusal BareCarriageReturn = new(400, "a CR is not followed by LF");
    public static readonly Refusal FoldWithoutField = new(400, "the first header line begins with white space");
    public static readonly Refusal TooManyFields = new(400, "too many header lines");
    public static readonly Refusal HeadTooLong = new(431, "the header lines are longer than the limit for heads");

    // Framing.
    public static readonly Refusal ContentLength = new(400, "Content-Length is not one number");
    public static readonly Refusal TransferEncoding = new(400, "Transfer-Encoding is malformed or does not end in chunked");
    public static readonly Refusal TransferCoding = new(422, "a transfer coding other than chunked is not supported");
    public static readonly Refusal BodyOfHttp10 = new(413, "GET, HEAD and DELETE have no body in HTTP/1.0");

    // What the request is for.
    public static readonly Refusal HostsDiffer = new(400, "two Host fields differ");
    public static readonly Refusal HostMalformed = new(400, "Host is malformed");
    public static readonly Refusal HostNotAuthority = new(400, "Host differs from the request target's authority");
    public static readonly Refusal WebSocketKey = new(400, "a WebSocket upgrade without a valid Sec-WebSocket-Key");

    private Refusal(int status, string reason)
    {
        Status = status;
        Reason = reason;
    }

    public int Status { get; }

    public string Reason { get; }
}
