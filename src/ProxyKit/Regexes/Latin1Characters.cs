using System.Buffers;
using System.Text;

namespace ProxyKit.Regexes;

/// <summary>Bytes as the characters that regular expressions are searched for in: each byte is one. Dispose of it where it is no longer needed.</summary>
internal ref struct Latin1Characters
{
    /// <summary>How many characters to bring: the length of most paths and values.</summary>
    public const int OnStack = 256;

    private char[]? _rented;

    /// <param name="bytes">The bytes.</param>
    /// <param name="stack">Room for <see cref="OnStack"/> characters, which is used where it is enough.</param>
    public Latin1Characters(ReadOnlySpan<byte> bytes, Span<char> stack)
    {
        var room = bytes.Length <= stack.Length ? stack : _rented = ArrayPool<char>.Shared.Rent(bytes.Length);
        Span = room[..Encoding.Latin1.GetChars(bytes, room)];
    }

    public ReadOnlySpan<char> Span { get; }

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
