using System.Buffers.Text;
using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>What a compilation says that distcc sends out: tokens of four letters and eight hexadecimal digits, most with as many bytes behind them.</summary>
internal static class DistccFetches
{
    private const int NameLength = 4, NumberLength = 8;

    private static readonly KeywordArgument Token = new("tok");
    private static readonly KeywordArgument Occurrence = Fetch.Optional("occ", ArgumentKind.Integer);

    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("distcc_param", SampleType.Integer, RuleStages.OfEither, static use => Of(use, isBody: false), Token, Occurrence),
        Fetch.Of("distcc_body", SampleType.Binary, RuleStages.OfEither, static use => Of(use, isBody: true), Token, Occurrence),
    ];

    private static SampleFetch Of(KeywordUse use, bool isBody)
    {
        var name = Encoding.UTF8.GetBytes(use.Arguments.Text(0));
        if (name.Length != NameLength)
        {
            throw new RuleFaultException("a token has exactly 4 characters");
        }

        var occurrence = use.Arguments.Integer(1);
        if (occurrence < 0)
        {
            throw new RuleFaultException("occurrences are counted from 1");
        }

        occurrence = Math.Max(1, occurrence); // 0 is whichever, which is the first to come

        var isThere = !isBody || HasBody(name);
        return (RuleContext context, ref Sample sample) =>
            isThere && TryFind(context, name, occurrence, out var number, out var behind)
            && (isBody ? TrySetBody(context, number, behind, ref sample) : sample.Set((long)number));
    }

    /// <summary>Goes from token to token.</summary>
    private static bool TryFind(RuleContext context, byte[] name, long occurrence, out uint number, out ReadOnlySpan<byte> behind)
    {
        number = 0;
        if (!ContentFetches.TryGet(context, MessageSide.Either, out behind))
        {
            return false;
        }

        while (behind.Length >= NameLength + NumberLength)
        {
            if (!Utf8Parser.TryParse(behind.Slice(NameLength, NumberLength), out number, out var digits, 'x') || digits < NumberLength)
            {
                return false;
            }

            var token = behind[..NameLength];
            behind = behind[(NameLength + NumberLength)..];
            if (token.SequenceEqual(name) && --occurrence == 0)
            {
                return true;
            }

            if (!HasBody(token))
            {
                continue;
            }

            if (number > behind.Length)
            {
                break;
            }

            behind = behind[(int)number..];
        }

        return ContentFetches.TooShort(context);
    }

    /// <summary>Of the tokens that are known those that only count, or say a version or a status, have none.</summary>
    private static bool HasBody(ReadOnlySpan<byte> token) =>
        !(token.SequenceEqual("DIST"u8) || token.SequenceEqual("ARGC"u8) || token.SequenceEqual("NFIL"u8) || token.SequenceEqual("DONE"u8)
            || token.SequenceEqual("STAT"u8));

    /// <summary>A body that is larger than what may be held is cut.</summary>
    private static bool TrySetBody(RuleContext context, uint length, ReadOnlySpan<byte> behind, ref Sample sample) =>
        length <= behind.Length ? sample.SetBinary(behind[..(int)length])
        : context.HasAll ? sample.SetBinary(behind)
        : ContentFetches.TooShort(context);
}
