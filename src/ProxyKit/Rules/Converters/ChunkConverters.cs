using System.Buffers.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>Bytes as numbers, several bytes to each.</summary>
internal static class ChunkConverters
{
    private const int MaxDigits = 20; // of 64 bits

    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of(
            "be2hex", SampleType.Binary, SampleType.String, Hexadecimal,
            Argument.OptionalText("separator"), Argument.OptionalInteger("size"), Argument.OptionalInteger("truncate")),
        Converter.Of(
            "be2dec", SampleType.Binary, SampleType.String, use => Decimal(use, isBigEndian: true),
            Argument.Text("separator"), Argument.Integer("size"), Argument.OptionalInteger("truncate")),
        Converter.Of(
            "le2dec", SampleType.Binary, SampleType.String, use => Decimal(use, isBigEndian: false),
            Argument.Text("separator"), Argument.Integer("size"), Argument.OptionalInteger("truncate")),
    ];

    private static SampleConverter Hexadecimal(KeywordUse use)
    {
        var separator = ArgumentBytes.Of(use, 0);
        var size = use.Arguments.Integer(1);
        var truncates = use.Arguments.Integer(2) != 0;
        if (size < 0 || (size == 0 && (separator.Length > 0 || truncates)))
        {
            throw new FormatException($"chunk_size value ({size}) has to be positive");
        }

        return (context, ref sample) =>
        {
            var bytes = Whole(sample.Bytes, size, truncates);
            var separators = size == 0 || bytes.IsEmpty ? 0 : (bytes.Length - 1) / size;
            var writer = new ResultWriter(context, (int)Math.Min((2L * bytes.Length) + (separators * separator.Length), Scratch.MaxResult));
            Span<byte> digits = [0, 0];
            for (var i = 0; i < bytes.Length && !writer.IsCut; i++)
            {
                if (size > 0 && i > 0 && i % size == 0)
                {
                    writer.Write(separator);
                }

                HexDigits.Write(bytes[i], HexDigits.Upper, digits);
                writer.Write(digits);
            }

            return sample.SetString(writer.Finish());
        };
    }

    private static SampleConverter Decimal(KeywordUse use, bool isBigEndian)
    {
        var separator = ArgumentBytes.Of(use, 0);
        var size = (int)Math.Clamp(use.Arguments.Integer(1), 0, 9);
        var truncates = use.Arguments.Integer(2) != 0;
        if (size is < 1 or > 8)
        {
            throw new FormatException($"chunk_size value ({use.Arguments.Integer(1)}) has to be within 1 to 8");
        }

        return (context, ref sample) =>
        {
            var bytes = Whole(sample.Bytes, size, truncates);
            var chunks = (bytes.Length + size - 1) / size;
            var writer = new ResultWriter(context, (int)Math.Min((long)chunks * (MaxDigits + separator.Length), Scratch.MaxResult));
            Span<byte> digits = stackalloc byte[MaxDigits];
            for (var i = 0; i < chunks && !writer.IsCut; i++)
            {
                var chunk = bytes[(i * size)..Math.Min(bytes.Length, (i + 1) * size)];
                ulong number = 0;
                for (var j = 0; j < chunk.Length; j++)
                {
                    number = (number << 8) | chunk[isBigEndian ? j : chunk.Length - 1 - j];
                }

                if (i > 0)
                {
                    writer.Write(separator);
                }

                Utf8Formatter.TryFormat(number, digits, out var written);
                writer.Write(digits[..written]);
            }

            return sample.SetString(writer.Finish());
        };
    }

    /// <summary>The bytes without an incomplete chunk at the end where that is dropped.</summary>
    private static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> bytes, long size, bool truncates) =>
        truncates && size > 0 ? bytes[..(int)(bytes.Length / size * size)] : bytes;
}
