using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>
/// Reads the head of a request out of the buffer it is received into. Call <see cref="Start"/> once, then <see cref="Parse"/> whenever
/// more bytes have come; a head that comes in pieces is not scanned again from its start. Can be used for one request after the other.
/// </summary>
/// <remarks>What is accepted has one reading (RFC 9112), also for the server that gets what is left in the header block; all else is
/// refused. Refused means that the connection cannot be read any further.</remarks>
internal sealed class RequestHeadParser
{
    /// <summary>As HAProxy: its buffer of 16 KiB less the 1 KiB it keeps for what rules add.</summary>
    public const int DefaultMaxHeadBytes = 16384 - 1024;

    /// <summary>As HAProxy, whose 101 count the start line.</summary>
    public const int DefaultMaxFields = 100;

    private const int MaxEmptyLines = 16; // RFC 9112 §2.2 asks for one at least; some clients end a body with one

    private readonly RequestLineParser _line = new();
    private readonly FieldLineParser _fields = new();
    private RequestHead? _head;
    private byte[] _buffer = [];
    private int _origin;
    private int _start; // of the head, behind the empty lines
    private int _emptyLines;
    private Phase _phase;
    private bool _isLineOdd;

    private enum Phase
    {
        EmptyLines,
        StartLine,
        Fields,
    }

    /// <summary>How long a head may be, its start line and empty line included.</summary>
    /// <value>15,360 bytes by default. HAProxy: <c>tune.bufsize</c> less <c>tune.maxrewrite</c>.</value>
    public int MaxHeadBytes { get; init; } = DefaultMaxHeadBytes;

    /// <summary>How many field lines a head may have.</summary>
    /// <value>100 by default. HAProxy: <c>tune.http.maxhdr</c>, which counts the start line too.</value>
    public int MaxFields { get; init; } = DefaultMaxFields;

    /// <summary>Whether some violations that leave a message one reading are let pass: see the option AcceptsUnsafeRequests of frontends.</summary>
    public bool IsLenient
    {
        get => _line.IsLenient;
        set => _line.IsLenient = _fields.IsLenient = value;
    }

    /// <summary>Whether a body is taken of GET, HEAD and DELETE in HTTP/1.0 too: see <see cref="ProxyOptions.AcceptsBodyOfAnyMethod"/>.</summary>
    public bool TakesBodyOfAnyMethod { get; set; }

    /// <summary>Whether a connection goes on behind a request with both lengths: see <see cref="ProxyOptions.KeepsConnectionsOfBothLengths"/>.</summary>
    public bool KeepsBothLengths { get; set; }

    /// <summary>How much stood in the head, once it is complete, that nobody must send and that was let pass.</summary>
    public int Oddities { get; private set; }

    /// <summary>Starts over for the head that begins, perhaps behind empty lines, at <paramref name="origin"/>.</summary>
    /// <param name="head">What to fill.</param>
    /// <param name="buffer">Where the bytes lie; it has to stay the same, and they in their place, until the head is complete.</param>
    /// <param name="origin">Where they begin.</param>
    public void Start(RequestHead head, byte[] buffer, int origin)
    {
        _head = head;
        _buffer = buffer;
        _origin = _start = origin;
        _emptyLines = 0;
        _phase = Phase.EmptyLines;
        head.Reset(buffer, origin);
    }

    /// <summary>Lets go of the head and its buffer.</summary>
    public void Release()
    {
        _head = null;
        _buffer = [];
    }

    /// <summary>Reads on.</summary>
    /// <param name="end">Just behind the last byte that has come.</param>
    public ParseResult Parse(int end)
    {
        var head = _head ?? throw new InvalidOperationException("A parser has to be started first.");
        if (_phase == Phase.EmptyLines)
        {
            if (!TrySkipEmptyLines(end, out var early))
            {
                return Unfinished(early);
            }

            head.Reset(_buffer, _start);
            _line.Start();
            _phase = Phase.StartLine;
        }

        // Nothing behind the limit is looked at, so that what is refused, and why, is the same however the bytes arrive.
        var bytes = _buffer.AsSpan(_start, Math.Min(end - _start, MaxHeadBytes));
        if (_phase == Phase.StartLine)
        {
            if (!_line.TryParse(bytes, head, out var refused))
            {
                return Unfinished(refused ?? (bytes.Length == MaxHeadBytes ? Refusal.StartLineTooLong : null));
            }

            _isLineOdd = !head.IsStartLineClean || _line.HasOddTarget;
            _fields.Start(head.StartLineLength);
            _phase = Phase.Fields;
        }

        if (!_fields.TryParse(bytes, head.Headers, MaxFields, out var refusal))
        {
            return Unfinished(refusal ?? (bytes.Length == MaxHeadBytes ? Refusal.HeadTooLong : null));
        }

        head.Length = _fields.End;
        head.IsStartLineClean &= !_fields.EndsInBareLineFeed;
        Oddities = _fields.Oddities + (_isLineOdd ? 1 : 0);
        return Judge(head) is { } reason ? Unfinished(reason) : ParseResult.Complete(_start - _origin + head.Length);
    }

