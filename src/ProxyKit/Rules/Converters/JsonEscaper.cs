using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>Makes a text fit for a string in JSON.</summary>
internal static class JsonEscaper
{
    public static ConverterKeyword Keyword { get; } =
        Converter.Of("json", SampleType.String, SampleType.String, Create, Argument.Text("code"));

    private static SampleConverter Create(KeywordUse use)
    {
        var code = use.Arguments.Text(0);
        return code switch
        {
            "" or "ascii" => EscapeBytes,
            "utf8" or "utf8s" or "utf8p" or "utf8ps" => new Utf8(code.Contains('p', StringComparison.Ordinal), code.EndsWith('s')).Escape,
            _ => throw new FormatException(
                $"Unexpected input code type '{code}'. Allowed value are 'ascii', 'utf8', 'utf8s', 'utf8p' and 'utf8ps'"),
        };
    }

    private static bool EscapeBytes(RuleContext context, ref Sample sample)
    {
        var writer = new ResultWriter(context, 6 * sample.Bytes.Length);
        foreach (var b in sample.Bytes)
        {
            Write(ref writer, b);
        }

        return !writer.IsCut && sample.SetString(writer.Finish());
    }

    private static void Write(ref ResultWriter writer, uint code)
    {
        var letter = code switch
        {
            '"' or '\\' or '/' => (byte)code,
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            '\n' => (byte)'n',
            '\r' => (byte)'r',
            '\t' => (byte)'t',
            _ => (byte)0,
        };
        if (letter != 0)
        {
            writer.Write((byte)'\\');
            writer.Write(letter);
        }
        else if (code is >= ' ' and < 0x7F)
        {
            writer.Write((byte)code);
        }
        else
        {
            Span<byte> escape = [(byte)'\\', (byte)'u', 0, 0, 0, 0];
            HexDigits.Write((byte)(code >> 8), HexDigits.Lower, escape[2..]);
            HexDigits.Write((byte)code, HexDigits.Lower, escape[4..]);
            writer.Write(escape);
        }
    }

    /// <summary>Reads UTF-8: <paramref name="acceptsLong"/> takes code points that are written with more bytes than they need,
    /// <paramref name="dropsBad"/> leaves out what is wrong instead of giving up.</summary>
    private sealed class Utf8(bool acceptsLong, bool dropsBad)
    {
        public bool Escape(RuleContext context, ref Sample sample)
        {
            var writer = new ResultWriter(context, 6 * sample.Bytes.Length);
            for (var rest = sample.Bytes; !rest.IsEmpty;)
            {
                if (Next(ref rest, out var code))
                {
                    Write(ref writer, code);
                }
                else if (!dropsBad)
                {
                    return false;
                }
            }

            return !writer.IsCut && sample.SetString(writer.Finish());
        }

        /// <summary>Takes one code point, or as much of a broken one as belongs together.</summary>
        private bool Next(ref ReadOnlySpan<byte> rest, out uint code)
        {
            var first = rest[0];
            var length = first switch
            {
                < 0x80 => 1,
                < 0xC0 => 0,
                < 0xE0 => 2,
                < 0xF0 => 3,
                < 0xF8 => 4,
                < 0xFC => 5,
                < 0xFE => 6,
                _ => 0,
            };
            if (length <= 1)
            {
                code = first;
                rest = rest[1..];
                return length == 1;
            }

            code = first & (0x7Fu >> length);
            for (var i = 1; i < length; i++)
            {
                if (i == rest.Length || (rest[i] & 0xC0) != 0x80)
                {
                    rest = rest[i..];
                    return false;
                }

                code = (code << 6) | (rest[i] & 0x3Fu);
            }

            rest = rest[length..];
            var needed = code switch
            {
                < 0x80 => 1,
                < 0x800 => 2,
                < 0x10000 => 3,
                _ => 0, // there is no escape for what lies beyond
            };
            return needed > 0 && (acceptsLong || needed == length) && code is not (>= 0xD800 and <= 0xDFFF or 0xFFFE or 0xFFFF);
        }
    }
}
