using System.Buffers.Text;
using System.Text;

namespace ProxyKit.Identities;

/// <summary>What stands between the quotes of a string of JSON.</summary>
internal static class JsonString
{
    /// <summary>Resolves the escapes.</summary>
    /// <param name="raw">What stands between the quotes.</param>
    /// <param name="text">Receives the text; room for as much as <paramref name="raw"/>.</param>
    /// <param name="written">How long the text is.</param>
    /// <returns>Whether all of them are escapes.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> raw, Span<byte> text, out int written)
    {
        written = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text[written++] = raw[i];
                continue;
            }

            var letter = raw[++i];
            if (letter == 'u')
            {
                if (!TryReadCode(raw[(i + 1)..], out var code, out var length))
                {
                    return false;
                }

                i += length;
                written += code.EncodeToUtf8(text[written..]);
                continue;
            }

            byte plain = letter switch
            {
                (byte)'b' => (byte)'\b',
                (byte)'f' => (byte)'\f',
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                (byte)'"' or (byte)'\\' or (byte)'/' => letter,
                _ => 0,
            };
            if (plain == 0)
            {
                return false;
            }

            text[written++] = plain;
        }

        return true;
    }

    /// <summary>Reads the digits of an escape, and a second escape where the first is half of a pair.</summary>
    private static bool TryReadCode(ReadOnlySpan<byte> text, out Rune code, out int length)
    {
        length = 4;
        code = default;
        if (!TryReadUnit(text, out var first))
        {
            return false;
        }

        if (!char.IsHighSurrogate(first))
        {
            return Rune.TryCreate(first, out code);
        }

        length = 10;
        return text.Length >= 10 && text[4] == '\\' && text[5] == 'u' && TryReadUnit(text[6..], out var second)
            && Rune.TryCreate(first, second, out code);
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < 4 || !Utf8Parser.TryParse(text[..4], out ushort value, out var read, 'x') || read != 4)
        {
            return false;
        }

        unit = (char)value;
        return true;
    }
}
