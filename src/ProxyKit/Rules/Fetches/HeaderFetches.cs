using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The header fields of requests and responses: <c>req.hdr</c> and its relatives.</summary>
internal static class HeaderFetches
{
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
        Fetch.Of(name, SampleType.String, stages, use => new HeaderLookup(use, side, isWhole).TryGet, NameAndOccurrence);

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
        return (RuleContext context, ref Sample sample) =>
        {
            if (!MessageHeads.TryGetHeaders(context, side, out var headers))
            {
                return false;
            }

            var text = context.Scratch.Rent(Scratch.MaxResult);
            var length = 0;
            for (var i = 0; i < headers.TableLength; i++)
            {
                if (headers.IsRemovedAt(i))
                {
                    continue;
                }

                var name = headers.NameAt(i);
                if (length + 1 + name.Length > text.Length)
                {
                    return false;
                }

                if (length > 0)
                {
                    text[length++] = delimiter;
                }

                Ascii.ToLower(name, text[length..], out var written);
                length += written;
            }

            return sample.SetString(context.Scratch.Shrink(text, length));
        };
    }

    private static SampleFetch Lines(MessageSide side) => (RuleContext context, ref Sample sample) =>
    {
        if (!MessageHeads.TryGetHeaders(context, side, out var headers))
        {
            return false;
        }

        var text = context.Scratch.Rent(Scratch.MaxResult);
        var length = 0;
        for (var i = 0; i < headers.TableLength; i++)
        {
            if (headers.IsRemovedAt(i))
            {
                continue;
            }

            var name = headers.NameAt(i);
            var value = headers.ValueAt(i);
            if (length + name.Length + value.Length + 6 > text.Length)
            {
                return false;
            }

            Ascii.ToLower(name, text[length..], out var written);
            length += written;
            ": "u8.CopyTo(text[length..]);
            value.CopyTo(text[(length + 2)..]);
            length += 2 + value.Length;
            "\r\n"u8.CopyTo(text[length..]);
            length += 2;
        }

        "\r\n"u8.CopyTo(text[length..]);
        return sample.SetString(context.Scratch.Shrink(text, length + 2));
    };

    /// <summary>Names and values, each behind its length, in the numbers of HAProxy's SPOE protocol; two empty ones are the end.</summary>
    private static SampleFetch LengthPrefixed(MessageSide side) => (RuleContext context, ref Sample sample) =>
    {
        if (!MessageHeads.TryGetHeaders(context, side, out var headers))
        {
            return false;
        }

        var bytes = context.Scratch.Rent(Scratch.MaxResult);
        var length = 0;
        for (var i = 0; i < headers.TableLength; i++)
        {
            if (headers.IsRemovedAt(i))
            {
                continue;
            }

            var name = headers.NameAt(i);
            var value = headers.ValueAt(i);
            if (length + name.Length + value.Length + 22 > bytes.Length) // two lengths of 10 bytes at most, and the end
            {
                return false;
            }

            length += WriteLength(bytes[length..], name.Length);
            Ascii.ToLower(name, bytes[length..], out var written);
            length += written;
            length += WriteLength(bytes[length..], value.Length);
            value.CopyTo(bytes[length..]);
            length += value.Length;
        }

        bytes[length] = bytes[length + 1] = 0;
        return sample.SetBinary(context.Scratch.Shrink(bytes, length + 2));
    };

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
