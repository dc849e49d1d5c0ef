using System.Globalization;
using System.Text;
using ProxyKit.HAProxyConfig.Lexing;

namespace ProxyKit.HAProxyConfig.Preprocessing;

/// <summary>The expressions of conditional blocks: integers, predicates, <c>!</c>, brackets, <c>&amp;&amp;</c> and <c>||</c>.</summary>
internal sealed class ConditionExpression
{
    private readonly string _text;
    private readonly ConditionFacts _facts;
    private readonly ConfigVariables _variables;
    private int _position;
    private int _depth;
    private string? _fault;

    private ConditionExpression(string text, ConditionFacts facts, ConfigVariables variables)
    {
        _text = text;
        _facts = facts;
        _variables = variables;
    }

    /// <summary>Whether an expression holds; an empty one does not.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="facts">What it can ask about.</param>
    /// <param name="variables">The variables it can ask about.</param>
    /// <param name="fault">What is wrong with it; null when nothing is.</param>
    public static bool Evaluate(string text, ConditionFacts facts, ConfigVariables variables, out string? fault)
    {
        var expression = new ConditionExpression(text, facts, variables);
        expression.SkipBlanks();
        var holds = text.Length > expression._position && expression.Or();
        if (expression._fault is null && expression._position < text.Length)
        {
            expression.Fail($"unexpected '{text[expression._position..]}'");
        }

        fault = expression._fault;
        return holds && fault is null;
    }

    private bool Or()
    {
        var holds = And();
        while (Takes("||"))
        {
            holds |= And();
        }

        return holds;
    }

    private bool And()
    {
        var holds = Term();
        while (Takes("&&"))
        {
            holds &= Term();
        }

        return holds;
    }

    private bool Term()
    {
        SkipBlanks();
        if (_fault is not null || _position == _text.Length)
        {
            Fail("a term is missing at the end");
            return false;
        }

        if (++_depth > ConditionalBlocks.MaxDepth)
        {
            Fail($"too many nested terms, max is {ConditionalBlocks.MaxDepth}");
            return false;
        }

        var holds = _text[_position] switch
        {
            '!' => Not(),
            '(' => Bracket(),
            var c when char.IsAsciiDigit(c) || c is '-' or '+' => Integer(),
            _ => Predicate(),
        };
        _depth--;
        return holds;
    }

    private bool Not()
    {
        _position++;
        return !Term();
    }

    private bool Bracket()
    {
        _position++;
        var holds = Or();
        if (!Takes(")"))
        {
            Fail("a closing parenthesis is missing");
        }

        return holds;
    }

    private bool Integer()
    {
        var start = _position++;
        while (_position < _text.Length && char.IsAsciiDigit(_text[_position]))
        {
            _position++;
        }

        if (!long.TryParse(_text.AsSpan(start, _position - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            Fail($"'{_text[start.._position]}' is no integer");
        }

        return number != 0;
    }

    private bool Predicate()
    {
        var start = _position;
        while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] == '_'))
        {
            _position++;
        }

        var name = _text[start.._position];
        if (_position == _text.Length || _text[_position] != '(')
        {
            Fail(name.Length == 0 ? $"unexpected '{_text[start..]}'" : $"unknown predicate '{name}'");
            return false;
        }

        _position++;
        return Arguments() is { } arguments && Predicates.Holds(name, arguments, _facts, _variables, Fail);
    }

    /// <summary>Reads what stands before the closing bracket; quotes and escapes are resolved a second time, as in all arguments.</summary>
    private List<string>? Arguments()
    {
        var arguments = new List<string>();
        var current = new StringBuilder();
        var quote = '\0';
        for (; _position < _text.Length; _position++)
        {
            var c = _text[_position];
            if (c == '\\' && quote != '\'' && _position + 1 < _text.Length && Unescaped(_text[_position + 1]) is { } plain)
            {
                current.Append(plain);
                _position++;
            }
            else if (quote == '\0' && c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && c is ',' or ')')
            {
                arguments.Add(current.ToString());
                current.Clear();
                if (c == ')')
                {
                    _position++;
                    return arguments;
                }
            }
            else
            {
                current.Append(c);
            }
        }

        Fail("a closing parenthesis is missing");
        return null;
    }

    /// <summary>What stands for a character behind a backslash; null where both stand for themselves, as they do before a comma.</summary>
    private static char? Unescaped(char c) => c switch
    {
        '\\' or ' ' or '"' or '\'' => c,
        'r' => '\r',
        'n' => '\n',
        't' => '\t',
        _ => null,
    };

    private bool Takes(string sign)
    {
        SkipBlanks();
        if (_fault is not null || !_text.AsSpan(_position).StartsWith(sign))
        {
            return false;
        }

        _position += sign.Length;
        return true;
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t')
        {
            _position++;
        }
    }

    private void Fail(string fault) => _fault ??= string.Create(CultureInfo.InvariantCulture, $"{fault} at position {_position + 1}");
}
