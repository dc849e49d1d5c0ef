using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>Takes the chunks off a body (RFC 9112 §7.1), in the buffer it came in, from wherever the last call stopped.</summary>
internal sealed class ChunkedDecoder
{
    private const int MaxSizeDigits = 13; // as HAProxy: less than 2^52
    private const int MaxExtensionBytes = 4096; // of one chunk: room for any signature scheme, not for a body of its own
    private const int MaxTrailerBytes = 8192;
    private const int MaxTrailerFields = 64;

    private State _state = State.FirstSizeDigit;
    private long _remaining; // of the chunk being read
    private int _count; // digits of the size, then bytes of the extension
    private Trailer? _trailer; // made when the first trailer comes, and kept

    private enum State
    {
        FirstSizeDigit,
        Size,
        AfterSize,
        Extension,
        QuotedExtension,
        EscapedExtension,
        SizeLineFeed,
        Data,
        DataCarriageReturn,
        DataLineFeed,
        FirstTrailer,
        LastLineFeed,
        Trailers,
        Done,
        Invalid,
    }

    /// <summary>The trailers, once done: lines of name, colon, space, value and CRLF. Valid until the next <see cref="Reset"/>.</summary>
    public ReadOnlyMemory<byte> Trailers => _state == State.Done && _trailer is not null ? _trailer.Lines : default;

    /// <summary>Starts over for the next body.</summary>
    public void Reset()
    {
        _state = State.FirstSizeDigit;
        _remaining = 0;
        _count = 0;
        _trailer?.Clear();
    }

    /// <summary>Decodes in place and leaves the payload where its first piece lies, so that nothing moves when there is only one.</summary>
    /// <param name="bytes">What has come; overwritten up to <paramref name="consumed"/>.</param>
    /// <param name="consumed">How many of the bytes belong to this body; all of them, unless it is done or invalid.</param>
    /// <param name="start">Where in <paramref name="bytes"/> the payload begins; 0 when there is none.</param>
    /// <param name="payload">How many bytes of payload there are.</param>
    public ChunkStatus Decode(Span<byte> bytes, out int consumed, out int start, out int payload)
    {
        start = payload = 0;
        var position = 0;
        while (position < bytes.Length && _state < State.Done)
        {
            if (_state == State.Data)
            {
                var length = (int)Math.Min(_remaining, bytes.Length - position);
                if (payload == 0)
                {
                    start = position;
                }
                else
                {
                    bytes.Slice(position, length).CopyTo(bytes[(start + payload)..]);
                }

                payload += length;
                position += length;
                _remaining -= length;
                _state = _remaining > 0 ? State.Data : State.DataCarriageReturn;
            }
            else if (_state == State.Trailers)
            {
                position += ReadTrailers(bytes[position..]);
            }
            else
            {
                var next = Next(bytes[position]);
                position += next == State.Trailers ? 0 : 1; // the first byte of a trailer belongs to its name
                _state = next;
            }
        }

        consumed = position;
        return _state switch
        {
            State.Done => ChunkStatus.Done,
            State.Invalid => ChunkStatus.Invalid,
            _ => ChunkStatus.NeedMore,
        };
    }

    /// <summary>The state after one byte of framing.</summary>
    private State Next(byte value) => _state switch
    {
        State.FirstSizeDigit => AddSizeDigit(value),
        State.Size when IsHexDigit(value) => AddSizeDigit(value),
        State.Size or State.AfterSize => EndSize(value),
        State.Extension or State.QuotedExtension or State.EscapedExtension => NextOfExtension(value),
        State.SizeLineFeed when value == Octets.Lf => _remaining > 0 ? State.Data : State.FirstTrailer,
        State.DataCarriageReturn when value == Octets.Cr => State.DataLineFeed,
        State.DataLineFeed when value == Octets.Lf => StartChunk(),
        State.FirstTrailer when value == Octets.Cr => State.LastLineFeed,
        State.FirstTrailer => State.Trailers,
        State.LastLineFeed when value == Octets.Lf => State.Done,
        _ => State.Invalid,
    };

