using System.Buffers.Text;
using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>Writes heads in HTTP/1.1's form.</summary>
internal static class Http1Writer
{
    /// <summary>What a written head leaves free behind it, for the framing of a first chunk.</summary>
    private const int Reserve = 64;

    /// <summary>Writes a request's head.</summary>
    /// <returns>How many bytes were written; -1 when <paramref name="buffer"/> is too small.</returns>
    public static int WriteHead(RequestHead head, Span<byte> buffer)
    {
        var destination = buffer[..^Reserve];
        var written = 0;
        var fits = head.IsStartLineClean
            ? Put(head.StartLine, destination, ref written)
            : Put(head.MethodBytes, destination, ref written)
                && Put(" "u8, destination, ref written)
                && Put(head.TargetBytes, destination, ref written)
                && Put(head is { Protocol: HttpProtocol.Http10, IsSentAsHttp11: false } ? " HTTP/1.0\r\n"u8 : " HTTP/1.1\r\n"u8, destination, ref written);
        return fits ? WriteFields(head.Headers, destination, written) : -1;
    }

    /// <summary>Writes a response's head.</summary>
    /// <returns>How many bytes were written; -1 when <paramref name="buffer"/> is too small.</returns>
    public static int WriteHead(ResponseHead head, Span<byte> buffer)
    {
        var destination = buffer[..^Reserve];
        var written = 0;
        var fits = head.IsStartLineClean
            ? Put(head.StartLine, destination, ref written)
            : Put(head.Protocol == HttpProtocol.Http10 ? "HTTP/1.0 "u8 : "HTTP/1.1 "u8, destination, ref written)
                && PutNumber(head.Status, destination, ref written)
                && Put(" "u8, destination, ref written)
                && Put(head.ReasonBytes, destination, ref written)
                && Put("\r\n"u8, destination, ref written);
        return fits ? WriteFields(head.Headers, destination, written) : -1;
    }

    private static int WriteFields(HeaderBlock headers, Span<byte> destination, int written)
    {
        var fields = headers.WriteTo(destination[written..]);
        if (fields < 0)
        {
            return -1;
        }

        written += fields;
        return Put("\r\n"u8, destination, ref written) ? written : -1;
    }

    private static bool PutNumber(int number, Span<byte> destination, ref int written)
    {
        if (!Utf8Formatter.TryFormat(number, destination[written..], out var digits))
        {
            return false;
        }

        written += digits;
        return true;
    }

    private static bool Put(ReadOnlySpan<byte> bytes, Span<byte> destination, ref int written)
    {
        if (!bytes.TryCopyTo(destination[written..]))
        {
            return false;
        }

        written += bytes.Length;
        return true;
    }
}
