using System.Text;

namespace ProxyKit.Http;

/// <summary>The head of a request: its method, target, version and header fields, as bytes in the buffer they arrived in.</summary>
/// <remarks>Valid for the time of its exchange.</remarks>
public sealed class RequestHead
{
    private byte[] _bytes = [];
    private int _origin;
    private byte[]? _method;
    private string? _target, _path, _host;

    /// <summary>The header fields.</summary>
    public HeaderBlock Headers { get; } = new();

    /// <summary>The method, if ProxyKit knows it.</summary>
    public RequestMethod Method { get; internal set; }

    /// <summary>The method's name.</summary>
    public string MethodName => RequestMethods.Name(Method, MethodBytes);

    /// <summary>The version the client spoke.</summary>
    public HttpProtocol Protocol { get; internal set; }

    /// <summary>The request target as it came: <c>/path?query</c>, an absolute URI, an authority (CONNECT) or <c>*</c>.</summary>
    public string Target => _target ??= Encoding.Latin1.GetString(TargetBytes);

    /// <summary>The path, not decoded, without the query. Empty for CONNECT, <c>*</c> for <c>OPTIONS *</c>.</summary>
    public string Path => _path ??= Encoding.Latin1.GetString(PathBytes);

    /// <summary>The query without its question mark, not decoded; empty when there is none.</summary>
    public string Query => Encoding.Latin1.GetString(QueryBytes);

    /// <summary>The host the client asked for, with its port if it gave one: the <c>Host</c> field, or the target's authority where there
    /// is no such field. Empty when there is neither.</summary>
    public string Host => _host ??= Encoding.Latin1.GetString(HostBytes);

    internal Range MethodRange { get; set; }

    internal Range TargetRange { get; set; }

    internal Range PathRange { get; set; }

    internal Range QueryRange { get; set; }

    /// <summary>The authority within an absolute or authority-form target, without user information; empty otherwise.</summary>
    internal Range AuthorityRange { get; set; }

    /// <summary>The target that takes the place of the one that came; null while that stands. The ranges of the target and its parts
    /// count from its start then.</summary>
    internal byte[]? RewrittenTarget { get; private set; }

    internal TargetForm Form { get; set; }

    /// <summary>The bytes of the whole head, the empty line included.</summary>
    internal int Length { get; set; }

    /// <summary>The bytes of the request line, its line end included, from the head's start.</summary>
    internal int StartLineLength { get; set; }

    /// <summary>Whether the request line's bytes can be passed on as they are: single spaces, CRLF, version 1.0 or 1.1.</summary>
    internal bool IsStartLineClean { get; set; }

    /// <summary>Whether it goes to the server as HTTP/1.1 though it came as 1.0: a body in chunks has one reading only there
    /// (RFC 9112 §6.1).</summary>
    internal bool IsSentAsHttp11 { get; set; }

    internal BodyFraming Framing { get; set; }

    /// <summary>The body's length where <see cref="Framing"/> is <see cref="BodyFraming.Length"/>.</summary>
    internal ulong ContentLength { get; set; }

    /// <summary>What the Connection field says.</summary>
    internal ConnectionOptions Connection { get; set; }

    /// <summary>Both Content-Length and Transfer-Encoding were there, or Transfer-Encoding in HTTP/1.0, where others may have seen no body:
    /// chunked wins, and the connections close afterwards (RFC 9112 §6.1).</summary>
    internal bool HadBothLengths { get; set; }

    /// <summary>Whether the request asks for <c>100-continue</c>.</summary>
    internal bool ExpectsContinue { get; set; }

    /// <summary>Whether a rule has taken the lengths away, so that the server is told of no body and gets none.</summary>
    internal bool DropsBody { get; set; }

    internal ReadOnlySpan<byte> MethodBytes => _method ?? Slice(MethodRange);

    internal ReadOnlySpan<byte> TargetBytes => SliceTarget(TargetRange);

    internal ReadOnlySpan<byte> PathBytes => SliceTarget(PathRange);

    internal ReadOnlySpan<byte> QueryBytes => SliceTarget(QueryRange);

    internal ReadOnlySpan<byte> AuthorityBytes => SliceTarget(AuthorityRange);

