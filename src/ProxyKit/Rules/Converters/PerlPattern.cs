using System.Text;

namespace ProxyKit.Rules.Converters;

/// <summary>
/// Rewrites a regular expression of HAProxy's (Perl's syntax, over bytes) as one of .NET over characters that stand for bytes: classes
/// become lists of the characters they have, so that nothing is Unicode's; the case of letters does not matter only for ASCII; groups with
/// names count like others.
/// </summary>
internal sealed class PerlPattern
{
    private const string Nothing = @"[^\s\S]"; // matches no character

    private readonly string _pattern;
    private readonly bool _ignoresCase;
    private readonly bool _isContinued;
    private readonly StringBuilder _out = new();
    private readonly List<string> _names = [""];
    private int _position;

    private PerlPattern(string pattern, bool ignoresCase, bool isContinued)
    {
        _pattern = pattern;
        _ignoresCase = ignoresCase;
        _isContinued = isContinued;
    }

    /// <param name="pattern">The expression; its characters are bytes.</param>
    /// <param name="ignoresCase">Whether the case of letters does not matter.</param>
    /// <param name="isContinued">Whether the text is the rest of one, so that ^ does not stand for its beginning.</param>
    public static string Translate(string pattern, bool ignoresCase, bool isContinued) =>
        new PerlPattern(pattern, ignoresCase, isContinued).Run();

    private string Run()
    {
        var isMultiline = _pattern.Contains("(?m", StringComparison.Ordinal); // where ^ has a meaning inside the text too
        while (_position < _pattern.Length)
        {
            var c = _pattern[_position++];
            switch (c)
            {
                case '\\' when _position < _pattern.Length:
                    Escape(_pattern[_position++]);
                    break;
                case '[':
                    Class();
                    break;
                case '(':
                    Group();
                    break;
                case '^' when _isContinued && !isMultiline:
                    _out.Append(Nothing);
                    break;
                case '^' or '$' or '.' or '|' or ')' or '*' or '+' or '?' or '{' or '}' or '\\':
                    _out.Append(c);
                    break;
                default:
                    Literal(c);
                    break;
            }
        }

        return _out.ToString();
    }

    private void Literal(char c)
    {
        if (_ignoresCase && char.IsAsciiLetter(c))
        {
            _out.Append('[').Append(char.ToLowerInvariant(c)).Append(char.ToUpperInvariant(c)).Append(']');
        }
        else if (char.IsAsciiLetterOrDigit(c) || c is '_' or ' ' or '#' || c >= 0x80)
        {
            _out.Append(c);
        }
        else
        {
            ByteClass.Append(_out, c);
        }
    }

    private void Escape(char c)
    {
        if (ByteClass.OfEscape(c) is { } members)
        {
            members.AppendTo(_out);
            return;
        }

        switch (c)
        {
            case 'R':
                _out.Append(@"(?:\r\n|[\n-\r\x85])");
                break;
            case 'Q':
                var end = _pattern.IndexOf("\\E", _position, StringComparison.Ordinal);
                foreach (var quoted in _pattern.AsSpan(_position..(end < 0 ? _pattern.Length : end)))
                {
                    Literal(quoted);
                }

                _position = end < 0 ? _pattern.Length : end + 2;
                break;
            case 'E':
                break;
            case 'k' or 'g' when _position < _pattern.Length && _pattern[_position] is '<' or '{' or '\'':
                var close = _pattern.IndexOfAny(['>', '}', '\''], _position + 1);
                Reference(close < 0 ? "" : _pattern[(_position + 1)..close]);
                _position = close < 0 ? _pattern.Length : close + 1;
                break;
            case >= '1' and <= '9' or 'A' or 'b' or 'B' or 'G' or 'z' or 'Z':
                _out.Append('\\').Append(c);
                break;
            case >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '0':
                Literal(ByteClass.EscapedCharacter(_pattern, c, ref _position) ?? throw new FormatException(
                    $"regex '{_pattern}' is invalid (error=unrecognized character follows \\, erroffset={_position})"));
                break;
            default:
                Literal(c);
                break;
        }
    }

    private void Reference(string name)
    {
        var number = _names.IndexOf(name);
        _out.Append("(?:\\").Append(number > 0 ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : name).Append(')');
    }

    private void Group()
    {
        _out.Append('(');
        if (_position == _pattern.Length || _pattern[_position] != '?')
        {
            _names.Add("");
            return;
        }

        var name = _pattern.AsSpan(_position + 1);
        if (name.StartsWith("P=", StringComparison.Ordinal) && name.IndexOf(')') is > 0 and var end)
        {
            _out.Length--;
            Reference(name[2..end].ToString());
            _position += 2 + end;
            return;
        }

        var skipped = name.StartsWith("P<", StringComparison.Ordinal) ? 2
            : (name.StartsWith("<", StringComparison.Ordinal) && name.Length > 1 && name[1] is not ('=' or '!'))
                || name.StartsWith("'", StringComparison.Ordinal) ? 1 : 0;
        if (skipped > 0 && name[skipped..].IndexOfAny('>', '\'') is > 0 and var length)
        {
            _names.Add(name.Slice(skipped, length).ToString());
            _position += 1 + skipped + length + 1;
            return;
        }

        _position++;
        if (name.StartsWith("#", StringComparison.Ordinal))
        {
            _out.Length--;
            var close = _pattern.IndexOf(')', _position);
            _position = close < 0 ? _pattern.Length : close + 1;
            return;
        }

        // What else may stand there (flags, look-around, atomic groups) is the same.
        _out.Append('?');
        while (_position < _pattern.Length && (char.IsAsciiLetter(_pattern[_position]) || _pattern[_position] is '-' or '^' or '<'))
        {
            _out.Append(_pattern[_position++]);
        }

        if (_position < _pattern.Length && _pattern[_position] is ':' or '=' or '!' or '>')
        {
            _out.Append(_pattern[_position++]);
        }
    }

    private void Class()
    {
        var members = ByteClass.Parse(_pattern, ref _position);
        if (_ignoresCase)
        {
            members.IgnoreCase();
        }

        members.AppendTo(_out);
    }
}
