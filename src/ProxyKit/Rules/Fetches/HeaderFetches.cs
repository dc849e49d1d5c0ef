using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The header fields of requests and responses: <c>req.hdr</c> and its relatives.</summary>
internal static class HeaderFetches
{
    /// <summary>Writes a field behind what is written already, and says whether it fits.</summary>
    private delegate bool FieldWriter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, Span<byte> text, ref int length);

    private static readonly KeywordArgument[] NameAndOccurrence =
        [Fetch.Optional("name"), Fetch.Optional("occ", ArgumentKind.Integer)];

    public static IEnumerable<FetchKeyword> All =>
    [
        .. Of("req.", RuleStages.OfRequest, MessageSide.Request, ""),
        .. Of("res.", RuleStages.OfResponse, MessageSide.Response, "s"),
        Value("hdr", RuleStages.OfEither, MessageSide.Either, isWhole: false),
    ];

    private static IEnumerable<FetchKeyword> Of(string prefix, RuleStages stages, MessageSide side, string shortPrefix)
    {
        var value = Value($"{prefix}hdr", stages, side, isWhole: false);
        var name = Fetch.Optional("name");
        var delimiter = Fetch.Optional("delim");
        return
        [
            value,
            .. side == MessageSide.Response ? [value.As("shdr", null)] : Array.Empty<FetchKeyword>(), // hdr itself is of either side
            Value($"{prefix}fhdr", stages, side, isWhole: true),
            .. Fetch.Of($"{prefix}hdr_cnt", SampleType.Integer, stages, use => Count(use, side, isWhole: false), name)
                .AlsoAs($"{shortPrefix}hdr_cnt"),
            Fetch.Of($"{prefix}fhdr_cnt", SampleType.Integer, stages, use => Count(use, side, isWhole: true), name),
            .. Fetch.Of(
                $"{prefix}hdr_val", SampleType.Integer, stages, use => new HeaderLookup(use, side, isWhole: false).TryGetNumber, NameAndOccurrence)
                .AlsoAs($"{shortPrefix}hdr_val"),
            .. Fetch.Of(
                $"{prefix}hdr_ip", SampleType.Address, stages, use => new HeaderLookup(use, side, isWhole: false).TryGetAddress, NameAndOccurrence)
                .AlsoAs($"{shortPrefix}hdr_ip"),
            Fetch.Of($"{prefix}hdr_names", SampleType.String, stages, use => Names(use, side), delimiter),

            // As binary, so that a condition has to say how to compare: that is how HAProxy has it.
            Fetch.Of($"{prefix}hdrs", SampleType.Binary, stages, Lines(side)),
            Fetch.Of($"{prefix}hdrs_bin", SampleType.Binary, stages, LengthPrefixed(side)),
        ];
    }

    private static FetchKeyword Value(string name, RuleStages stages, MessageSide side, bool isWhole) =>
        Fetch.Of(name, SampleType.String, stages, use => new HeaderLookup(use, side, isWhole).TryGet, NameAndOccurrence)
            .At(use => new HeaderLookup(use, side, isWhole).Subject);

    private static SampleFetch Count(KeywordUse use, MessageSide side, bool isWhole)
    {
        var name = Encoding.UTF8.GetBytes(use.Arguments.Text(0));
        return (RuleContext context, ref Sample sample) =>
        {
            if (!MessageHeads.TryGetHeaders(context, side, out var headers))
            {
                return false;
            }

            var count = 0L;
            for (var values = new HeaderValues(headers, name, isWhole); values.MoveNext();)
            {
                count++;
            }

            return sample.Set(count);
        };
    }

    private static SampleFetch Names(KeywordUse use, MessageSide side)
    {
        var delimiter = Fetch.Delimiter(use.Arguments, 0, ',');
        return (context, ref sample) => TryWriteFields(
            context,
            side,
            (name, _, text, ref length) =>
            {
                if (length + 1 + name.Length > text.Length)
                {
                    return false;
                }

                if (length > 0)
                {
                    text[length++] = delimiter;
                }

                WriteLower(name, text, ref length);
                return true;
            },
            out var written) && sample.SetString(written);
    }

    private static SampleFetch Lines(MessageSide side) => (context, ref sample) => TryWriteFields(
        context,
        side,
        static (name, value, text, ref length) =>
        {
            if (length + name.Length + value.Length + 6 > text.Length) // with the line that ends them
            {
                return false;
            }

            WriteLower(name, text, ref length);
            Write(": "u8, text, ref length);
            Write(value, text, ref length);
            Write("\r\n"u8, text, ref length);
            return true;
        },
        out var written,
        end: "\r\n"u8) && sample.SetString(written);

    /// <summary>Names and values, each behind its length, in the numbers of HAProxy's SPOE protocol; two empty ones are the end.</summary>
    private static SampleFetch LengthPrefixed(MessageSide side) => (context, ref sample) => TryWriteFields(
        context,
        side,
        static (name, value, bytes, ref length) =>
        {
            if (length + name.Length + value.Length + 22 > bytes.Length) // two lengths of 10 bytes at most, and the end
            {
                return false;
            }

            length += WriteLength(bytes[length..], name.Length);
            WriteLower(name, bytes, ref length);
            length += WriteLength(bytes[length..], value.Length);
            Write(value, bytes, ref length);
            return true;
        },
        out var written,
        end: [0, 0]) && sample.SetBinary(written);

    /// <summary>Writes all fields of a head, one after the other.</summary>
    /// <returns>Whether there is a head, and they fit.</returns>
    private static bool TryWriteFields(
        RuleContext context, MessageSide side, FieldWriter write, out ReadOnlySpan<byte> written, ReadOnlySpan<byte> end = default)
    {
        written = default;
        if (!MessageHeads.TryGetHeaders(context, side, out var headers))
        {
            return false;
        }

        var text = context.Scratch.Rent(Scratch.MaxResult);
        var length = 0;
        for (var i = 0; i < headers.TableLength; i++)
        {
            if (!headers.IsRemovedAt(i) && !write(headers.NameAt(i), headers.ValueAt(i), text, ref length))
            {
                return false;
            }
        }

        Write(end, text, ref length); // each writer leaves room for it
        written = context.Scratch.Shrink(text, length);
        return true;
    }

    private static void WriteLower(ReadOnlySpan<byte> name, Span<byte> text, ref int length)
    {
        Ascii.ToLower(name, text[length..], out var written);
        length += written;
    }

    private static void Write(ReadOnlySpan<byte> bytes, Span<byte> text, ref int length)
    {
        bytes.CopyTo(text[length..]);
        length += bytes.Length;
    }

    /// <summary>A length below 240 is one byte; of a greater one the first byte has four bits, and each further byte seven.</summary>
    private static int WriteLength(Span<byte> destination, int length)
    {
        if (length < 240)
        {
            destination[0] = (byte)length;
            return 1;
        }

        destination[0] = (byte)(length | 0xF0);
        var written = 1;
        for (length = (length - 240) >> 4; length >= 128; length = (length - 128) >> 7)
        {
            destination[written++] = (byte)(length | 0x80);
        }

        destination[written++] = (byte)length;
        return written;
    }
}
