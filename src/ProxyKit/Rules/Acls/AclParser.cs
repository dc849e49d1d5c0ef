using System.Globalization;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Acls;

/// <summary>Reads what stands behind the name of an ACL, and between braces: <c>criterion [flags] [operator] patterns</c>.</summary>
internal static class AclParser
{
    /// <summary>Reads the words.</summary>
    /// <param name="words">The words, their quotes and escapes resolved.</param>
    /// <param name="language">The keywords.</param>
    /// <param name="warn">Told what is right but probably not meant.</param>
    /// <exception cref="RuleFaultException">They are no ACL.</exception>
    public static AclCondition Parse(IReadOnlyList<string> words, RuleLanguage language, Action<string>? warn)
    {
        var criterion = words.Count > 0 ? words[0] : "";
        var expression = ParseExpression(criterion, language);
        var options = new MatchOptions();
        var position = ReadFlags(words, expression, options, language);
        if (expression is { Fetch: { IsForConditionsOnly: true, Name: var name } } && (options.Method is not null || !expression.IsBareFetch))
        {
            warn?.Invoke($"'{name}' : its own matching method is not used because a converter or '-m' follows");
        }

        var isDotted = false;
        var method = options.Method ?? MatchMethods.For(expression, out isDotted);
        var patterns = ReadPatterns(words, position, takesOperators: method is MatchMethod.Integer or MatchMethod.Length, isDotted);
        return new AclCondition(expression, options, patterns, mayBeEmpty: position > 1);
    }

    private static KeywordExpression ParseExpression(string criterion, RuleLanguage language)
    {
        var end = criterion.AsSpan().IndexOfAny("(, \t");
        var name = end < 0 ? criterion : criterion[..end];
        if (name.Length == 0)
        {
            throw new RuleFaultException($"missing fetch method in ACL expression '{criterion}'");
        }

        if (language.FindFetch(name, inCondition: true) is null)
        {
            throw new RuleFaultException(language.UnknownFetch(name, criterion));
        }

        try
        {
            return ExpressionParser.Parse(criterion, language, inCondition: true);
        }
        catch (RuleFaultException e)
        {
            throw new RuleFaultException($"ACL keyword '{name}' : {e.Message}", e);
        }
    }

    /// <summary>Reads flags from the second word on.</summary>
    /// <returns>Where the patterns begin.</returns>
    private static int ReadFlags(IReadOnlyList<string> words, KeywordExpression expression, MatchOptions options, RuleLanguage language)
    {
        var i = 1;
        for (; i < words.Count && words[i].StartsWith('-'); i++)
        {
            switch (words[i])
            {
                case "-i":
                    options.IgnoreCase = true;
                    break;
                case "-n":
                    options.NoDns = true;
                    break;
                case "-M":
                    options.AsMap = true;
                    break;
                case "-m":
                    if (options.Files.Count > 0)
                    {
                        throw new RuleFaultException("'-m' must only be specified before patterns and files in parsing ACL expression");
                    }

                    var name = Argument();
                    options.Method = MatchMethods.Find(name)
                        ?? throw new RuleFaultException($"unknown matching method '{name}' when parsing ACL expression");
                    MatchMethods.Check(options.Method.Value, expression);
                    break;
                case "-f":
                    _ = options.Method ?? MatchMethods.For(expression, out _); // what the file is read by must be known
                    var file = Argument();
                    options.Files.Add(file.Length > 0 ? language.PathOf(file) : throw new RuleFaultException("failed to open pattern file <>"));
                    break;
                case "-u":
                    options.Id = int.TryParse(Argument(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                        ? id
                        : throw new RuleFaultException("the argument of -u must be an integer");
                    break;
                case "--":
                    return i + 1;
                default:
                    throw new RuleFaultException(
                        $"'{words[i]}' is not a valid ACL option. Please use '--' before any pattern beginning with a '-'");
            }
        }

        return i;

        string Argument() => ++i < words.Count ? words[i] : "";
    }

    private static List<string> ReadPatterns(IReadOnlyList<string> words, int position, bool takesOperators, bool isDotted)
    {
        var patterns = new List<string>();
        string? comparison = null;
        for (; position < words.Count && words[position].Length > 0; position++) // an empty word ends a line of HAProxy's
        {
            var word = words[position];
            if (!takesOperators)
            {
                patterns.Add(word);
            }
            else if (IntegerRange.IsOperator(word))
            {
                comparison = word;
            }
            else
            {
                patterns.Add(comparison is null ? word : IntegerRange.Apply(comparison, word, isDotted));
            }
        }

        return comparison is null || patterns.Count > 0
            ? patterns
            : throw new RuleFaultException($"missing pattern after the operator '{comparison}'");
    }
}
