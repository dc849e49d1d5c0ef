using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>Replacement by regular expression.</summary>
internal static class RegexConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of(
            "regsub", SampleType.String, SampleType.String, Create,
            Argument.Text("regex"), Argument.Text("substitute"), Argument.OptionalText("flags")),
    ];

    private static SampleConverter Create(KeywordUse use)
    {
        var flags = use.Arguments.Text(2);
        var unknown = flags.AsSpan().IndexOfAnyExcept("ig");
        if (unknown >= 0)
        {
            throw new FormatException($"invalid regex flag '{flags[unknown]}', only 'i' and 'g' are supported");
        }

        if (!use.Arguments.IsGiven(0))
        {
            throw new FormatException("missing regex");
        }

        try
        {
            var substitution = new RegexSubstitution(
                use.Arguments.Text(0), use.Arguments.Text(1), flags.Contains('i', StringComparison.Ordinal),
                flags.Contains('g', StringComparison.Ordinal));
            return substitution.TryConvert;
        }
        catch (RuleFaultException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
