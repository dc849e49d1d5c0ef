using System.Text;

namespace ProxyKit.Http;

/// <summary>The head of a response: its status, version and header fields, as bytes in the buffer they arrived in.</summary>
/// <remarks>Valid for the time of its exchange.</remarks>
public sealed class ResponseHead
{
    private byte[] _bytes = [];
    private int _origin;
    private byte[]? _reason;

    /// <summary>The header fields.</summary>
    public HeaderBlock Headers { get; } = new();

    /// <summary>The status code.</summary>
    public int Status { get; internal set; }

    /// <summary>The reason phrase; may be empty.</summary>
    public string Reason => Encoding.Latin1.GetString(ReasonBytes);

    /// <summary>The version the server spoke.</summary>
    public HttpProtocol Protocol { get; internal set; }

    internal Range ReasonRange { get; set; }

    /// <summary>The bytes of the whole head, the empty line included.</summary>
    internal int Length { get; set; }

    /// <summary>The bytes of the status line, its line end included.</summary>
    internal int StartLineLength { get; set; }

    /// <summary>Whether the status line's bytes can be passed on as they are.</summary>
    internal bool IsStartLineClean { get; set; }

    internal BodyFraming Framing { get; set; }

    internal ulong ContentLength { get; set; }

    internal ConnectionOptions Connection { get; set; }

    /// <summary>Both lengths were there, or chunks in HTTP/1.0: chunked wins, and the server connection closes afterwards.</summary>
    internal bool HadBothLengths { get; set; }

    internal bool IsInformational => Status is >= 100 and < 200;

    internal ReadOnlySpan<byte> ReasonBytes => _reason ?? OriginalReason;

    private ReadOnlySpan<byte> OriginalReason =>
        _bytes.AsSpan(_origin + ReasonRange.Start.Value, ReasonRange.End.Value - ReasonRange.Start.Value);

    /// <summary>The bytes of the status line with its line end.</summary>
    internal ReadOnlySpan<byte> StartLine => _bytes.AsSpan(_origin, StartLineLength);

    /// <summary>The head as it came, where nobody changed it and it can be passed on as it is; empty otherwise.</summary>
    internal ReadOnlyMemory<byte> Unchanged =>
        IsStartLineClean && Headers.IsUntouched ? _bytes.AsMemory(_origin, Length) : default;

    internal void Reset(byte[] bytes, int origin)
    {
        _bytes = bytes;
        _origin = origin;
        Headers.Reset(bytes, origin);
        Status = 0;
        Protocol = HttpProtocol.Http11;
        ReasonRange = default;
        Length = StartLineLength = 0;
        IsStartLineClean = false;
        Framing = BodyFraming.None;
        ContentLength = 0;
        Connection = ConnectionOptions.None;
        HadBothLengths = false;
        _reason = null;
    }

    /// <summary>Puts another status in the place of the one that came. The body stays what it is; whoever sends it looks at the status.</summary>
    internal void RewriteStatus(int status, byte[] reason)
    {
        Status = status;
        _reason = reason;
        IsStartLineClean = false;
    }

    /// <summary>Forgets the buffer, which belongs to somebody else from now on.</summary>
    internal void Release() => Reset([], 0);
}
