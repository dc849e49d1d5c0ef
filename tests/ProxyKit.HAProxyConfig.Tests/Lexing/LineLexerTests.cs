using ProxyKit.HAProxyConfig.Lexing;

namespace ProxyKit.HAProxyConfig.Tests.Lexing;

public sealed class LineLexerTests
{
    private static readonly Dictionary<string, string> Environment = new()
    {
        ["HOME"] = "/root",
        ["EMPTY"] = "",
        ["LIST"] = "one two  three",
        ["ACCENT"] = "é",
        ["LINES"] = "one\ttwo\r\nthree\vfour\f five",
    };

    public static TheoryData<string, string[]> Lines => new()
    {
        { "", [] },
        { "   \t ", [] },
        { "# all", [] },
        { "  bind\t:80  ", ["bind", ":80"] },
        { "global#x", ["global"] },
        { "a b#c d", ["a", "b"] },
        { "a \"b#c\" 'd#e' f\\#g", ["a", "b#c", "d#e", "f#g"] },
        { "log-format %t\\ x", ["log-format", "%t x"] },
        { "log-format \"%t x\"", ["log-format", "%t x"] },
        { "a '' \"\" b", ["a", "", "", "b"] },
        { "a\"b c\"d 'e f'g", ["ab cd", "e fg"] },
        { "\\ \\\\ \\# \\' \\\"", [" \\", "#", "'", "\""] },
        { "\"\\ \\\\\\#\\'\\\"\"", [" \\#'\""] },
        { "'\\ \\\\\\#\\n\\x41'", ["\\ \\\\\\#\\n\\x41"] },
        { "\\n\\r\\t \"\\n\\r\\t\"", ["\n\r\t", "\n\r\t"] },
        { "\\x41\\x7e \"\\x42\" \\xC3\\xA9", ["A~", "B", "é"] },
        { "\\$ \"\\$\" '\\$'", ["\\$", "$", "\\$"] },
        { "\\1 \"\\1\" \\a", ["\\1", "\\1", "\\a"] },
        { "a\\", ["a\\"] },
        { "a \\\tb", ["a", "\\", "b"] },
        { "$HOME '$HOME' ${HOME}", ["$HOME", "$HOME", "${HOME}"] },
        { "\"$HOME/x\" \"${HOME}x\"", ["/root/x", "/rootx"] },
        { "\"$NONE\" \"${NONE}\" \"${NONE-}\"", ["", "", ""] },
        { "\"${NONE-def ault}\" \"${EMPTY-def}\" \"${HOME-def}\"", ["def ault", "", "/root"] },
        { "\"${LIST[*]}\"", ["one", "two", "three"] },
        { "\"<${LIST[*]}>\" \"${LIST}\"", ["<one", "two", "three>", "one two  three"] },
        { "\"${NONE[*]-x}\" '${LIST[*]}'", ["x", "${LIST[*]}"] },
        { "\"${LINES[*]}\"", ["one", "two", "three", "four", "five"] },
        { "\"${.FILE}|${.LINE}|${.SECTION}|${.LINE-x}|${.LINE[*]}|$.LINE.x\" '${.LINE}'", ["|0||0|0|0.x", "${.LINE}"] },
        { "\"$ACCENT\" é", ["é", "é"] },
        { "'%[path,regsub(\"(foo|bar)\",x,g)]'", ["%[path,regsub(\"(foo|bar)\",x,g)]"] },
        { "a \"b'c\" 'd\"e'", ["a", "b'c", "d\"e"] },
    };

