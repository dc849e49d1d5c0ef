using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>The best of the languages that a site has (RFC 9110 §12.5.4).</summary>
internal static class LanguageConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of(
            "language", SampleType.String, SampleType.String, Create, Argument.Text("list"), Argument.OptionalText("default")),
    ];

    private static SampleConverter Create(KeywordUse use)
    {
        var languages = use.Arguments.Text(0).Split(';', StringSplitOptions.RemoveEmptyEntries).Select(ArgumentBytes.Of).ToArray();
        var fallback = use.Arguments.IsGiven(1) ? ArgumentBytes.Of(use, 1) : null;
        return (_, ref sample) =>
        {
            var best = fallback;
            var bestQuality = 0;
            var rest = sample.Bytes;
            while (!rest.IsEmpty)
            {
                var comma = rest.IndexOf((byte)',');
                var element = comma < 0 ? rest : rest[..comma];
                rest = comma < 0 ? default : rest[(comma + 1)..];
                var semicolon = element.IndexOf((byte)';');
                var range = (semicolon < 0 ? element : element[..semicolon]).Trim(" \t"u8);
                var quality = semicolon < 0 ? 1000 : Quality(element[(semicolon + 1)..]);
                if (quality > bestQuality && Find(languages, range) is { } language)
                {
                    (best, bestQuality) = (language, quality);
                }
            }

            return best is not null && sample.SetString(best);
        };
    }

    private static byte[]? Find(byte[][] languages, ReadOnlySpan<byte> range)
    {
        foreach (var language in languages)
        {
            if (range.StartsWith(language) && (range.Length == language.Length || range[language.Length] == '-'))
            {
                return language;
            }
        }

        return null;
    }

    /// <summary>The weight in thousandths: 1000 where there is none that can be read.</summary>
    private static int Quality(ReadOnlySpan<byte> parameters)
    {
        var text = parameters.Trim(" \t"u8);
        if (text.IsEmpty || (text[0] | 0x20) != 'q')
        {
            return 1000;
        }

        text = text[1..].TrimStart(" \t"u8);
        if (!text.StartsWith("="u8))
        {
            return 1000;
        }

        text = text[1..].TrimStart(" \t"u8);
        if (text.IsEmpty || text[0] is not ((byte)'0' or (byte)'1'))
        {
            return 1000;
        }

        var quality = (text[0] - '0') * 1000;
        for (var (i, worth) = (2, 100);
            i < text.Length && worth > 0 && text[1] == '.' && char.IsAsciiDigit((char)text[i]);
            i++, worth /= 10)
        {
            quality += (text[i] - '0') * worth;
        }

        return Math.Min(quality, 1000);
    }
}