    private ParseResult Unfinished(Refusal? refusal) => refusal is null
        ? ParseResult.Incomplete(_start - _origin)
        : ParseResult.Refused(_start - _origin, refusal.Status, refusal.Reason);

    /// <summary>Moves the start behind empty lines; true when a byte of something else is there.</summary>
    private bool TrySkipEmptyLines(int end, out Refusal? refusal)
    {
        refusal = null;
        while (_start < end)
        {
            var length = 1;
            if (_buffer[_start] == Octets.Cr)
            {
                if (_start + 1 == end)
                {
                    return false;
                }

                length = 2;
            }

            if (_buffer[_start + length - 1] != Octets.Lf)
            {
                refusal = length == 2 ? Refusal.BareCarriageReturn : null;
                return refusal is null;
            }

            if (++_emptyLines > MaxEmptyLines)
            {
                refusal = Refusal.TooManyEmptyLines;
                return false;
            }

            _start += length;
        }

        return false;
    }

    /// <summary>Judges the head as a whole: what its fields mean together.</summary>
    private Refusal? Judge(RequestHead head)
    {
        if (_fields.HasSeen(KnownHeader.Host) && HostField.Check(head) is { } hostRefusal)
        {
            return hostRefusal;
        }

        if (_fields.HasSeen(KnownHeader.Connection))
        {
            head.Connection = ConnectionFields.Read(head.Headers);
        }

        if (ReadFraming(head) is { } framingRefusal)
        {
            return framingRefusal;
        }

        head.ExpectsContinue = _fields.HasSeen(KnownHeader.Expect)
            && head.Protocol == HttpProtocol.Http11 // RFC 9110 §10.1.1: from HTTP/1.0 it means nothing
            && head.Headers.TryGetBytes(KnownHeader.Expect, out var expect) && Ascii.EqualsIgnoreCase(expect, "100-continue"u8);
        return _fields.HasSeen(KnownHeader.Upgrade) && (head.Connection & ConnectionOptions.Upgrade) != 0
            ? ConnectionFields.CheckWebSocket(head.Headers)
            : null;
    }

    private Refusal? ReadFraming(RequestHead head)
    {
        var hasLength = _fields.HasSeen(KnownHeader.ContentLength);
        var isChunked = _fields.HasSeen(KnownHeader.TransferEncoding);
        if (hasLength)
        {
            if (FramingFields.ReadContentLength(head.Headers, out var length) is { } refusal)
            {
                return refusal;
            }

            head.Framing = BodyFraming.Length;
            head.ContentLength = length;
        }

        if (isChunked)
        {
            if (FramingFields.ReadTransferEncoding(head.Headers) is { } refusal)
            {
                return refusal;
            }

            head.Framing = BodyFraming.Chunked;
            head.ContentLength = 0;
            Oddities += hasLength || head.Protocol == HttpProtocol.Http10 ? 1 : 0;
            head.HadBothLengths = (hasLength && !KeepsBothLengths) || head.Protocol == HttpProtocol.Http10;
            head.Headers.RemoveAll(KnownHeader.ContentLength);
        }

        if (head.Method == RequestMethod.Connect)
        {
            // RFC 9110 §9.3.6: a CONNECT has no content, whatever its fields say.
            head.Framing = BodyFraming.None;
            head.ContentLength = 0;
            head.Headers.RemoveAll(KnownHeader.ContentLength);
            head.Headers.RemoveAll(KnownHeader.TransferEncoding);
        }

        var hasBody = isChunked || head.ContentLength > 0;
        return hasBody && !TakesBodyOfAnyMethod && head.Protocol == HttpProtocol.Http10 && head.Method is RequestMethod.Get or RequestMethod.Head or RequestMethod.Delete
            ? Refusal.BodyOfHttp10
            : null;
    }
}
