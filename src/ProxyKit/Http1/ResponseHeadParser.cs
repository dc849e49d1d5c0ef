using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>Reads the head of a response, as <see cref="RequestHeadParser"/> does that of a request. What is refused is a 502.</summary>
internal sealed class ResponseHeadParser
{
    private const int BadGateway = 502;

    private readonly StatusLineParser _line = new();
    private readonly FieldLineParser _fields = new();
    private ResponseHead? _head;
    private byte[] _buffer = [];
    private int _origin;
    private RequestMethod _requestMethod;
    private bool _isInFields, _isLineOdd;

    /// <summary>How long a head may be, its start line and empty line included.</summary>
    /// <value>15,360 bytes by default. HAProxy: <c>tune.bufsize</c> less <c>tune.maxrewrite</c>.</value>
    public int MaxHeadBytes { get; init; } = RequestHeadParser.DefaultMaxHeadBytes;

    /// <summary>How many field lines a head may have.</summary>
    /// <value>100 by default. HAProxy: <c>tune.http.maxhdr</c>, which counts the start line too.</value>
    public int MaxFields { get; init; } = RequestHeadParser.DefaultMaxFields;

    /// <summary>Whether lines that are no fields are left out rather than refused, and values may have NUL in them.</summary>
    public bool IsLenient
    {
        get => _fields.IsLenient;
        set => _fields.IsLenient = value;
    }

    /// <inheritdoc cref="RequestHeadParser.KeepsBothLengths"/>
    public bool KeepsBothLengths { get; set; }

    /// <inheritdoc cref="RequestHeadParser.Oddities"/>
    public int Oddities { get; private set; }

    /// <summary>Starts over for the head that begins at <paramref name="origin"/>.</summary>
    /// <param name="head">What to fill.</param>
    /// <param name="buffer">Where the bytes lie; it has to stay the same, and they in their place, until the head is complete.</param>
    /// <param name="origin">Where they begin.</param>
    /// <param name="requestMethod">What was asked: the answers to HEAD and CONNECT are framed differently.</param>
    public void Start(ResponseHead head, byte[] buffer, int origin, RequestMethod requestMethod)
    {
        _head = head;
        _buffer = buffer;
        _origin = origin;
        _requestMethod = requestMethod;
        _isInFields = false;
        _line.Start();
        head.Reset(buffer, origin);
    }

    /// <summary>Reads on.</summary>
    /// <param name="end">Just behind the last byte that has come.</param>
    public ParseResult Parse(int end)
    {
        var head = _head ?? throw new InvalidOperationException("A parser has to be started first.");
        var bytes = _buffer.AsSpan(_origin, Math.Min(end - _origin, MaxHeadBytes));
        if (!_isInFields)
        {
            if (!_line.TryParse(bytes, head, out var refused))
            {
                return Unfinished(refused ?? (bytes.Length == MaxHeadBytes ? Refusal.HeadTooLong : null));
            }

            _isLineOdd = !head.IsStartLineClean;
            _fields.Start(head.StartLineLength);
            _isInFields = true;
        }

        if (!_fields.TryParse(bytes, head.Headers, MaxFields, out var refusal))
        {
            return Unfinished(refusal ?? (bytes.Length == MaxHeadBytes ? Refusal.HeadTooLong : null));
        }

        head.Length = _fields.End;
        head.IsStartLineClean &= !_fields.EndsInBareLineFeed;
        Oddities = _fields.Oddities + (_isLineOdd ? 1 : 0);
        return Judge(head) is { } reason ? Unfinished(reason) : ParseResult.Complete(head.Length);
    }

    private static ParseResult Unfinished(Refusal? refusal) =>
        refusal is null ? ParseResult.Incomplete(0) : ParseResult.Refused(0, BadGateway, refusal.Reason);

    private Refusal? Judge(ResponseHead head)
    {
        var headers = head.Headers;
        if (_fields.HasSeen(KnownHeader.Connection))
        {
            head.Connection = ConnectionFields.Read(headers);
        }

        var hasLength = _fields.HasSeen(KnownHeader.ContentLength);
        var isChunked = _fields.HasSeen(KnownHeader.TransferEncoding);
        var length = 0UL;
        if (hasLength && FramingFields.ReadContentLength(headers, out length) is { } lengthRefusal)
        {
            return lengthRefusal;
        }

        if (isChunked)
        {
            if (FramingFields.ReadTransferEncoding(headers) is { } codingRefusal)
            {
                return codingRefusal;
            }

            Oddities += hasLength || head.Protocol == HttpProtocol.Http10 ? 1 : 0;
            head.HadBothLengths = (hasLength && !KeepsBothLengths) || head.Protocol == HttpProtocol.Http10;
            headers.RemoveAll(KnownHeader.ContentLength);
        }

        if (HasNoLengths(head))
        {
            headers.RemoveAll(KnownHeader.ContentLength);
            headers.RemoveAll(KnownHeader.TransferEncoding);
            return null;
        }

        if (_requestMethod == RequestMethod.Head || head.Status == 304)
        {
            return null; // the lengths are those that a GET would have had, and stay
        }

        head.Framing = isChunked ? BodyFraming.Chunked : hasLength ? BodyFraming.Length : BodyFraming.UntilClose;
        head.ContentLength = isChunked ? 0 : length;
        return null;
    }

    /// <summary>Whether lengths mean nothing in this response (RFC 9110 §8.6): 1xx, 204, and a tunnel that opens.</summary>
    private bool HasNoLengths(ResponseHead head) =>
        head.Status is < 200 or 204 || (_requestMethod == RequestMethod.Connect && head.Status is < 300);
}
