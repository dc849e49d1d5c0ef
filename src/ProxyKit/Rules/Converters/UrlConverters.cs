using System.Buffers;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>Percent-encoding (RFC 3986 §2.1).</summary>
internal static class UrlConverters
{
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8);

    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("url_dec", SampleType.String, SampleType.String, Decoder, Argument.OptionalInteger("in_form")),
        Converter.Of("url_enc", SampleType.String, SampleType.String, Encoder, Argument.OptionalText("type")),
    ];

    private static SampleConverter Decoder(KeywordUse use)
    {
        var isForm = use.Arguments.Integer(0) != 0;
        return (context, ref sample) => Decode(context, ref sample, isForm);
    }

    private static bool Decode(RuleContext context, ref Sample sample, bool isForm)
    {
        var text = sample.Bytes;
        if (text.IndexOfAny((byte)'%', (byte)'+') < 0)
        {
            return sample.SetString(text);
        }

        var writer = new ResultWriter(context, text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (b == '%')
            {
                if (i + 2 >= text.Length || HexDigits.ValueOf(text[i + 1]) is var high && high < 0
                    || HexDigits.ValueOf(text[i + 2]) is var low && low < 0)
                {
                    return false;
                }

                b = (byte)((high << 4) | low);
                i += 2;
            }
            else if (b == '+' && isForm)
            {
                b = (byte)' ';
            }
            else if (b == '?')
            {
                isForm = true; // what follows is a query
            }

            writer.Write(b);
        }

        return sample.SetString(writer.Finish());
    }

    private static SampleConverter Encoder(KeywordUse use)
    {
        var type = use.Arguments.Text(0);
        return type is "" or "query" ? Encode : throw new FormatException($"'{type}' is not a known encoding type, only 'query' is");
    }

    private static bool Encode(RuleContext context, ref Sample sample)
    {
        var text = sample.Bytes;
        if (!text.ContainsAnyExcept(Unreserved))
        {
            return sample.SetString(text);
        }

        var writer = new ResultWriter(context, 3 * text.Length);
        Span<byte> escape = [(byte)'%', 0, 0];
        foreach (var b in text)
        {
            if (Unreserved.Contains(b))
            {
                writer.Write(b);
            }
            else
            {
                HexDigits.Write(b, HexDigits.Upper, escape[1..]);
                writer.Write(escape);
            }
        }

        return !writer.IsCut && sample.SetString(writer.Finish());
    }
}
