using System.Buffers;
using System.Globalization;
using System.Text;

namespace ProxyKit.Rules.Acls;

/// <summary>The words of a condition that is written as one text.</summary>
internal static class ConditionText
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(" \t\r\n\\\"'#");

    /// <summary>Takes a text apart at its blanks; quotes and backslashes are those of a configuration file, without its comments and
    /// environment variables.</summary>
    /// <exception cref="RuleFaultException">A quote is not closed, or <c>\x</c> is not followed by two digits.</exception>
    public static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var isWord = false; // also when it is empty so far, as "" is
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\0' && c is ' ' or '\t' or '\r' or '\n')
            {
                if (isWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                    isWord = false;
                }

                continue;
            }

            isWord = true;
            if (c == '\\' && quote != '\'')
            {
                i = AppendEscape(word, text, i, isQuoted: quote == '"');
            }
            else if (quote != '\0' ? c == quote : c is '"' or '\'')
            {
                quote = quote == '\0' ? c : '\0';
            }
            else
            {
                word.Append(c);
            }
        }

        if (quote != '\0')
        {
            throw new RuleFaultException($"unmatched quote in '{text}'");
        }

        if (isWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>A word as it must be written to be one.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && !word.AsSpan().ContainsAny(NeedsQuotes) ? word
        : !word.Contains('\'', StringComparison.Ordinal) ? $"'{word}'"
        : QuoteAlways(word);

    /// <summary>A word in double quotes, whatever it is.</summary>
    public static string QuoteAlways(string word) =>
        $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal)}\"";

    /// <summary>Resolves a backslash, which is itself unless one of a few characters follows: <c>\.</c> in an expression needs no other.</summary>
    /// <returns>Where the last character of it is.</returns>
    private static int AppendEscape(StringBuilder word, string text, int position, bool isQuoted)
    {
        var next = position + 1 < text.Length ? text[position + 1] : '\0';
        switch (next)
        {
            case ' ' or '\\' or '#' or '\'' or '"':
                word.Append(next);
                return position + 1;
            case 'n' or 'r' or 't':
                word.Append(next == 'n' ? '\n' : next == 'r' ? '\r' : '\t');
                return position + 1;
            case '$' when isQuoted:
                word.Append('$');
                return position + 1;
            case 'x':
                var digits = text.AsSpan(position + 2, Math.Min(2, text.Length - position - 2));
                word.Append(digits.Length == 2 && byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                    ? (char)value
                    : throw new RuleFaultException("truncated or invalid hexadecimal sequence"));
                return position + 3;
            default:
                word.Append('\\');
                return position;
        }
    }
}
