using System.Diagnostics;
using System.Numerics;

namespace ProxyKit.Http1;

/// <summary>Writes what stands around the data of a chunked body (RFC 9112 §7.1): size line, data, <see cref="LineEnd"/>, and so on
/// until <see cref="LastChunk"/>, or <see cref="LastSizeLine"/>, trailers and <see cref="LineEnd"/>.</summary>
internal static class ChunkWriter
{
    /// <summary>The longest size line.</summary>
    public const int MaxSizeLine = 8 + 2;

    /// <summary>What ends a chunk's data, and the trailers.</summary>
    public static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>What ends a body without trailers.</summary>
    public static ReadOnlySpan<byte> LastChunk => "0\r\n\r\n"u8;

    /// <summary>What ends the data of a body with trailers, which follow.</summary>
    public static ReadOnlySpan<byte> LastSizeLine => "0\r\n"u8;

    /// <summary>How long the size line of a chunk is.</summary>
    public static int SizeLineLength(int size) => ((BitOperations.Log2((uint)size | 1) >> 2) + 1) + 2;

    /// <summary>Writes the size line of a chunk.</summary>
    /// <param name="destination">Where to; at least <see cref="SizeLineLength"/> bytes.</param>
    /// <param name="size">The bytes in the chunk; not 0, which would end the body.</param>
    /// <returns>How many bytes were written.</returns>
    public static int WriteSizeLine(Span<byte> destination, int size)
    {
        Debug.Assert(size > 0, "a chunk of no bytes is the last one");
        var length = SizeLineLength(size);
        destination[length - 1] = Octets.Lf;
        destination[length - 2] = Octets.Cr;
        for (var position = length - 3; position >= 0; position--)
        {
            destination[position] = "0123456789abcdef"u8[size & 15];
            size >>= 4;
        }

        return length;
    }
}
