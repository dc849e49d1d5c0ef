using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>What is to be known of the match methods before they run: their names, what they compare, and which one a value asks for.</summary>
internal static class MatchMethods
{
    /// <summary>The method of a name behind <c>-m</c>; null where there is none.</summary>
    public static MatchMethod? Find(string name) => name switch
    {
        "found" => MatchMethod.Found,
        "bool" => MatchMethod.Boolean,
        "int" => MatchMethod.Integer,
        "ip" => MatchMethod.Address,
        "bin" => MatchMethod.Binary,
        "len" => MatchMethod.Length,
        "str" => MatchMethod.Exact,
        "beg" => MatchMethod.Prefix,
        "end" => MatchMethod.Suffix,
        "sub" => MatchMethod.Substring,
        "dir" => MatchMethod.PathPart,
        "dom" => MatchMethod.DomainPart,
        "reg" => MatchMethod.Regex,
        "meth" => MatchMethod.Method,
        _ => null,
    };

    public static string NameOf(MatchMethod method) => method switch
    {
        MatchMethod.Found => "found",
        MatchMethod.Boolean => "bool",
        MatchMethod.Integer => "int",
        MatchMethod.Address => "ip",
        MatchMethod.Binary => "bin",
        MatchMethod.Length => "len",
        MatchMethod.Exact => "str",
        MatchMethod.Prefix => "beg",
        MatchMethod.Suffix => "end",
        MatchMethod.Substring => "sub",
        MatchMethod.PathPart => "dir",
        MatchMethod.DomainPart => "dom",
        MatchMethod.Regex => "reg",
        _ => "meth",
    };

    /// <summary>What a sample is cast to before it is compared.</summary>
    public static SampleType Compares(MatchMethod method) => method switch
    {
        MatchMethod.Found => SampleType.Any,
        MatchMethod.Boolean or MatchMethod.Integer => SampleType.Integer,
        MatchMethod.Address => SampleType.Address,
        MatchMethod.Binary => SampleType.Binary,
        MatchMethod.Method => SampleType.Method,
        _ => SampleType.String,
    };

    /// <summary>Whether the method compares with patterns at all.</summary>
    public static bool TakesPatterns(MatchMethod method) => method is not (MatchMethod.Found or MatchMethod.Boolean);

    /// <summary>The method for an expression that a condition says none for.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="isDotted">Whether numbers are versions, so that a pattern without a dot is a major one.</param>
    /// <exception cref="RuleFaultException">One must be said for it.</exception>
    public static MatchMethod For(Expression expression, out bool isDotted)
    {
        var named = (expression as KeywordExpression) is { IsBareFetch: true, Fetch.DefaultMatch: { } name } ? name : null;
        isDotted = named == "dotted";
        MatchMethod? method = named switch
        {
            null => expression.Type switch
            {
                SampleType.Boolean => MatchMethod.Boolean,
                SampleType.Integer => MatchMethod.Integer,
                SampleType.Address or SampleType.IPv4 or SampleType.IPv6 => MatchMethod.Address,
                SampleType.String => MatchMethod.Exact,
                SampleType.Method => MatchMethod.Method,
                _ => null,
            },
            "dotted" => MatchMethod.Integer,
            "hex" => MatchMethod.Binary,
            _ => Find(named), // "" for a fetch whose method must be said, whatever its type
        };
        return method ?? throw new RuleFaultException(
            $"matching method must be specified first (using '-m') when using a sample fetch of this type ('{NameOf(expression)}')");
    }

    /// <summary>Refuses a method that can never compare what an expression yields.</summary>
    /// <exception cref="RuleFaultException">It cannot.</exception>
    public static void Check(MatchMethod method, Expression expression)
    {
        if (method != MatchMethod.Found && !SampleCasts.MayCast(expression.Type, Compares(method)))
        {
            throw new RuleFaultException($"matching method '{NameOf(method)}' cannot be used with fetch keyword '{NameOf(expression)}'");
        }
    }

    private static string NameOf(Expression expression) =>
        expression is KeywordExpression { Fetch.Name: var name } ? name : expression.ToString()!; // every expression has its own text
}
