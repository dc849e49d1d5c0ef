using System.Text;

namespace ProxyKit.Rules.Acls;

/// <summary>Writes expressions in PCRE's syntax as .NET has them: named classes, possessive quantifiers, <c>\Q…\E</c>, and classes such as
/// <c>\w</c> that are about ASCII alone.</summary>
/// <remarks>What is wrong in an expression stays in it, for the reader of the result to tell.</remarks>
internal static class RegexSyntax
{
    public static string FromPcre(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 16);
        var groups = new Stack<int>(); // where the groups that are open begin in the text
        var atom = 0; // where what a quantifier would be about begins
        for (var i = 0; i < pattern.Length;)
        {
            switch (pattern[i])
            {
                case '\\' when i + 1 < pattern.Length && pattern[i + 1] == 'Q':
                    var end = pattern.IndexOf("\\E", i + 2, StringComparison.Ordinal);
                    foreach (var literal in pattern[(i + 2)..(end < 0 ? pattern.Length : end)])
                    {
                        atom = text.Length;
                        AppendLiteral(text, literal);
                    }

                    i = end < 0 ? pattern.Length : end + 2;
                    break;
                case '\\':
                    atom = text.Length;
                    i = AppendEscape(text, pattern, i, inClass: false);
                    break;
                case '[':
                    atom = text.Length;
                    i = AppendClass(text, pattern, i);
                    break;
                case '(':
                    groups.Push(text.Length);
                    i = AppendOpening(text, pattern, i);
                    break;
                case ')':
                    atom = groups.TryPop(out var begin) ? begin : text.Length;
                    text.Append(')');
                    i++;
                    break;
                case '*' or '+' or '?' or '{' when QuantifierAt(pattern, i) is var length and > 0 && i > 0 && pattern[i - 1] != '(':
                    text.Append(pattern, i, length);
                    i += length;
                    if (i < pattern.Length && pattern[i] == '+')
                    {
                        text.Insert(atom, "(?>").Append(')'); // what a possessive quantifier took it does not give back
                        i++;
                    }
                    else if (i < pattern.Length && pattern[i] == '?')
                    {
                        text.Append('?');
                        i++;
                    }

                    break;
                default:
                    atom = text.Length;
                    text.Append(pattern[i++]);
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>Begins a group. .NET counts those with a name behind the others, PCRE counts all from the left; so names go, unless the
    /// expression needs them.</summary>
    private static int AppendOpening(StringBuilder text, string pattern, int start)
    {
        var name = string.CompareOrdinal(pattern, start, "(?P<", 0, 4) == 0 ? start + 4
            : string.CompareOrdinal(pattern, start, "(?<", 0, 3) == 0 ? start + 3
            : 0;
        text.Append('(');
        if (name == 0)
        {
            return start + 1;
        }

        var end = name;
        while (end < pattern.Length && (char.IsAsciiLetter(pattern[end]) || pattern[end] == '_' || (end > name && char.IsAsciiDigit(pattern[end]))))
        {
            end++;
        }

        if (end > name && end < pattern.Length && pattern[end] == '>' && !pattern.Contains("\\k", StringComparison.Ordinal))
        {
            return end + 1;
        }

        text.Append('?');
        return name - 1;
    }

    private static int QuantifierAt(string pattern, int start)
    {
        if (pattern[start] != '{')
        {
            return 1;
        }

        var i = start + 1;
        while (i < pattern.Length && (char.IsAsciiDigit(pattern[i]) || pattern[i] == ','))
        {
            i++;
        }

        return i < pattern.Length && pattern[i] == '}' && char.IsAsciiDigit(pattern[start + 1]) ? i + 1 - start : 0;
    }

    private static int AppendEscape(StringBuilder text, string pattern, int start, bool inClass)
    {
        if (start + 1 == pattern.Length)
        {
            text.Append('\\');
            return start + 1;
        }

        var members = pattern[start + 1] switch
        {
            'd' or 'D' => "0-9",
            'w' or 'W' => "a-zA-Z0-9_",
            's' or 'S' => "\\t-\\r ",
            'h' or 'H' => "\\t ",
            '_' => "_",
            _ => null,
        };
        if (members is null)
        {
            text.Append(pattern, start, 2);
        }
        else if (!inClass)
        {
            text.Append(char.IsAsciiLetterUpper(pattern[start + 1]) ? "[^" : "[").Append(members).Append(']');
        }
        else if (char.IsAsciiLetterUpper(pattern[start + 1]))
        {
            text.Append(ComplementOf(pattern[start + 1]));
        }
        else
        {
            text.Append(members);
        }

        return start + 2;
    }

    /// <summary>Copies a class in brackets.</summary>
    private static int AppendClass(StringBuilder text, string pattern, int start)
    {
        text.Append('[');
        var i = start + 1;
        if (i < pattern.Length && pattern[i] == '^')
        {
            text.Append('^');
            i++;
        }

        if (i < pattern.Length && pattern[i] == ']')
        {
            text.Append("\\]");
            i++;
        }

        while (i < pattern.Length && pattern[i] != ']')
        {
            var end = string.CompareOrdinal(pattern, i, "[:", 0, 2) == 0 ? pattern.IndexOf(":]", i + 2, StringComparison.Ordinal) : -1;
            if (end > 0 && MembersOf(pattern[(i + 2)..end]) is { } members)
            {
                text.Append(members);
                i = end + 2;
            }
            else if (pattern[i] == '\\')
            {
                i = AppendEscape(text, pattern, i, inClass: true);
            }
            else
            {
                text.Append(pattern[i] == '[' ? "\\[" : pattern[i].ToString()); // which to .NET might begin a class to leave out
                i++;
            }
        }

        if (i < pattern.Length)
        {
            text.Append(']');
            i++;
        }

        return i;
    }

    private static string? MembersOf(string name) => name switch
    {
        "alpha" => "a-zA-Z",
        "digit" => "0-9",
        "alnum" => "a-zA-Z0-9",
        "upper" => "A-Z",
        "lower" => "a-z",
        "space" => "\\t-\\r ",
        "blank" => "\\t ",
        "punct" => "!-/:-@\\[-`{-~",
        "xdigit" => "0-9A-Fa-f",
        "cntrl" => "\\x00-\\x1f\\x7f",
        "graph" => "!-~",
        "print" => " -~",
        "word" => "a-zA-Z0-9_",
        "ascii" => "\\x00-\\x7f",
        _ => null,
    };

    private static string ComplementOf(char name) => name switch
    {
        'D' => "\\x00-/:-\\xff",
        'W' => "\\x00-/:-@\\[-^`{-\\xff",
        'S' => "\\x00-\\x08\\x0e-\\x1f!-\\xff",
        _ => "\\x00-\\x08\\x0a-\\x1f!-\\xff",
    };

    private static void AppendLiteral(StringBuilder text, char literal)
    {
        if ("\\*+?|{}[]()^$.# ".Contains(literal, StringComparison.Ordinal))
        {
            text.Append('\\');
        }

        text.Append(literal);
    }
}
