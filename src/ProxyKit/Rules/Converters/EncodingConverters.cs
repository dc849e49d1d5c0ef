using System.Buffers.Text;
using System.Globalization;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters;

/// <summary>Bytes as text and back, slices of bytes, and a look for control characters.</summary>
internal static class EncodingConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("base64", Binary, SampleType.String, ToBase64),
        Converter.Of("b64dec", SampleType.String, Binary, static (context, ref s) => FromBase64(context, ref s, isUrl: false)),
        Converter.Of("ub64enc", Binary, SampleType.String, ToUrlBase64),
        Converter.Of("ub64dec", SampleType.String, Binary, static (context, ref s) => FromBase64(context, ref s, isUrl: true)),
        Converter.Of("hex", Binary, SampleType.String, ToHex),
        Converter.Of("base2", Binary, SampleType.String, ToBase2),
        Converter.Of("bytes", Binary, Binary, Slice, Argument.IntegerOrVariable("offset"), Argument.OptionalIntegerOrVariable("length")),
        Converter.Of("has_ctl", Binary, SampleType.Boolean, HasControl, Argument.OptionalText("mask")),
    ];

    private static bool ToBase64(RuleContext context, ref Sample sample)
    {
        var length = (long)(sample.Bytes.Length + 2) / 3 * 4;
        if (length > Scratch.MaxResult)
        {
            return false;
        }

        var text = context.Scratch.Rent((int)length);
        Base64.EncodeToUtf8(sample.Bytes, text, out _, out _);
        return sample.SetString(text);
    }

    private static bool ToUrlBase64(RuleContext context, ref Sample sample)
    {
        var length = ((long)sample.Bytes.Length * 4 + 2) / 3;
        if (length > Scratch.MaxResult)
        {
            return false;
        }

        var text = context.Scratch.Rent((int)length);
        Base64Url.EncodeToUtf8(sample.Bytes, text);
        return sample.SetString(text);
    }

    private static bool FromBase64(RuleContext context, ref Sample sample, bool isUrl)
    {
        var bytes = context.Scratch.Rent(Base64Text.MaxLength(sample.Bytes.Length));
        var decodes = isUrl
            ? Base64Text.TryDecodeUrl(sample.Bytes, bytes, out var length)
            : Base64Text.TryDecode(sample.Bytes, bytes, out length);
        return decodes && length <= Scratch.MaxResult && sample.SetBinary(context.Scratch.Shrink(bytes, length));
    }

    private static bool ToHex(RuleContext context, ref Sample sample)
    {
        var bytes = sample.Bytes[..Math.Min(sample.Bytes.Length, Scratch.MaxResult / 2)];
        var text = context.Scratch.Rent(2 * bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            HexDigits.Write(bytes[i], HexDigits.Upper, text[(2 * i)..]);
        }

        return sample.SetString(text);
    }

    private static bool ToBase2(RuleContext context, ref Sample sample)
    {
        var bytes = sample.Bytes[..Math.Min(sample.Bytes.Length, Scratch.MaxResult / 8)];
        var text = context.Scratch.Rent(8 * bytes.Length);
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (byte)('0' + ((bytes[i / 8] >> (7 - (i % 8))) & 1));
        }

        return sample.SetString(text);
    }

    private static SampleConverter Slice(KeywordUse use)
    {
        var offset = new IntegerArgument(use, 0);
        var length = use.Arguments.IsGiven(1) ? new IntegerArgument(use, 1) : null;
        if (offset.Constant < 0 || length?.Constant <= 0)
        {
            throw new FormatException(offset.Constant < 0 ? "the offset must not be negative" : "the length must be positive");
        }

        return (context, ref sample) =>
        {
            var count = long.MaxValue;
            if (!offset.TryGet(context, out var start) || start < 0
                || (length is not null && (!length.TryGet(context, out count) || count < 0)))
            {
                return false;
            }

            var size = sample.Bytes.Length;
            if ((start >= size || (length is not null && count > size - start)) && ArrivingBytes.MayGrow(context, sample.Bytes))
            {
                return ArrivingBytes.NeedMore(context, sample.Bytes);
            }

            start = Math.Min(start, size);
            // A text stays one: its type is what it was.
            return sample.Set(sample.Type, sample.Bytes.Slice((int)start, (int)Math.Min(count, size - start)));
        };
    }

    private static SampleConverter HasControl(KeywordUse use)
    {
        const ulong All = 0x1FFFFFFFF;
        var text = use.Arguments.Text(0);
        var mask = text switch
        {
            "" => All & ~(1UL << '\t'),
            "any" => All,
            "http" => (1UL << 0) | (1UL << '\n') | (1UL << '\r'),
            _ => ParseMask(text),
        };
        if (mask > All)
        {
            throw new FormatException($"'{text}' is no mask: it has more than 33 bits");
        }

        return (_, ref sample) =>
        {
            foreach (var b in sample.Bytes)
            {
                if ((b < 0x20 && (mask >> b & 1) != 0) || (b == 0x7F && (mask >> 32) != 0))
                {
                    return sample.Set(true);
                }
            }

            return sample.Set(false);
        };
    }

    private static ulong ParseMask(string text) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value
                : throw new FormatException($"'{text}' is no mask")
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) ? value
                : throw new FormatException($"'{text}' is no mask");
}
