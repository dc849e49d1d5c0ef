using System.Text;

namespace ProxyKit.Regexes;

/// <summary>
/// Rewrites a regular expression of HAProxy's (Perl's syntax, over bytes) as one of .NET over characters that stand for bytes: classes
/// become lists of the characters they have, so that nothing is Unicode's; the case of letters does not matter only for ASCII; groups with
/// names count like others. What is wrong in an expression and stays so in .NET's syntax stays in it, for .NET to tell.
/// </summary>
internal sealed class PerlPattern
{
    private const string Nothing = @"[^\s\S]"; // matches no character

    private readonly string _pattern;
    private readonly bool _isContinued;
    private readonly StringBuilder _out = new();
    private readonly List<string> _names = [""];
    private readonly Stack<(int Begin, bool IgnoresCase)> _groups = new(); // where those that are open begin in what is written, and what held before
    private bool _ignoresCase; // here: flags within the expression change it
    private int _position;
    private int _atom; // where what a quantifier would be about begins

    private PerlPattern(string pattern, bool ignoresCase, bool isContinued)
    {
        _pattern = pattern;
        _ignoresCase = ignoresCase;
        _isContinued = isContinued;
    }

    /// <param name="pattern">The expression; its characters are bytes.</param>
    /// <param name="ignoresCase">Whether the case of letters does not matter.</param>
    /// <param name="isContinued">Whether the text is the rest of one, so that ^ does not stand for its beginning.</param>
    /// <exception cref="FormatException">It is no expression.</exception>
    public static string Translate(string pattern, bool ignoresCase, bool isContinued) =>
        new PerlPattern(pattern, ignoresCase, isContinued).Run();

    /// <summary>What to say of an expression, whose characters are bytes, that is none.</summary>
    public static FormatException Fault(string pattern, string error, int offset, Exception? cause = null) => new(
        $"regex '{Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(pattern))}' is invalid (error={error}, erroffset={offset})", cause);

    private string Run()
    {
        var isMultiline = _pattern.Contains("(?m", StringComparison.Ordinal); // where ^ has a meaning inside the text too
        while (_position < _pattern.Length)
        {
            var c = _pattern[_position++];
            var atom = _out.Length;
            switch (c)
            {
                case '\\' when _position < _pattern.Length && _pattern[_position] == 'Q':
                    atom = Quoted();
                    break;
                case '\\' when _position < _pattern.Length:
                    Escape(_pattern[_position++]);
                    break;
                case '[':
                    Class();
                    break;
                case '(':
                    var before = _ignoresCase;
                    if (Group())
                    {
                        _groups.Push((atom, before));
                    }

                    break;
                case ')':
                    _out.Append(c);
                    if (_groups.TryPop(out var group))
                    {
                        (atom, _ignoresCase) = group;
                    }

                    break;
                case '*' or '+' or '?' or '{' when Quantifier(_position - 1) is var length and > 0 && _out.Length > _atom:
                    _out.Append(_pattern, _position - 1, length);
                    _position += length - 1;
                    Possessive();
                    continue;
                case '^' when _isContinued && !isMultiline:
                    _out.Append(Nothing);
                    break;
                case '^' or '$' or '.' or '|' or '*' or '+' or '?' or '{' or '}' or '\\':
                    _out.Append(c);
                    break;
                default:
                    Literal(c);
                    break;
            }

            _atom = _out.Length > atom ? atom : _atom; // \E and comments are none
        }

        return _out.ToString();
    }

    /// <summary>How long the quantifier is that stands somewhere; 0 where a brace stands for itself.</summary>
    private int Quantifier(int start)
    {
        if (_pattern[start] != '{')
        {
            return 1;
        }

        var end = start + 1;
        while (end < _pattern.Length && (char.IsAsciiDigit(_pattern[end]) || _pattern[end] == ','))
        {
            end++;
        }

        return end < _pattern.Length && _pattern[end] == '}' && char.IsAsciiDigit(_pattern[start + 1]) ? end + 1 - start : 0;
    }

