using System.Buffers;
using System.Buffers.Text;

namespace ProxyKit.Rules.Formats;

/// <summary>Takes bytes up to a limit and drops what is beyond it, in memory that is rented and grows. Whoever makes one disposes it.</summary>
internal ref struct FormatBuffer
{
    private const int First = 512;
    private const int MaxNumber = 20; // what a 64-bit number may need

    private byte[] _bytes;

    /// <param name="limit">How many bytes there may be at most.</param>
    public FormatBuffer(int limit)
    {
        Limit = limit;
        _bytes = ArrayPool<byte>.Shared.Rent(Math.Min(First, limit));
    }

    /// <summary>How many bytes there may be at most.</summary>
    public int Limit { get; }

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>Whether something was dropped.</summary>
    public bool IsFull { get; private set; }

    /// <summary>The bytes; until the next one is added.</summary>
    public readonly ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Append(byte value)
    {
        if (Reserve(1) > 0)
        {
            _bytes[Length++] = value;
        }
    }

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        var count = Reserve(bytes.Length);
        bytes[..count].CopyTo(_bytes.AsSpan(Length));
        Length += count;
    }

    public void Append(long number)
    {
        Span<byte> digits = stackalloc byte[MaxNumber];
        Utf8Formatter.TryFormat(number, digits, out var written);
        Append(digits[..written]);
    }

    /// <summary>Appends a number with leading zeros.</summary>
    public void AppendDigits(long number, int count)
    {
        Span<byte> digits = stackalloc byte[MaxNumber];
        Utf8Formatter.TryFormat(number, digits, out var written, new StandardFormat('D', (byte)count));
        Append(digits[..written]);
    }

    /// <summary>Appends a number in capital hexadecimal digits.</summary>
    public void AppendHex(long number, int atLeast)
    {
        Span<byte> digits = stackalloc byte[MaxNumber];
        Utf8Formatter.TryFormat(number, digits, out var written, new StandardFormat('X', (byte)atLeast));
        Append(digits[..written]);
    }

    /// <summary>Appends a byte as two capital hexadecimal digits.</summary>
    public void AppendHex(byte value)
    {
        Append("0123456789ABCDEF"u8[value >> 4]);
        Append("0123456789ABCDEF"u8[value & 15]);
    }

    /// <summary>Appends bytes, each as two capital hexadecimal digits.</summary>
    public void AppendHex(scoped ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            AppendHex(value);
        }
    }

    /// <summary>Writes what stands from a position on as hexadecimal digits; whole bytes only, where not all of it fits.</summary>
    public void ToHex(int start)
    {
        var count = Math.Min(Length - start, (Limit - start) / 2);
        var isCut = IsFull || count < Length - start;
        Restore(start + count);
        Reserve(count); // which there is room for
        IsFull = isCut;
        for (var i = count - 1; i >= 0; i--)
        {
            var value = _bytes[start + i]; // the digits of this one end behind it, so that those before it are not touched
            _bytes[start + (2 * i)] = "0123456789ABCDEF"u8[value >> 4];
            _bytes[start + (2 * i) + 1] = "0123456789ABCDEF"u8[value & 15];
        }

        Length = start + (2 * count);
    }

    /// <summary>Takes back what stands from a position on, so that there is room again.</summary>
    public void Restore(int length)
    {
        Length = length;
        IsFull = false;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    /// <summary>Makes room.</summary>
    /// <returns>How many of the bytes there is room for: fewer than asked for at the limit, and none once something was dropped.</returns>
    private int Reserve(int count)
    {
        if (IsFull)
        {
            return 0;
        }

        if (count > Limit - Length)
        {
            count = Limit - Length;
            IsFull = true;
        }

        if (Length + count > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(Limit, Math.Max(2 * _bytes.Length, Length + count)));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return count;
    }
}
