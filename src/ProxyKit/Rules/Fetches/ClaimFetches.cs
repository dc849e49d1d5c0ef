using ProxyKit.Identities;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>What is claimed of a client, once that was verified, and which row of the policy was about his request; before, and of a client whom nobody asked, there
/// is no sample.</summary>
internal static class ClaimFetches
{
    /// <summary>The keyword that <see cref="Value.Claim"/> stands for.</summary>
    public static FetchKeyword Claim { get; } = Fetch.Of("claim", SampleType.Any, RuleStages.OfRequestKept, Whole, new KeywordArgument("path"));

    public static IEnumerable<FetchKeyword> All =>
    [
        Claim,
        Fetch.Of("policy_row", SampleType.String, RuleStages.OfRequestKept, static use =>
        {
            ThrowIfNobodyIsAsked(use.Compiler);
            ThrowUnless(use.Compiler, static f => f.HasScopeTable, "there is no table of scopes here, so that there are no rows of one");
            return static (RuleContext context, ref Sample sample) => context.PolicyRow is { } row && sample.SetString(row.Text);
        }),
        Fetch.Of("claim_words", SampleType.String, RuleStages.OfRequestKept, Words, new KeywordArgument("path")),
    ];

    /// <summary>The value: a text, a number, or a boolean; for a condition each element of an array, for others its JSON.</summary>
    private static SampleFetch Whole(KeywordUse use)
    {
        var path = PathOf(use);
        var iterates = use.Iterates;
        return (RuleContext context, ref Sample sample) =>
        {
            if (!TryFind(context, path, out var kind, out var raw))
            {
                return false;
            }

            if (!iterates || kind != JsonKind.Array)
            {
                return TrySet(context, kind, raw, ref sample);
            }

            var (position, isFound) = (sample.Cursor, false);
            while (!isFound && JsonText.TryReadElement(raw, ref position, out kind, out var element))
            {
                isFound = TrySet(context, kind, element, ref sample); // what is no value keeps nobody from those behind it
            }

            sample.Cursor = position;
            sample.HasMore = isFound;
            return isFound;
        };
    }

    /// <summary>The words of the value: those of a text with blanks between them, as scopes are written, or the elements of an array. Conditions try
    /// each, others get the first.</summary>
    private static SampleFetch Words(KeywordUse use)
    {
        var path = PathOf(use);
        var iterates = use.Iterates;
        return (RuleContext context, ref Sample sample) =>
        {
            if (!TryFind(context, path, out var kind, out var raw))
            {
                return false;
            }

            var isFound = false;
            var words = new ClaimWords(kind, raw, iterates ? sample.Cursor : 0);
            while (!isFound && words.MoveNext())
            {
                isFound = TrySetText(context, words.Current, ref sample);
            }

            sample.Cursor = words.Position;
            sample.HasMore = iterates && isFound;
            return isFound;
        };
    }

    /// <exception cref="FormatException">There is no path.</exception>
    private static ClaimPath PathOf(KeywordUse use)
    {
        ThrowIfNobodyIsAsked(use.Compiler);
        return ClaimPath.Parse(use.Arguments.Text(0));
    }

    private static void ThrowIfNobodyIsAsked(RuleCompiler compiler) =>
        ThrowUnless(compiler, static f => f.Authenticates, "nobody is asked here who he is, so that there are no claims");

    /// <summary>Asks the frontend, or, where rules are of none, whether it holds of any whose requests may come.</summary>
    /// <exception cref="FormatException">It does not hold.</exception>
    private static void ThrowUnless(RuleCompiler compiler, Func<FrontendFacts, bool> holds, string fault)
    {
        if (!(compiler.Frontend is { } frontend ? holds(frontend) : compiler.Frontends.Count == 0 || compiler.Frontends.Values.Any(holds)))
        {
            throw new FormatException(fault);
        }
    }

    private static bool TryFind(RuleContext context, ClaimPath path, out JsonKind kind, out ReadOnlySpan<byte> raw)
    {
        kind = JsonKind.None;
        raw = default;
        return context.Exchange?.Principal is { } principal && path.TryFind(principal.Claims, out kind, out raw);
    }

    private static bool TrySet(RuleContext context, JsonKind kind, ReadOnlySpan<byte> raw, ref Sample sample) => kind switch
    {
        JsonKind.String => TrySetText(context, raw[1..^1], ref sample),
        JsonKind.True or JsonKind.False => sample.Set(kind == JsonKind.True),
        JsonKind.Number when System.Buffers.Text.Utf8Parser.TryParse(raw, out long number, out var read) && read == raw.Length => sample.Set(number),
        JsonKind.Null or JsonKind.None => false,
        _ => sample.SetString(raw),
    };

    private static bool TrySetText(RuleContext context, ReadOnlySpan<byte> raw, ref Sample sample)
    {
        if (!raw.Contains((byte)'\\'))
        {
            return sample.SetString(raw);
        }

        var text = context.Scratch.Rent(raw.Length);
        return JsonString.TryUnescape(raw, text, out var length) && sample.SetString(context.Scratch.Shrink(text, length));
    }
}