    /// <summary>What may stand behind a quantifier. .NET has no possessive ones, but groups that do not give back what they took.</summary>
    private void Possessive()
    {
        if (_position == _pattern.Length || _pattern[_position] is not ('+' or '?'))
        {
            return;
        }

        if (_pattern[_position++] == '?')
        {
            _out.Append('?');
        }
        else
        {
            _out.Insert(_atom, "(?>").Append(')');
        }
    }

    private void Literal(char c)
    {
        if (c >= 0x80 && _ignoresCase)
        {
            _out.Append("(?-i:").Append(c).Append(')'); // a byte of several that are a letter: it has no other case
        }
        else if (char.IsControl(c) && c < 0x80)
        {
            ByteClass.Append(_out, c);
        }
        else
        {
            _ = "\\*+?|{}[]()^$.".Contains(c, StringComparison.Ordinal) ? _out.Append('\\').Append(c) : _out.Append(c);
        }
    }

    /// <summary>Writes what stands between <c>\Q</c> and <c>\E</c>.</summary>
    /// <returns>Where its last character begins.</returns>
    private int Quoted()
    {
        _position++;
        var end = _pattern.IndexOf("\\E", _position, StringComparison.Ordinal);
        var last = _out.Length;
        foreach (var quoted in _pattern.AsSpan(_position..(end < 0 ? _pattern.Length : end)))
        {
            last = _out.Length;
            Literal(quoted);
        }

        _position = end < 0 ? _pattern.Length : end + 2;
        return last;
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
                Literal(ByteClass.EscapedCharacter(_pattern, c, ref _position)
                    ?? throw Fault(_pattern, "unrecognized character follows \\", _position));
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

    /// <summary>Begins a group, or writes what only looks like one. .NET counts groups with a name behind the others, PCRE counts all from the
    /// left; so names go.</summary>
    /// <returns>Whether a group is open now.</returns>
    private bool Group()
    {
        if (_position == _pattern.Length || _pattern[_position] != '?')
        {
            _out.Append('(');
            _names.Add("");
            return true;
        }

        var rest = _pattern.AsSpan(_position + 1);
        if (rest.StartsWith("P=", StringComparison.Ordinal) && rest.IndexOf(')') is > 0 and var end)
        {
            Reference(rest[2..end].ToString());
            _position += 2 + end;
            return false;
        }

        if (rest.StartsWith("#", StringComparison.Ordinal))
        {
            var close = _pattern.IndexOf(')', _position);
            _position = close < 0 ? _pattern.Length : close + 1;
            return false;
        }

        _out.Append('(');
        var skipped = rest.StartsWith("P<", StringComparison.Ordinal) ? 2
            : (rest.StartsWith("<", StringComparison.Ordinal) && rest.Length > 1 && rest[1] is not ('=' or '!'))
                || rest.StartsWith("'", StringComparison.Ordinal) ? 1 : 0;
        if (skipped > 0 && rest[skipped..].IndexOfAny('>', '\'') is > 0 and var length && IsName(rest.Slice(skipped, length)))
        {
            _names.Add(rest.Slice(skipped, length).ToString());
            _position += 1 + skipped + length + 1;
            return true;
        }

        // What else may stand there (flags, look-around, atomic groups) is the same.
        _position++;
        _out.Append('?');
        var sets = true;
        while (_position < _pattern.Length && (char.IsAsciiLetter(_pattern[_position]) || _pattern[_position] is '-' or '^' or '<'))
        {
            var flag = _pattern[_position++];
            sets &= flag != '-';
            _ignoresCase = flag == 'i' ? sets : _ignoresCase;
            _out.Append(flag);
        }

        if (_position < _pattern.Length && _pattern[_position] is ':' or '=' or '!' or '>')
        {
            _out.Append(_pattern[_position++]);
        }
        else if (_position < _pattern.Length && _pattern[_position] == ')')
        {
            _out.Append(_pattern[_position++]);
            return false; // no group, but flags for the rest of the one it stands in
        }

        return true;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return !char.IsAsciiDigit(name[0]);
    }

    private void Class()
    {
        var members = ByteClass.Parse(_pattern, ref _position, _ignoresCase);
        var needsCase = _ignoresCase && members.TellsBytesApart;
        _out.Append(needsCase ? "(?-i:" : "");
        members.AppendTo(_out);
        _out.Append(needsCase ? ")" : "");
    }
}
