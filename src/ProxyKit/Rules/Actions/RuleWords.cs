using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Rules.Actions;

/// <summary>The arguments of rules as a configuration file would have them, each one word of its line.</summary>
internal static class RuleWords
{
    /// <summary>A text that is taken as it stands.</summary>
    public static string Text(string text) => ConditionText.Quote(text);

    /// <summary>A value, where the file takes a fetch with its converters, or a number.</summary>
    public static string Value(Expression value) => ConditionText.Quote(value.ToString()!); // every expression has its own text

    /// <summary>A text where the file takes a format: a value stands in <c>%[…]</c> there, and a percent sign is written twice.</summary>
    public static string Format(Expression text) => ConditionText.Quote(text switch
    {
        LogFormat format => format.ToString(),
        LiteralExpression literal => literal.ToString().Replace("%", "%%", StringComparison.Ordinal),
        _ => $"%[{text}]",
    });
}
