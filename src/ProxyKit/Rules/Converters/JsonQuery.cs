using System.Buffers.Text;
using ProxyKit.Identities;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>A value out of JSON, as a sample. The converter <c>json_query</c>, and what those of JSON web tokens end with.</summary>
internal sealed class JsonQuery
{
    private const long MaxSafeInteger = (1L << 53) - 1; // RFC 8259 §6: what everybody agrees on exactly

    private readonly JsonPath _path;
    private readonly bool _wantsInteger;

    private JsonQuery(JsonPath path, bool wantsInteger)
    {
        _path = path;
        _wantsInteger = wantsInteger;
    }

    public static ConverterKeyword Keyword { get; } = Converter.Of(
        "json_query", SampleType.String, SampleType.Any,
        static use =>
        {
            var query = From(use);
            return (context, ref sample) => query.TryGet(context, sample.Bytes, ref sample);
        },
        Argument.Text("path"), Argument.OptionalText("type"));

    /// <summary>The query that the arguments say: a path, and perhaps <c>int</c>.</summary>
    /// <exception cref="FormatException">They say none.</exception>
    public static JsonQuery From(KeywordUse use)
    {
        if (use.Arguments.Text(0).Length == 0)
        {
            throw new FormatException("json_path must not be empty");
        }

        var type = use.Arguments.Text(1);
        return type is "" or "int"
            ? new JsonQuery(JsonPath.Parse(use.Arguments.Text(0)), type.Length > 0)
            : throw new FormatException("output_type only supports \"int\" as argument");
    }

    /// <summary>Gets the value.</summary>
    /// <returns>False where there is none, or one that samples cannot be.</returns>
    public bool TryGet(RuleContext context, ReadOnlySpan<byte> text, ref Sample sample)
    {
        if (!_path.TryFind(text, out var kind, out var raw))
        {
            return false;
        }

        return kind switch
        {
            JsonKind.True or JsonKind.False => sample.Set(kind == JsonKind.True),
            JsonKind.String => TryUnescape(context, raw[1..^1], ref sample),
            JsonKind.Array => sample.SetString(raw),
            JsonKind.Number => _wantsInteger
                ? SampleCasts.NumberIn(raw) is >= -MaxSafeInteger and <= MaxSafeInteger and var value && sample.Set(value)
                : TryPrint(context, raw, ref sample),
            _ => false,
        };
    }

    private static bool TryUnescape(RuleContext context, ReadOnlySpan<byte> raw, ref Sample sample)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return sample.SetString(raw);
        }

        var text = context.Scratch.Rent(raw.Length);
        return JsonString.TryUnescape(raw, text, out var length) && sample.SetString(context.Scratch.Shrink(text, length));
    }

    /// <summary>Prints a number as C's <c>%g</c> does: six digits, without zeros at the end, with an exponent where that is
    /// shorter.</summary>
    private static bool TryPrint(RuleContext context, ReadOnlySpan<byte> raw, ref Sample sample)
    {
        const int Digits = 6;
        Span<byte> scientific = stackalloc byte[32]; // -d.ddddde+ddd
        if (!Utf8Parser.TryParse(raw, out double value, out _)
            || !value.TryFormat(scientific, out var length, "e5", System.Globalization.CultureInfo.InvariantCulture))
        {
            return false;
        }

        scientific = scientific[..length];
        var e = scientific.IndexOf((byte)'e');
        if (e < 0 || !Utf8Parser.TryParse(scientific[(e + 1)..], out int exponent, out _))
        {
            return false; // too large for a double
        }

        var text = context.Scratch.Rent(32);
        if (exponent is >= -4 and < Digits)
        {
            value.TryFormat(text, out length, FixedFormats[Digits - 1 - exponent], System.Globalization.CultureInfo.InvariantCulture);
            return sample.SetString(context.Scratch.Shrink(text, WithoutZeros(text[..length])));
        }

        scientific[..e].CopyTo(text);
        length = WithoutZeros(text[..e]);
        text[length++] = (byte)'e';
        text[length++] = exponent < 0 ? (byte)'-' : (byte)'+';
        Utf8Formatter.TryFormat(Math.Abs(exponent), text[length..], out var digits, new System.Buffers.StandardFormat('D', 2));
        return sample.SetString(context.Scratch.Shrink(text, length + digits));
    }

    private static readonly string[] FixedFormats = ["f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9"];

    private static int WithoutZeros(ReadOnlySpan<byte> text) =>
        text.Contains((byte)'.') ? text.TrimEnd((byte)'0').TrimEnd((byte)'.').Length : text.Length;
}
