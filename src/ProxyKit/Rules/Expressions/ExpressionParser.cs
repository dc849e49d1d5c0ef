using System.Text;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Expressions;

/// <summary>Reads expressions as HAProxy writes them: <c>req.hdr(host),field(1,:),lower</c>.</summary>
internal static class ExpressionParser
{
    /// <summary>Reads a whole text.</summary>
    /// <exception cref="RuleFaultException">It is no expression.</exception>
    public static KeywordExpression Parse(string text, RuleLanguage language, bool inCondition = false)
    {
        var position = 0;
        var expression = Parse(text, ref position, language, inCondition, closes: '\0');
        return position == text.Length
            ? expression
            : throw new RuleFaultException($"unexpected '{text[position..]}' after the expression '{text[..position]}'");
    }

    /// <summary>Reads an expression from a position on.</summary>
    /// <param name="text">The text.</param>
    /// <param name="position">Where it begins; receives where it ends.</param>
    /// <param name="language">The keywords.</param>
    /// <param name="inCondition">Whether keywords that only conditions know are meant too.</param>
    /// <param name="closes">The character that it ends before; NUL for the end of the text.</param>
    /// <exception cref="RuleFaultException">There is no expression.</exception>
    public static KeywordExpression Parse(string text, ref int position, RuleLanguage language, bool inCondition, char closes)
    {
        var name = ReadName(text, ref position);
        if (language.FindFetch(name, inCondition) is not { } fetch)
        {
            throw new RuleFaultException(name.Length == 0 ? "missing fetch method" : language.UnknownFetch(name));
        }

        var arguments = ReadArguments(text, ref position, fetch.Name, fetch.Arguments, language, isFetch: true);
        var converters = new List<(ConverterKeyword, KeywordArguments)>();
        var last = name;
        while (position < text.Length && text[position] != closes)
        {
            if (text[position] is not (',' or ' ' or '\t'))
            {
                throw new RuleFaultException(converters.Count == 0
                    ? $"missing comma after fetch keyword '{last}'"
                    : $"missing comma after converter '{last}'");
            }

            while (position < text.Length && text[position] is ',' or ' ' or '\t')
            {
                position++;
            }

            if (position == text.Length || text[position] == closes)
            {
                break;
            }

            last = ReadName(text, ref position);
            if (language.FindConverter(last) is not { } converter)
            {
                throw new RuleFaultException(language.UnknownConverter(last.Length > 0 ? last : text[position..]));
            }

            converters.Add((converter, ReadArguments(text, ref position, last, converter.Arguments, language, isFetch: false)));
        }

        return new KeywordExpression(fetch, arguments, [.. converters]);
    }

    private static string ReadName(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && (char.IsAsciiLetterOrDigit(text[position]) || text[position] is '_' or '-' or '.' or '+'))
        {
            position++;
        }

        return text[start..position];
    }

    private static KeywordArguments ReadArguments(
        string text, ref int position, string keyword, IReadOnlyList<KeywordArgument> specs, RuleLanguage language, bool isFetch)
    {
        var arguments = KeywordArguments.None;
        if (position < text.Length && text[position] == '(')
        {
            position++;
            var texts = Split(text, ref position, keyword);
            FileArguments.Resolve(keyword, texts, specs, language);
            arguments = new KeywordArguments([.. texts]);
        }

        Check(keyword, arguments, specs, isFetch);
        return arguments;
    }

    /// <summary>The second reading of quotes and escapes: the first was that of the line.</summary>
    private static List<string> Split(string text, ref int position, string keyword)
    {
        var arguments = new List<string>();
        var current = new StringBuilder();
        var quote = '\0';
        for (; position < text.Length; position++)
        {
            var c = text[position];
            if (c == '\\' && quote != '\'' && position + 1 < text.Length && Unescaped(text[position + 1]) is { } plain)
            {
                current.Append(plain);
                position++;
            }
            else if (quote != '\0')
            {
                if (c == quote)
                {
                    quote = '\0';
                }
                else
                {
                    current.Append(c);
                }
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c is ',' or ')')
            {
                arguments.Add(current.ToString());
                current.Clear();
                if (c == ')')
                {
                    position++;
                    return arguments;
                }
            }
            else
            {
                current.Append(c);
            }
        }

        throw new RuleFaultException(quote != '\0'
            ? $"unmatched quote in the arguments of '{keyword}'"
            : $"expected ')' at the end of the arguments of '{keyword}'");
    }

    private static char? Unescaped(char c) => c switch
    {
        '\\' or ' ' or '"' or '\'' => c,
        'r' => '\r',
        'n' => '\n',
        't' => '\t',
        _ => null,
    };

    private static void Check(string keyword, KeywordArguments arguments, IReadOnlyList<KeywordArgument> specs, bool isFetch)
    {
        var what = isFetch ? "fetch method" : "converter";
        var written = arguments.Count == 1 && !arguments.IsGiven(0) ? 0 : arguments.Count;
        if (written > specs.Count)
        {
            throw new RuleFaultException(specs.Count == 0
                ? $"{what} '{keyword}' does not support any args"
                : $"{what} '{keyword}' : too many arguments (got {written}, at most {specs.Count} expected)");
        }

        for (var i = 0; i < specs.Count; i++)
        {
            if (arguments.IsGiven(i))
            {
                if (specs[i].Kind == ArgumentKind.Integer && !KeywordArguments.TryParseInteger(arguments.Text(i), out _))
                {
                    throw new RuleFaultException(
                        $"invalid arg {i + 1} in {what} '{keyword}' : failed to parse '{arguments.Text(i)}' as type 'integer'");
                }
            }
            else if (!specs[i].IsOptional && specs[i].Kind != ArgumentKind.Text)
            {
                var required = specs.Count(static s => !s.IsOptional);
                throw new RuleFaultException(
                    $"invalid arg {i + 1} in {what} '{keyword}' : missing arguments (got {written}/{required}), type "
                    + $"'{NameOf(specs[i].Kind)}' expected");
            }
        }
    }

    private static string NameOf(ArgumentKind kind) => kind switch
    {
        ArgumentKind.Integer or ArgumentKind.IntegerOrVariable => "integer",
        ArgumentKind.Address => "address",
        ArgumentKind.Text or ArgumentKind.File => "string",
        ArgumentKind.Backend => "backend",
        ArgumentKind.Frontend => "frontend",
        ArgumentKind.Server => "server",
        ArgumentKind.Table => "table",
        ArgumentKind.UserList => "userlist",
        _ => "variable",
    };
}
