using ProxyKit.Http;
using ProxyKit.Http1;

namespace ProxyKit.Rules.Fetches;

/// <summary>Reads what has come in TCP mode as the head of an HTTP/1 request, so that fetches about requests work there too. Kept with its
/// context and used again.</summary>
/// <remarks>It reads a copy: the bytes themselves are passed on as they came, wherever they are moved to in the meantime.</remarks>
internal sealed class RequestInspection
{
    private readonly RequestHeadParser _parser = new();
    private byte[] _copy = [];
    private int _length;
    private ParseStatus _status;

    public RequestHead Head { get; } = new();

    /// <summary>Reads on; what has come only grows during an inspection.</summary>
    public ParseStatus Read(ReadOnlySpan<byte> received)
    {
        received = received[..Math.Min(received.Length, RequestHeadParser.DefaultMaxHeadBytes + 1)];
        if (_length == 0)
        {
            if (_copy.Length == 0)
            {
                _copy = new byte[RequestHeadParser.DefaultMaxHeadBytes + 1];
            }

            _parser.Start(Head, _copy, 0);
        }

        if (_status == ParseStatus.Incomplete && received.Length > _length)
        {
            received[_length..].CopyTo(_copy.AsSpan(_length));
            _length = received.Length;
            _status = _parser.Parse(_length).Status;
        }

        return _status;
    }

    /// <summary>Makes it ready for another connection.</summary>
    public void Reset()
    {
        _length = 0;
        _status = ParseStatus.Incomplete;
    }
}
