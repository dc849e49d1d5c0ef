using System.Buffers;
using System.Text;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Formats;

/// <summary>Reads a format: text, and behind percent signs aliases (<c>%ci</c>), expressions (<c>%[src]</c>), their flags
/// (<c>%{+Q}r</c>) and their names (<c>%(status:sint)ST</c>).</summary>
internal sealed class LogFormatParser
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    private readonly string _text;
    private readonly RuleLanguage _language;
    private readonly bool _mergesBlanks;
    private readonly List<FormatItem> _items = [];
    private readonly StringBuilder _literal = new();
    private FormatFlags _defaults;
    private int _position;

    private LogFormatParser(string text, RuleLanguage language, bool mergesBlanks)
    {
        _text = text;
        _language = language;
        _mergesBlanks = mergesBlanks;
    }

    /// <summary>How the format is encoded as a whole: <c>%{+json}o</c> anywhere in it.</summary>
    public FormatFlags Encoding { get; private set; }

    private char Current => _position < _text.Length ? _text[_position] : '\0';

    /// <summary>Reads a whole text.</summary>
    /// <exception cref="RuleFaultException">It is no format.</exception>
    public static (FormatItem[] Items, FormatFlags Encoding) Parse(string text, RuleLanguage language, bool mergesBlanks)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new RuleFaultException("a format cannot have a NUL character in it");
        }

        var parser = new LogFormatParser(text, language, mergesBlanks);
        while (parser._position < text.Length)
        {
            parser.ReadNext();
        }

        parser.EndLiteral();
        return ([.. parser._items], parser.Encoding);
    }

    private void ReadNext()
    {
        var c = _text[_position++];
        if (c == '%')
        {
            ReadPercent();
        }
        else if (c == ' ' && _mergesBlanks)
        {
            EndLiteral();
            _items.Add(new FormatItem());
        }
        else
        {
            _literal.Append(c);
        }
    }

    private void ReadPercent()
    {
        switch (Current)
        {
            case '{' or '[' or '(':
            case var letter when char.IsAsciiLetter(letter):
                EndLiteral();
                ReadItem();
                break;
            case '\0':
                throw new RuleFaultException("truncated line after '%'");
            case var c when char.IsAsciiDigit(c) || c is ' ' or '\t':
                throw new RuleFaultException(
                    $"unexpected variable name near '{c}' at position {_position} line : '{_text}'. "
                    + "Maybe you want to write a single '%', use the syntax '%%'");
            default:
                _literal.Append(_text[_position++]); // '%%', and other signs, which need no percent sign
                break;
        }
    }

    private void ReadItem()
    {
        var name = "";
        var cast = FormatCast.None;
        if (Current == '(')
        {
            (name, cast) = ReadName();
        }

        var flags = _defaults;
        var flagsText = "";
        if (Current == '{')
        {
            flagsText = ReadUntil('}', "");
            flags = FormatFlagsText.Parse(flagsText, flags);
        }

        if (Current == '[')
        {
            _items.Add(new FormatItem { Expression = ReadExpression(), Flags = flags, Name = name, Cast = cast });
        }
        else if (char.IsAsciiLetterOrDigit(Current))
        {
            AddAlias(flags, name, cast);
        }
        else
        {
            throw new RuleFaultException(flagsText.Length > 0 || name.Length == 0
                ? $"parse argument modifier without variable name near '%{{{flagsText}}}'"
                : $"parse name without variable name near '%({name})'");
        }
    }

    private void AddAlias(FormatFlags flags, string name, FormatCast cast)
    {
        var start = _position;
        while (char.IsAsciiLetterOrDigit(Current))
        {
            _position++;
        }

        var letters = _text[start.._position];
        if (letters == "o")
        {
            _defaults = flags;
            Encoding = (flags & FormatFlags.Encoded) == 0 ? Encoding : flags & (FormatFlags.Encoded | FormatFlags.Binary);
            return;
        }

        var alias = FormatAliases.Find(letters) ?? throw new RuleFaultException(
            $"no such format alias '{letters}'. If you wanted to emit the '%' character verbatim, you need to use '%%'");
        _items.Add(new FormatItem { Alias = alias, Flags = flags, Name = name, Cast = cast });
    }

    private KeywordExpression ReadExpression()
    {
        var start = ++_position;
        KeywordExpression expression;
        try
        {
            expression = ExpressionParser.Parse(_text, ref _position, _language, inCondition: false, closes: ']');
        }
        catch (RuleFaultException e)
        {
            var end = _text.IndexOf(']', start);
            var written = end < 0 ? _text[start..] : _text[start..end];
            throw new RuleFaultException($"failed to parse sample expression <{written}> : {e.Message}", e);
        }

        if (_position >= _text.Length)
        {
            throw new RuleFaultException($"missing ']' after '{_text[start..]}'");
        }

        _position++; // the bracket, which is all that the parser stops at
        return expression;
    }

    private (string Name, FormatCast Cast) ReadName()
    {
        var written = ReadUntil(')', "custom name ");
        var colon = written.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? written : written[..colon];
        var cast = colon < 0 ? FormatCast.None : written[(colon + 1)..] switch
        {
            "str" => FormatCast.Text,
            "sint" => FormatCast.Integer,
            "bool" => FormatCast.Boolean,
            var other => throw new RuleFaultException($"unexpected type '{other}' in '%({written})'. Expects 'str', 'sint' or 'bool'"),
        };
        return name.Length > 0 && !name.AsSpan().ContainsAnyExcept(NameCharacters)
            ? (name, cast)
            : throw new RuleFaultException(
                $"invalid custom name '{name}' in '%({written})'. A name has letters, digits, '_', '-' and '.' only");
    }

    /// <summary>Reads what stands within a pair of brackets, and goes behind it.</summary>
    private string ReadUntil(char closing, string what)
    {
        var start = ++_position;
        var end = _text.IndexOf(closing, start);
        if (end < 0)
        {
            throw new RuleFaultException($"truncated line after {what}'{_text[start..]}'");
        }

        _position = end + 1;
        return _text[start..end];
    }

    private void EndLiteral()
    {
        if (_literal.Length > 0)
        {
            _items.Add(new FormatItem { Text = _literal.ToString() });
            _literal.Clear();
        }
    }
}
