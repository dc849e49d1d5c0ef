using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The bytes that have come in TCP mode and were not passed on: their number, and parts of them.</summary>
internal static class ContentFetches
{
    private const int BufferSize = Scratch.MaxResult; // what cannot fit will never come

    private static readonly KeywordArgument Offset = new("off", ArgumentKind.Integer);
    private static readonly KeywordArgument Length = new("len", ArgumentKind.Integer);

    public static IEnumerable<FetchKeyword> All =>
    [
        Count("req.len", RuleStages.OfRequest, MessageSide.Request),
        Count("req_len", RuleStages.OfRequest, MessageSide.Request),
        Count("res.len", RuleStages.OfResponse, MessageSide.Response),
        Part("req.payload", RuleStages.OfRequest, MessageSide.Request),
        Part("res.payload", RuleStages.OfResponse, MessageSide.Response),
        Part("payload", RuleStages.OfEither, MessageSide.Either),
        Prefixed("req.payload_lv", RuleStages.OfRequest, MessageSide.Request),
        Prefixed("res.payload_lv", RuleStages.OfResponse, MessageSide.Response),
        Prefixed("payload_lv", RuleStages.OfEither, MessageSide.Either),
    ];

    /// <summary>Finds the bytes of a side. There are none in HTTP mode.</summary>
    public static bool TryGet(RuleContext context, MessageSide side, out ReadOnlySpan<byte> bytes)
    {
        var isResponse = side == MessageSide.Either ? context.IsInResponse : side == MessageSide.Response;
        bytes = isResponse ? context.Responded.Span : context.Received.Span;
        return context.Exchange is null && isResponse == context.IsInResponse;
    }

    /// <summary>No sample because too little has come.</summary>
    public static bool TooShort(RuleContext context)
    {
        context.IsPending |= !context.HasAll;
        return false;
    }

    /// <summary>Always pending besides: more bytes make it another number.</summary>
    private static FetchKeyword Count(string name, RuleStages stages, MessageSide side) => new()
    {
        Name = name,
        Type = SampleType.Integer,
        Stages = stages,
        IsVolatile = true,
        Create = _ => (RuleContext context, ref Sample sample) =>
        {
            if (!TryGet(context, side, out var bytes))
            {
                return false;
            }

            context.IsPending |= !context.HasAll;
            return sample.Set(bytes.Length);
        },
    };

    private static FetchKeyword Part(string name, RuleStages stages, MessageSide side) => Fetch.Of(
        name,
        SampleType.Binary,
        stages,
        use =>
        {
            var (offset, length) = (use.Arguments.Integer(0), use.Arguments.Integer(1));
            if (offset < 0 || length < 0)
            {
                throw new RuleFaultException("neither offset nor length can be negative");
            }

            return (RuleContext context, ref Sample sample) =>
            {
                if (offset > BufferSize || length > BufferSize || offset + length > BufferSize || !TryGet(context, side, out var bytes))
                {
                    return false;
                }

                if (offset + length > bytes.Length)
                {
                    return TooShort(context);
                }

                if (length > 0)
                {
                    return sample.SetBinary(bytes.Slice((int)offset, (int)length));
                }

                context.IsPending |= !context.HasAll; // all that has come, and more may
                return sample.SetBinary(bytes[(int)offset..]);
            };
        },
        Offset,
        Length);

    private static FetchKeyword Prefixed(string name, RuleStages stages, MessageSide side) => Fetch.Of(
        name,
        SampleType.Binary,
        stages,
        use => new PrefixedPart(use, side).TryGet,
        Offset,
        Length,
        Fetch.Optional("off2"));
}
