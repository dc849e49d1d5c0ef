namespace ProxyKit.Rules.Converters;

/// <summary>Decodes base64 (RFC 4648 §4 and §5) as strictly as HAProxy: no blanks, and padding exactly where it belongs.</summary>
internal static class Base64Text
{
    private static readonly sbyte[] Standard = Values("+/"), Url = Values("-_");

    /// <summary>How many bytes a text of base64 decodes to at most.</summary>
    public static int MaxLength(int textLength) => (textLength / 4 * 3) + 3;

    /// <summary>Decodes the standard alphabet, padded to a multiple of four characters.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        if (text.Length % 4 != 0)
        {
            return false;
        }

        var padding = text.EndsWith("=="u8) ? 2 : text.EndsWith("="u8) ? 1 : 0;
        return TryDecode(text[..^padding], Standard, destination, out written);
    }

    /// <summary>Decodes the alphabet for URLs, without padding.</summary>
    public static bool TryDecodeUrl(ReadOnlySpan<byte> text, Span<byte> destination, out int written) =>
        TryDecode(text, Url, destination, out written);

    private static bool TryDecode(ReadOnlySpan<byte> text, sbyte[] values, Span<byte> destination, out int written)
    {
        written = 0;
        if (text.Length % 4 == 1)
        {
            return false;
        }

        var (bits, held) = (0, 0);
        foreach (var c in text)
        {
            var value = values[c];
            if (value < 0)
            {
                return false;
            }

            bits = (bits << 6) | (byte)value;
            held += 6;
            if (held >= 8)
            {
                held -= 8;
                destination[written++] = (byte)(bits >> held);
            }
        }

        return true;
    }

    private static sbyte[] Values(string last)
    {
        var values = new sbyte[256];
        values.AsSpan().Fill(-1);
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + last;
        for (var i = 0; i < alphabet.Length; i++)
        {
            values[alphabet[i]] = (sbyte)i;
        }

        return values;
    }
}
