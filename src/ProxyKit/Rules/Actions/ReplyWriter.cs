using System.Buffers;
using System.Buffers.Text;
using ProxyKit.Http;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Actions;

/// <summary>Takes a response of the proxy's own, as the bytes of an HTTP/1.1 message: status line, header fields, then the body with what it
/// says of itself. Kept with its exchange and used again.</summary>
internal sealed class ReplyWriter
{
    private const int Kept = 32 * 1024;

    private ArrayBufferWriter<byte> _bytes = new(512);

    /// <summary>What was written, or nothing for a reply that closes the connection without one.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    /// <summary>Whether what was written is no response to send: its head grew too long, or something of it was cut.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Begins with a status line.</summary>
    public void Begin(int status, ReadOnlySpan<byte> reason, HttpProtocol protocol = HttpProtocol.Http11)
    {
        _bytes.Write(protocol == HttpProtocol.Http10 ? "HTTP/1.0 "u8 : "HTTP/1.1 "u8);
        Write(status);
        _bytes.Write(" "u8);
        _bytes.Write(reason);
        _bytes.Write("\r\n"u8);
    }

    /// <summary>Adds a header field; the caller vouches for its bytes, and not for their number: a head that the values of formats make longer than others
    /// can be fails.</summary>
    public void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _bytes.Write(name);
        _bytes.Write(": "u8);
        _bytes.Write(value);
        _bytes.Write("\r\n"u8);
        HasFailed |= _bytes.WrittenCount > FieldEdits.MaxHead;
    }

    /// <summary>Ends with a body, behind the fields that tell its length and, unless it is empty, its type.</summary>
    public void End(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body)
    {
        _bytes.Write("content-length: "u8);
        Write(body.Length);
        _bytes.Write("\r\n"u8);
        if (!contentType.IsEmpty)
        {
            Field("content-type"u8, contentType);
        }

        _bytes.Write("\r\n"u8);
        _bytes.Write(body);
    }

    /// <summary>Ends with a body that a format has made, which fails where that was cut.</summary>
    public void EndFormat(ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body)
    {
        End(contentType, body);
        HasFailed |= body.Length >= Scratch.MaxResult;
    }

    /// <summary>Takes a whole message as it is.</summary>
    public void Raw(ReadOnlySpan<byte> message) => _bytes.Write(message);

    /// <summary>Forgets what was written.</summary>
    public void Reset()
    {
        HasFailed = false;
        if (_bytes.Capacity <= Kept)
        {
            _bytes.ResetWrittenCount();
        }
        else
        {
            _bytes = new(512);
        }
    }

    private void Write(int number)
    {
        var digits = _bytes.GetSpan(11);
        Utf8Formatter.TryFormat(number, digits, out var written);
        _bytes.Advance(written);
    }
}
