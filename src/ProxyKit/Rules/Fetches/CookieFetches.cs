using ProxyKit.Http;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The cookies of requests and responses: <c>req.cook</c> and its relatives.</summary>
internal static class CookieFetches
{
    private static readonly KeywordArgument Name = Fetch.Optional("name");

    public static IEnumerable<FetchKeyword> All =>
    [
        .. Of("req.", RuleStages.OfRequest, MessageSide.Request, ""),
        .. Of("res.", RuleStages.OfResponse, MessageSide.Response, "s"),
        Fetch.Of("cookie", SampleType.String, RuleStages.OfEither, static use => new CookieLookup(use, MessageSide.Either).TryGet, Name)
            .At(static _ => new(SubjectKind.PartOfField, KnownHeader.Cookie)),
    ];

    private static IEnumerable<FetchKeyword> Of(string prefix, RuleStages stages, MessageSide side, string shortPrefix) =>
    [
        .. Fetch.Of($"{prefix}cook", SampleType.String, stages, use => new CookieLookup(use, side).TryGet, Name)
            .At(_ => side == MessageSide.Request ? new(SubjectKind.PartOfField, KnownHeader.Cookie) : default)
            .AlsoAs($"{shortPrefix}cook"),
        .. Fetch.Of($"{prefix}cook_cnt", SampleType.Integer, stages, use => new CookieLookup(use, side).Count, Name)
            .AlsoAs($"{shortPrefix}cook_cnt"),
        .. Fetch.Of($"{prefix}cook_val", SampleType.Integer, stages, use => new CookieLookup(use, side).TryGetNumber, Name)
            .AlsoAs($"{shortPrefix}cook_val"),
        Fetch.Of($"{prefix}cook_names", SampleType.String, stages, use => Names(use, side), Fetch.Optional("delim")),
    ];

    /// <summary>All names of a Cookie field; of a Set-Cookie field the one that it sets.</summary>
    private static SampleFetch Names(KeywordUse use, MessageSide side)
    {
        var delimiter = Fetch.Delimiter(use.Arguments, 0, ',');
        var isRequest = side == MessageSide.Request;
        return (RuleContext context, ref Sample sample) =>
        {
            if (!MessageHeads.TryGetHeaders(context, side, out var headers))
            {
                return false;
            }

            var text = context.Scratch.Rent(Scratch.MaxResult);
            var length = 0;
            for (var values = new HeaderValues(headers, isRequest ? "cookie"u8 : "set-cookie"u8, isWhole: true); values.MoveNext();)
            {
                var start = 0;
                while (CookieItems.TryFind(values.Current, ref start, default, isRequest, out var name, out _))
                {
                    if (length + 1 + name.Length > text.Length)
                    {
                        return false;
                    }

                    if (length > 0)
                    {
                        text[length++] = delimiter;
                    }

                    name.CopyTo(text[length..]);
                    length += name.Length;
                    if (!isRequest)
                    {
                        break;
                    }
                }
            }

            return sample.SetString(context.Scratch.Shrink(text, length));
        };
    }
}