    public static TheoryData<string, string, int> Faults => new()
    {
        { "a \"b", "unmatched quote at position 3:\n  a \"b\n    ^", 3 },
        { "a 'b\"", "unmatched quote at position 3:\n  a 'b\"\n    ^", 3 },
        { "\"${HOME\"", "unmatched brace in environment variable name at position 2:\n  \"${HOME\"\n   ^", 2 },
        { "\"${HOME-x", "unmatched brace in environment variable name at position 2:\n  \"${HOME-x\n   ^", 2 },
        { "\"${HOME!}\"", "unmatched brace in environment variable name at position 2:\n  \"${HOME!}\"\n   ^", 2 },
        { "\"$5\"", "forbidden first char in environment variable name at position 3:\n  \"$5\"\n    ^", 3 },
        { "\"$.LINEX\"", "forbidden first char in environment variable name at position 3:\n  \"$.LINEX\"\n    ^", 3 },
        { "\"${.OTHER-x}\"", "forbidden first char in environment variable name at position 4:\n  \"${.OTHER-x}\"\n     ^", 4 },
        { "\"${.}\"", "forbidden first char in environment variable name at position 4:\n  \"${.}\"\n     ^", 4 },
        { "\"${}\"", "forbidden first char in environment variable name at position 4:\n  \"${}\"\n     ^", 4 },
        { "\"$\"", "forbidden first char in environment variable name at position 3:\n  \"$\"\n    ^", 3 },
        { "\"${LIST[1]}\"", "truncated or invalid word expansion sequence at position 8:\n  \"${LIST[1]}\"\n         ^", 8 },
        { "\"${LIST[*", "truncated or invalid word expansion sequence at position 8:\n  \"${LIST[*\n         ^", 8 },
        { "a \\x4", "truncated or invalid hexadecimal sequence at position 3:\n  a \\x4\n    ^", 3 },
        { "a \\xzz b", "truncated or invalid hexadecimal sequence at position 3:\n  a \\xzz b\n    ^", 3 },
        { "a b\0c", "unexpected NUL byte at position 4:\n  a b c\n     ^", 4 },
        { "\t'", "unmatched quote at position 2:\n   '\n   ^", 2 },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Line_is_divided_into_words(string line, string[] words)
    {
        Assert.True(Lex(line, out var found, out var fault), fault?.Message);
        Assert.Equal(words, found.Select(static w => w.Text));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_is_told_with_its_position(string line, string message, int position)
    {
        Assert.False(Lex(line, out _, out var fault));
        Assert.Equal(message, fault!.Message);
        Assert.Equal(position, fault.Position);
    }

    [Theory]
    [InlineData("jwt secret \"s3cr3t audience api", "unmatched quote at position 12 of a line that may hold a secret and is not shown.")]
    [InlineData("user bob insecure-password 's3cr3t", "unmatched quote at position 28 of a line that may hold a secret and is not shown.")]
    [InlineData("  introspection https://a/ me \"s3cr3t\\xzz\"", "truncated or invalid hexadecimal sequence at position 38 of a line that may hold a secret and is not shown.")]
    [InlineData("dynamic-cookie-key s3cr3t\0", "unexpected NUL byte at position 26 of a line that may hold a secret and is not shown.")]
    [InlineData("setenv KEY \"${s3cr3t", "unmatched brace in environment variable name at position 13 of a line that may hold a secret and is not shown.")]
    public void Fault_of_a_line_that_may_hold_a_secret_does_not_show_it(string line, string message)
    {
        Assert.False(Lex(line, out _, out var fault));
        Assert.Equal(message, fault!.Message);
    }

    [Fact]
    public void Word_too_many_of_a_secret_is_not_shown()
    {
        Assert.False(Lex("password " + string.Join(' ', Enumerable.Repeat("a", 63)) + " s3cr3t", out _, out var fault));
        Assert.Equal("too many words, truncating after word 64, position 136.", fault!.Message);
    }

    [Fact]
    public void Words_know_where_they_begin()
    {
        Assert.True(Lex("  bind \"x y\"  \\ z", out var words, out _));
        Assert.Equal([3, 8, 15], words.Select(static w => w.Column));
    }

    [Fact]
    public void Sixty_four_words_are_the_most()
    {
        Assert.True(Lex(string.Join(' ', Enumerable.Repeat("a", 64)), out var words, out _));
        Assert.Equal(64, words.Count);

        Assert.False(Lex(string.Join(' ', Enumerable.Repeat("a", 64)) + " last", out _, out var fault));
        Assert.Equal("too many words, truncating after word 64, position 129: <last>.", fault!.Message);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        Assert.False(Lex("a \\xff", out _, out var fault));
        Assert.StartsWith("byte sequence that is not UTF-8 at position 3:", fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_lines_are_read()
    {
        Assert.True(Lex("a " + new string('b', 1_000_000), out var words, out _));
        Assert.Equal(1_000_000, words[1].Text.Length);
    }

    private static bool Lex(string line, out IReadOnlyList<Word> words, out LexFault? fault)
    {
        // A line comes as bytes, each in a character of its own.
        var bytes = System.Text.Encoding.Latin1.GetString(System.Text.Encoding.UTF8.GetBytes(line));
        return new LineLexer(new ConfigVariables(Environment)).TryLex(bytes, out words, out fault);
    }
}
