using ProxyKit.Regexes;

namespace ProxyKit.Rules.Acls;

/// <summary>Finds bytes that whatever a regular expression is found in must have. Where an expression says something that this does not
/// know, there are none: too few cost time, wrong ones would lose matches.</summary>
internal static class RegexLiterals
{
    /// <summary>Chooses for each of some expressions the literal that the fewest others share, of those the longest; null where it has none.</summary>
    public static byte[]?[] Choose(ReadOnlySpan<RuleRegex> expressions, bool ignoresCase)
    {
        var literals = new List<byte[]>[expressions.Length];
        var uses = new Dictionary<byte[], int>(ByteKeys.Comparer);
        for (var i = 0; i < literals.Length; i++)
        {
            literals[i] = Of(expressions[i].Source, ignoresCase);
            foreach (var literal in literals[i])
            {
                uses[literal] = uses.GetValueOrDefault(literal) + 1;
            }
        }

        return Array.ConvertAll(literals, own => own.MinBy(literal => (uses[literal], -literal.Length)));
    }

    /// <summary>The literals of an expression in .NET's syntax: runs of characters outside of groups and classes that no quantifier makes
    /// optional. In lower case where case does not matter.</summary>
    public static List<byte[]> Of(string source, bool ignoresCase)
    {
        var found = new List<byte[]>();
        var run = new List<byte>();
        var depth = 0; // of groups
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            switch (c)
            {
                case '\\' when i + 1 < source.Length && IsPlainEscape(source[i + 1]):
                    i++;
                    if (!char.IsAsciiLetter(source[i]))
                    {
                        Add(source[i]);
                        break;
                    }

                    EndRun();
                    break;
                case '[':
                    EndRun();
                    i = EndOfClass(source, i);
                    break;
                case '(' when IsPlainGroup(source, i):
                    EndRun();
                    depth++;
                    break;
                case ')' when depth > 0:
                    depth--;
                    break;
                case '|' when depth > 0:
                    break;
                case '*' or '?':
                    DropLast();
                    break;
                case '{' when QuantifierLength(source, i) is var length and > 0:
                    DropLast(); // it may say 0
                    i += length - 1;
                    break;
                case '+' or '.' or '^' or '$':
                    EndRun();
                    break;
                case '\\' or '(' or ')' or '|' or '{':
                    return [];
                default:
                    Add(c);
                    break;
            }
        }

        EndRun();
        return found;

        void Add(char c)
        {
            if (depth > 0)
            {
                return;
            }

            if (!ignoresCase)
            {
                run.Add((byte)c); // the expression was read as Latin-1
            }
            else if (char.IsAscii(c))
            {
                run.Add((byte)char.ToLowerInvariant(c));
            }
            else
            {
                EndRun(); // what its other case is, is .NET's to say
            }
        }

        void DropLast()
        {
            if (run.Count > 0)
            {
                run.RemoveAt(run.Count - 1);
            }

            EndRun();
        }

        void EndRun()
        {
            if (run.Count > 0)
            {
                found.Add([.. run]);
                run.Clear();
            }
        }
    }

    /// <summary>Whether an escape is a character as it stands, or a letter that takes nothing behind it.</summary>
    private static bool IsPlainEscape(char c) => char.IsAscii(c) && (!char.IsAsciiLetterOrDigit(c) || "dDwWsSbBAzZnrtfvea".Contains(c, StringComparison.Ordinal));

    /// <summary>Whether a group changes nothing for what is outside of it, as options do.</summary>
    private static bool IsPlainGroup(string source, int start) =>
        string.CompareOrdinal(source, start, "(?-i:", 0, 5) == 0 || // as bytes beyond ASCII are written, which have no other case
        start + 1 >= source.Length || source[start + 1] != '?' || (start + 2 < source.Length && ":=!><".Contains(source[start + 2], StringComparison.Ordinal));

    private static int EndOfClass(string source, int start)
    {
        var i = start + 1;
        while (i < source.Length && source[i] != ']')
        {
            i += source[i] == '\\' ? 2 : 1;
        }

        return i;
    }

    /// <summary>How long a quantifier in braces is; 0 where this is none or not surely one.</summary>
    private static int QuantifierLength(string source, int start)
    {
        var i = start + 1;
        while (i < source.Length && (char.IsAsciiDigit(source[i]) || source[i] == ','))
        {
            i++;
        }

        return i > start + 1 && i < source.Length && source[i] == '}' ? i + 1 - start : 0;
    }
}