    internal ReadOnlySpan<byte> HostBytes => Headers.TryGetBytes(KnownHeader.Host, out var host) ? host : AuthorityBytes;

    /// <summary>The bytes of the request line with its line end.</summary>
    internal ReadOnlySpan<byte> StartLine => _bytes.AsSpan(_origin, StartLineLength);

    /// <summary>The head as it came, where nobody changed it and it can be passed on as it is; empty otherwise.</summary>
    internal ReadOnlyMemory<byte> Unchanged =>
        IsStartLineClean && Headers.IsUntouched ? _bytes.AsMemory(_origin, Length) : default;

    /// <summary>The bytes of the request line without its line end, for the log.</summary>
    internal ReadOnlySpan<byte> StartLineBytes => _bytes.AsSpan(_origin, StartLineLength).TrimEnd("\r\n"u8);

    /// <summary>Starts over for a head that begins at <paramref name="origin"/> of <paramref name="bytes"/>.</summary>
    internal void Reset(byte[] bytes, int origin)
    {
        _bytes = bytes;
        _origin = origin;
        _target = _path = _host = null;
        Headers.Reset(bytes, origin);
        Method = RequestMethod.Other;
        Protocol = HttpProtocol.Http11;
        MethodRange = TargetRange = PathRange = QueryRange = AuthorityRange = default;
        RewrittenTarget = null;
        Form = TargetForm.Origin;
        Length = StartLineLength = 0;
        IsStartLineClean = IsSentAsHttp11 = false;
        Framing = BodyFraming.None;
        ContentLength = 0;
        Connection = ConnectionOptions.None;
        HadBothLengths = ExpectsContinue = DropsBody = false;
        _method = null;
    }

    /// <summary>Where the head lies as it came.</summary>
    internal byte[] Buffer => _bytes;

    /// <summary>Where it begins there.</summary>
    internal int Origin => _origin;

    /// <summary>Has the head lie elsewhere, where somebody has copied it to, and holds no more than it needs: for a wait that may be long.</summary>
    internal void MoveTo(byte[] bytes, int origin)
    {
        _bytes = bytes;
        _origin = origin;
        Headers.MoveTo(bytes, origin);
        Headers.Shrink();
    }

    /// <summary>Forgets the buffer, which belongs to somebody else from now on.</summary>
    internal void Release() => Reset([], 0);

    /// <summary>Puts another target in the place of the one that came; the ranges are its parts.</summary>
    internal void RewriteTarget(byte[] target, Range path, Range query, Range authority)
    {
        RewrittenTarget = target;
        TargetRange = new Range(0, target.Length);
        PathRange = path;
        QueryRange = query;
        AuthorityRange = authority;
        IsStartLineClean = false;
        _target = _path = _host = null;
    }

    /// <summary>Puts another method in the place of the one that came.</summary>
    internal void RewriteMethod(byte[] name)
    {
        _method = name;
        Method = RequestMethods.Parse(name);
        IsStartLineClean = false;
    }

    /// <summary>Has <see cref="Host"/> read anew, after an edit of the field.</summary>
    internal void ForgetHost() => _host = null;

    private ReadOnlySpan<byte> Slice(Range range)
    {
        var start = range.Start.Value;
        return _bytes.AsSpan(_origin + start, range.End.Value - start);
    }

    private ReadOnlySpan<byte> SliceTarget(Range range)
    {
        var start = range.Start.Value;
        return RewrittenTarget is { } target ? target.AsSpan(start, range.End.Value - start) : Slice(range);
    }
}

/// <summary>The four forms of a request target (RFC 9112 §3.2).</summary>
internal enum TargetForm
{
    Origin,
    Absolute,
    Authority,
    Asterisk,
}

/// <summary>What the Connection fields of a message say, all of them merged.</summary>
[Flags]
internal enum ConnectionOptions
{
    None = 0,
    Close = 1,
    KeepAlive = 2,

    /// <summary>The token <c>upgrade</c> is there.</summary>
    Upgrade = 4,

    /// <summary>There are other tokens, which are passed on.</summary>
    Others = 8,

    /// <summary>A rule has changed the fields: what they say now has to be read from them.</summary>
    Edited = 16,

    /// <summary>A rule has written <c>close</c>: the connection that the message goes out on is closed behind it.</summary>
    ClosedByRule = 32,
}
