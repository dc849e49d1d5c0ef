using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>Makes the entries of the tables of fetches, and sets texts.</summary>
internal static class Fetch
{
    /// <summary>A fetch without arguments.</summary>
    public static FetchKeyword Of(string name, SampleType type, RuleStages stages, SampleFetch fetch) =>
        new() { Name = name, Type = type, Stages = stages, Create = _ => fetch };

    /// <summary>A fetch that is made for each use.</summary>
    public static FetchKeyword Of(
        string name, SampleType type, RuleStages stages, Func<KeywordUse, SampleFetch> create, params KeywordArgument[] arguments) =>
        new() { Name = name, Type = type, Stages = stages, Create = create, Arguments = arguments };

    /// <summary>A fetch whose value can change while nothing arrives.</summary>
    public static FetchKeyword Volatile(
        string name, SampleType type, RuleStages stages, Func<KeywordUse, SampleFetch> create, params KeywordArgument[] arguments) =>
        new() { Name = name, Type = type, Stages = stages, Create = create, Arguments = arguments, IsVolatile = true };

    /// <summary>The same fetch by other names as well.</summary>
    public static IEnumerable<FetchKeyword> AlsoAs(this FetchKeyword keyword, params string[] names) => [keyword, .. names.Select(keyword.As)];

    /// <summary>The same fetch by another name, for conditions only where it comes with a way to compare.</summary>
    public static FetchKeyword As(this FetchKeyword keyword, string name, string? defaultMatch) =>
        keyword.As(name, defaultMatch, keyword.Subject);

    /// <summary>The same fetch, which says what it looks at.</summary>
    public static FetchKeyword At(this FetchKeyword keyword, Func<KeywordUse, FetchSubject> subject) =>
        keyword.As(keyword.Name, keyword.DefaultMatch, subject);

    public static KeywordArgument Optional(string name, ArgumentKind kind = ArgumentKind.Text) => new(name, kind, IsOptional: true);

    /// <summary>Sets a name of the configuration, by way of the scratch space.</summary>
    public static bool SetText(RuleContext context, ref Sample sample, string text)
    {
        var bytes = context.Scratch.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        return sample.SetString(context.Scratch.Shrink(bytes, Encoding.UTF8.GetBytes(text, bytes)));
    }

    /// <summary>The number that a text begins with, as HAProxy's <c>_val</c> fetches read it: an optional minus, then digits, in 32 bits that
    /// wrap.</summary>
    public static int NumberIn(ReadOnlySpan<byte> text)
    {
        var isNegative = !text.IsEmpty && text[0] == '-';
        var number = 0;
        for (var i = isNegative ? 1 : 0; i < text.Length && char.IsAsciiDigit((char)text[i]); i++)
        {
            number = unchecked((number * 10) + (text[i] - '0'));
        }

        return unchecked(isNegative ? -number : number);
    }

    /// <summary>The first character of an argument that is one character.</summary>
    public static byte Delimiter(KeywordArguments arguments, int index, char fallback) =>
        arguments.IsGiven(index) ? Encoding.UTF8.GetBytes(arguments.Text(index))[0] : (byte)fallback;

    private static FetchKeyword As(this FetchKeyword keyword, string name) => keyword.As(name, null);

    private static FetchKeyword As(
        this FetchKeyword keyword, string name, string? defaultMatch, Func<KeywordUse, FetchSubject>? subject) => new()
    {
        Name = name,
        Type = keyword.Type,
        Stages = keyword.Stages,
        Create = keyword.Create,
        Arguments = keyword.Arguments,
        IsVolatile = keyword.IsVolatile,
        Subject = subject,
        CheckPatterns = keyword.CheckPatterns,
        DefaultMatch = defaultMatch,
        IsForConditionsOnly = defaultMatch is not null,
    };
}