    private State StartChunk()
    {
        _count = 0;
        _remaining = 0;
        return State.FirstSizeDigit;
    }

    private State AddSizeDigit(byte value)
    {
        if (!IsHexDigit(value) || ++_count > MaxSizeDigits)
        {
            return State.Invalid;
        }

        _remaining = (_remaining << 4) | (uint)(value <= '9' ? value - '0' : (value | 0x20) - 'a' + 10);
        return State.Size;
    }

    private State EndSize(byte value)
    {
        switch (value)
        {
            case Octets.Cr:
                return State.SizeLineFeed;
            case Octets.Space or Octets.Tab:
                return CountExtension(State.AfterSize);
            case (byte)';':
                _count = 0;
                return State.Extension;
            default:
                return State.Invalid;
        }
    }

    private State NextOfExtension(byte value)
    {
        if (value == Octets.Cr && _state == State.Extension)
        {
            return State.SizeLineFeed;
        }

        if (value is < 0x20 and not Octets.Tab or 0x7F)
        {
            return State.Invalid;
        }

        return (_state, value) switch
        {
            (State.EscapedExtension, _) => CountExtension(State.QuotedExtension),
            (State.QuotedExtension, (byte)'\\') => CountExtension(State.EscapedExtension),
            (State.QuotedExtension, (byte)'"') => CountExtension(State.Extension),
            (State.QuotedExtension, _) => CountExtension(State.QuotedExtension),
            (_, (byte)'"') => CountExtension(State.QuotedExtension),
            (_, (byte)'\\') => State.Invalid,
            _ => CountExtension(State.Extension),
        };
    }

    private State CountExtension(State next) => ++_count > MaxExtensionBytes ? State.Invalid : next;

    private int ReadTrailers(ReadOnlySpan<byte> bytes)
    {
        _trailer ??= new Trailer();
        _state = _trailer.Read(bytes, out var consumed) switch
        {
            ChunkStatus.Done => State.Done,
            ChunkStatus.Invalid => State.Invalid,
            _ => State.Trailers,
        };
        return consumed;
    }

    private static bool IsHexDigit(byte value) => char.IsAsciiHexDigit((char)value);

    /// <summary>The trailers of one body: collected, since they may come in pieces, then read by the rules for header fields.</summary>
    private sealed class Trailer
    {
        private readonly byte[] _bytes = new byte[MaxTrailerBytes];
        private readonly byte[] _lines = new byte[MaxTrailerBytes + MaxTrailerFields * 2]; // ": " and CRLF may be longer than what came
        private readonly HeaderBlock _fields = new();
        private readonly FieldLineParser _parser = new();
        private int _length;
        private int _linesLength;

        public Trailer() => Clear();

        public ReadOnlyMemory<byte> Lines => _lines.AsMemory(0, _linesLength);

        public void Clear()
        {
            _length = _linesLength = 0;
            _fields.Reset(_bytes, 0);
            _parser.Start(0);
        }

        public ChunkStatus Read(ReadOnlySpan<byte> bytes, out int consumed)
        {
            var before = _length;
            consumed = Math.Min(bytes.Length, MaxTrailerBytes - _length);
            bytes[..consumed].CopyTo(_bytes.AsSpan(_length));
            _length += consumed;
            if (!_parser.TryParse(_bytes.AsSpan(0, _length), _fields, MaxTrailerFields, out var refusal))
            {
                return refusal is null && _length < MaxTrailerBytes ? ChunkStatus.NeedMore : ChunkStatus.Invalid;
            }

            consumed = _parser.End - before;
            WriteLines();
            return ChunkStatus.Done;
        }

        private void WriteLines()
        {
            for (var i = 0; i < _fields.TableLength; i++)
            {
                Write(_fields.NameAt(i));
                Write(": "u8);
                Write(_fields.ValueAt(i));
                Write("\r\n"u8);
            }
        }

        private void Write(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_lines.AsSpan(_linesLength));
            _linesLength += bytes.Length;
        }
    }
}
