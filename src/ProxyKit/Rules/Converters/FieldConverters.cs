using System.Globalization;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>Parts of a text that separators make.</summary>
internal static class FieldConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of(
            "field", SampleType.String, SampleType.String, use => Cut(use, skipsEmpty: false),
            Argument.Integer("index"), Argument.Text("delimiters"), Argument.OptionalInteger("count")),
        Converter.Of(
            "word", SampleType.String, SampleType.String, use => Cut(use, skipsEmpty: true),
            Argument.Integer("index"), Argument.Text("delimiters"), Argument.OptionalInteger("count")),
        Converter.Of(
            "param", SampleType.String, SampleType.String, Parameter, Argument.Text("name"), Argument.OptionalText("delimiter")),
    ];

    private static SampleConverter Cut(KeywordUse use, bool skipsEmpty)
    {
        var index = use.Arguments.Integer(0);
        if (index == 0)
        {
            throw new FormatException("Unexpected value 0 for index");
        }

        var separators = ArgumentBytes.Of(use, 1);
        if (separators.Length == 0)
        {
            throw new FormatException("Empty separators list");
        }

        var count = use.Arguments.Count > 2 ? use.Arguments.Integer(2) : 1; // left empty behind its comma it is 0
        return (_, ref sample) =>
        {
            if (!(index > 0
                ? FieldCut.TryFromStart(sample.Bytes, separators, index, count, skipsEmpty, out var found)
                : FieldCut.TryFromEnd(sample.Bytes, separators, -index, count, skipsEmpty, out found)))
            {
                return false;
            }

            return sample.SetString(sample.Bytes[found]);
        };
    }

    private static SampleConverter Parameter(KeywordUse use)
    {
        var name = ArgumentBytes.Of(use, 0);
        var delimiter = Delimiter(use.Arguments.Text(1));
        return (_, ref sample) =>
        {
            var rest = sample.Bytes;
            while (true)
            {
                var end = rest.IndexOf(delimiter);
                var segment = end < 0 ? rest : rest[..end];
                if (segment.StartsWith(name) && (segment.Length == name.Length || segment[name.Length] == '='))
                {
                    return sample.SetString(segment.Length == name.Length ? default : segment[(name.Length + 1)..]);
                }

                if (end < 0)
                {
                    return false;
                }

                rest = rest[(end + 1)..];
            }
        };
    }

    private static byte Delimiter(string text)
    {
        if (text.Length <= 1)
        {
            return text.Length == 0 ? (byte)'&' : (byte)text[0];
        }

        return text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && byte.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"the delimiter must be one character or 0x and its number, not '{text}'");
    }
}
