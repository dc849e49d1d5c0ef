using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Resolvers;

/// <summary>Names as messages carry them (RFC 1035 §3.1, §4.1.4).</summary>
internal static class DnsName
{
    /// <summary>A name in a message, its final zero included; as text it is shorter.</summary>
    public const int MostBytes = 255;

    private const int LongestLabel = 63;
    private const int PointerBits = 0xC0;

    /// <summary>Whether a text is a name that can be asked for.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        Span<byte> wire = stackalloc byte[MostBytes];
        return TryWrite(name, wire, out _);
    }

    /// <summary>Writes a name, in lower case. Hosts and services have letters, digits, <c>-</c> and <c>_</c>; whatever else is none of them.</summary>
    /// <param name="name">The name, with or without its last dot.</param>
    /// <param name="wire">Takes it; <see cref="MostBytes"/> are enough.</param>
    /// <param name="length">How many bytes it has.</param>
    public static bool TryWrite(ReadOnlySpan<char> name, Span<byte> wire, out int length)
    {
        length = 0;
        name = name.EndsWith('.') ? name[..^1] : name;
        while (true)
        {
            var dot = name.IndexOf('.');
            var label = dot < 0 ? name : name[..dot];
            if (label.Length is 0 or > LongestLabel || length + label.Length + 2 > MostBytes)
            {
                return false;
            }

            wire[length++] = (byte)label.Length;
            foreach (var c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                {
                    return false;
                }

                wire[length++] = (byte)char.ToLowerInvariant(c);
            }

            if (dot < 0)
            {
                wire[length++] = 0;
                return true;
            }

            name = name[(dot + 1)..];
        }
    }

    /// <summary>Reads a name, in lower case, without its last dot. A pointer leads to before the piece that it ends, so that none can lead in a circle.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="offset">Where the name begins; then, where what follows it does.</param>
    /// <param name="name">The name.</param>
    /// <returns>False for what is no name, or has a byte that would not be seen, or a dot, in a label.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, ref int offset, [NotNullWhen(true)] out string? name)
    {
        name = null;
        Span<char> text = stackalloc char[MostBytes];
        var (used, at, piece, end) = (0, offset, offset, -1);
        while (at < message.Length)
        {
            int length = message[at];
            if ((length & PointerBits) == PointerBits)
            {
                if (at + 1 >= message.Length)
                {
                    return false;
                }

                var target = ((length & ~PointerBits) << 8) | message[at + 1];
                if (target >= piece)
                {
                    return false;
                }

                end = end < 0 ? at + 2 : end;
                at = piece = target;
                continue;
            }

            at++;
            if (length == 0)
            {
                offset = end < 0 ? at : end;
                name = new string(text[..used]);
                return true;
            }

            if (length > LongestLabel || at + length > message.Length || used + length + 2 > MostBytes)
            {
                return false;
            }

            if (used > 0)
            {
                text[used++] = '.';
            }

            foreach (var b in message.Slice(at, length))
            {
                if (b is <= (byte)' ' or (byte)'.' or >= 127)
                {
                    return false;
                }

                text[used++] = char.ToLowerInvariant((char)b);
            }

            at += length;
        }

        return false;
    }
}
