using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ProxyKit.HAProxyConfig.Lexing;

/// <summary>Divides a line into words: quotes, escapes, variables, comments. One lexer reads many lines.</summary>
/// <remarks>A line comes as its bytes, each in a character of its own, so that positions and <c>\xHH</c> are those of the file; words leave as
/// text.</remarks>
internal sealed class LineLexer(ConfigVariables variables)
{
    /// <summary>The most words of a line. HAProxy: MAX_LINE_ARGS.</summary>
    public const int MaxWords = 64;

    private const string NoName = "forbidden first char in environment variable name";

    /// <summary>What words have in them that stand before secrets: nothing of their lines is shown.</summary>
    private static readonly string[] OfSecrets = ["secret", "passw", "passphrase", "cookie-key", "introspection", "auth", "hmac", "aes_", "jwt_", "setenv"];

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly StringBuilder _word = new();
    private readonly List<Word> _words = [];
    private string _line = "";
    private int _position;
    private int _start; // of the word, or -1 between words
    private int _quoteEnd; // behind the quotes that the last word in any began with
    private LexFault? _fault;

    private bool MayHoldSecret => Array.Exists(OfSecrets, word => _line.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Divides a line; false with what is wrong with it.</summary>
    /// <param name="line">The line without its end.</param>
    /// <param name="words">The words; none for an empty line or a comment.</param>
    /// <param name="fault">What is wrong.</param>
    public bool TryLex(string line, out IReadOnlyList<Word> words, [NotNullWhen(false)] out LexFault? fault)
    {
        _line = line;
        _position = 0;
        _start = _quoteEnd = -1;
        _fault = null;
        _word.Clear();
        _words.Clear();
        ReadWords();
        words = _words.ToArray();
        fault = _fault;
        return fault is null;
    }

    private void ReadWords()
    {
        while (_position < _line.Length && _fault is null)
        {
            var c = _line[_position];
            switch (c)
            {
                case ' ' or '\t':
                    EndWord();
                    _position++;
                    break;
                case '#':
                    _position = _line.Length;
                    break;
                case '"' or '\'':
                    ReadQuoted(c);
                    break;
                case '\0':
                    Fail("unexpected NUL byte", _position);
                    break;
                case '\\':
                    ReadEscape(inQuotes: false);
                    break;
                default:
                    Append(c);
                    break;
            }
        }

        EndWord();
    }

    private void ReadQuoted(char quote)
    {
        var opened = _position;
        BeginWord();
        _position++;
        while (_position < _line.Length && _fault is null)
        {
            var c = _line[_position];
            if (c == quote)
            {
                _position++;
                _quoteEnd = _start == opened ? _position : _quoteEnd; // items of a list begin within the quotes
                return;
            }

            switch (c)
            {
                case '\0':
                    Fail("unexpected NUL byte", _position);
                    break;
                case '\\' when quote == '"':
                    ReadEscape(inQuotes: true);
                    break;
                case '$' when quote == '"':
                    ReadVariable();
                    break;
                default:
                    Append(c);
                    break;
            }
        }

        Fail("unmatched quote", opened);
    }

    private void ReadEscape(bool inQuotes)
    {
        switch (_position + 1 < _line.Length ? _line[_position + 1] : '\0')
        {
            case var c and (' ' or '\\' or '#' or '\'' or '"'):
                AppendEscaped(c);
                break;
            case 'n':
                AppendEscaped('\n');
                break;
            case 'r':
                AppendEscaped('\r');
                break;
            case 't':
                AppendEscaped('\t');
                break;
            case '$' when inQuotes:
                AppendEscaped('$');
                break;
            case 'x':
                var digits = _line.AsSpan(Math.Min(_position + 2, _line.Length), Math.Min(2, Math.Max(0, _line.Length - _position - 2)));
                if (digits.Length < 2 || !byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
                {
                    Fail("truncated or invalid hexadecimal sequence", _position);
                }
                else
                {
                    AppendEscaped((char)value);
                    _position += 2;
                }

                break;
            default:
                Append('\\'); // it stands for itself, and so does what follows
                break;
        }
    }

    /// <summary>Reads <c>$NAME</c>, <c>${NAME}</c>, <c>${NAME-default}</c> or <c>${NAME[*]}</c>; a name may be <c>.FILE</c> and the like.</summary>
    private void ReadVariable()
    {
        var dollar = _position++;
        var isBraced = _position < _line.Length && _line[_position] == '{';
        _position += isBraced ? 1 : 0;
        var start = _position;
        if (start == _line.Length || !(char.IsAsciiLetter(_line[start]) || _line[start] == '_' || _line[start] == '.'))
        {
            Fail(NoName, start);
            return;
        }

        do
        {
            _position++;
        }
        while (_position < _line.Length && (char.IsAsciiLetterOrDigit(_line[_position]) || _line[_position] == '_'));

        var name = _line[start.._position];
        if (name[0] == '.' && !ConfigVariables.OfPlace.Contains(name))
        {
            Fail(NoName, start);
            return;
        }

        var value = variables.Find(name);
        var isList = false;
        if (isBraced)
        {
            if (!TryReadBraceEnd(dollar, out isList, out var fallback))
            {
                return;
            }

            value ??= fallback;
        }

        foreach (var c in value ?? "")
        {
            if (isList && c is ' ' or (>= '\t' and <= '\r'))
            {
                EndListItem();
            }
            else
            {
                _word.Append(c);
            }
        }
    }

    private bool TryReadBraceEnd(int dollar, out bool isList, out string? fallback)
    {
        fallback = null;
        isList = _position < _line.Length && _line[_position] == '[';
        if (isList)
        {
            if (!_line.AsSpan(_position).StartsWith("[*]"))
            {
                Fail("truncated or invalid word expansion sequence", _position);
                return false;
            }

            _position += 3;
        }

        if (_position < _line.Length && _line[_position] == '-')
        {
            var end = _line.IndexOf('}', _position);
            fallback = end < 0 ? null : _line[(_position + 1)..end];
            _position = end < 0 ? _line.Length : end;
        }

        if (_position == _line.Length || _line[_position] != '}')
        {
            Fail("unmatched brace in environment variable name", dollar);
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>A blank in a list parts two words; several blanks do so once.</summary>
    private void EndListItem()
    {
        if (_word.Length > 0)
        {
            EndWord();
            BeginWord();
        }
    }

    private void BeginWord()
    {
        if (_start < 0)
        {
            _start = _position;
        }
    }

    private void EndWord()
    {
        if (_start < 0 || _fault is not null)
        {
            return;
        }

        if (_words.Count == MaxWords)
        {
            _fault = new($"too many words, truncating after word {MaxWords}, position {_start + 1}{(MayHoldSecret ? "" : $": <{_word}>")}.", _start + 1);
            return;
        }

        _words.Add(new Word(Text(), _start + 1, _quoteEnd == _position));
        _word.Clear();
        _start = -1;
    }

    private void Append(char c)
    {
        BeginWord();
        _word.Append(c);
        _position++;
    }

    private void AppendEscaped(char c)
    {
        BeginWord();
        _word.Append(c);
        _position += 2;
    }

    private void Fail(string message, int index)
    {
        if (_fault is not null)
        {
            return;
        }

        if (MayHoldSecret)
        {
            _fault = new($"{message} at position {index + 1} of a line that may hold a secret and is not shown.", index + 1);
            return;
        }

        // HAProxy prints the line and a caret below the byte; blanks of our own keep a tab from moving it.
        var shown = _line.Replace('\t', ' ').Replace('\0', ' ');
        _fault = new($"{message} at position {index + 1}:\n  {shown}\n  {new string(' ', index)}^", index + 1);
    }

    private string Text()
    {
        var word = _word.ToString();
        if (Ascii.IsValid(word))
        {
            return word;
        }

        try
        {
            return Utf8.GetString(Encoding.Latin1.GetBytes(word));
        }
        catch (DecoderFallbackException)
        {
            Fail("byte sequence that is not UTF-8", _start);
            return word;
        }
    }
}
