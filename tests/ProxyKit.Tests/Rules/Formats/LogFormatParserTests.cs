using ProxyKit.Rules;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Tests.Rules.Formats;

public sealed class LogFormatParserTests
{
    [Theory]
    [InlineData("%xyz", "no such format alias 'xyz'. If you wanted to emit the '%' character verbatim, you need to use '%%'")]
    [InlineData("%ci1", "no such format alias 'ci1'. If you wanted to emit the '%' character verbatim, you need to use '%%'")]
    [InlineData("100%a", "no such format alias 'a'. If you wanted to emit the '%' character verbatim, you need to use '%%'")]
    [InlineData("%{+Q}5", "no such format alias '5'. If you wanted to emit the '%' character verbatim, you need to use '%%'")]
    [InlineData("%capreq", "no such format alias 'capreq'. If you wanted to emit the '%' character verbatim, you need to use '%%'")]
    [InlineData("%{+Q", "truncated line after '+Q'")]
    [InlineData("a%", "truncated line after '%'")]
    [InlineData("%(name", "truncated line after custom name 'name'")]
    [InlineData("%{+Q}", "parse argument modifier without variable name near '%{+Q}'")]
    [InlineData("%{+Q} a", "parse argument modifier without variable name near '%{+Q}'")]
    [InlineData("%{+Q}%", "parse argument modifier without variable name near '%{+Q}'")]
    [InlineData("%(name)", "parse name without variable name near '%(name)'")]
    [InlineData("%(name) ci", "parse name without variable name near '%(name)'")]
    [InlineData("%(a:int)ci", "unexpected type 'int' in '%(a:int)'. Expects 'str', 'sint' or 'bool'")]
    [InlineData("%(a b)ci", "invalid custom name 'a b' in '%(a b)'. A name has letters, digits, '_', '-' and '.' only")]
    [InlineData("%()ci", "invalid custom name '' in '%()'. A name has letters, digits, '_', '-' and '.' only")]
    [InlineData("%(:str)ci", "invalid custom name '' in '%(:str)'. A name has letters, digits, '_', '-' and '.' only")]
    [InlineData(
        "a %5",
        "unexpected variable name near '5' at position 3 line : 'a %5'. Maybe you want to write a single '%', use the syntax '%%'")]
    [InlineData("% a", "unexpected variable name near ' ' at position 1 line : '% a'. Maybe you want to write a single '%', use the syntax '%%'")]
    [InlineData("%[t.str(a)", "missing ']' after 't.str(a)'")]
    [InlineData("%{+Q}[t.str(a)", "missing ']' after 't.str(a)'")]
    [InlineData("%[", "failed to parse sample expression <> : missing fetch method")]
    [InlineData("%[]", "failed to parse sample expression <> : missing fetch method")]
    [InlineData("x %[nosuchfetch] y", "failed to parse sample expression <nosuchfetch> : unknown fetch method 'nosuchfetch'")]
    [InlineData("%[t.str(a),nosuchconv]", "failed to parse sample expression <t.str(a),nosuchconv> : unknown converter 'nosuchconv'")]
    [InlineData("%[t.int(x)]", "failed to parse sample expression <t.int(x)> : invalid arg 1 in fetch method 't.int'")]
    [InlineData("%{+Z}ci", "no such flag '+Z' in '%{+Z}'. Expects '+' or '-' and one of 'Q', 'X', 'E', 'json', 'cbor' and 'bin'")]
    [InlineData("%{Q}ci", "no such flag 'Q' in '%{Q}'. Expects '+' or '-' and one of 'Q', 'X', 'E', 'json', 'cbor' and 'bin'")]
    [InlineData("%{}ci", "no such flag '' in '%{}'. Expects '+' or '-' and one of 'Q', 'X', 'E', 'json', 'cbor' and 'bin'")]
    [InlineData("%{+Q,}ci", "no such flag '' in '%{+Q,}'. Expects '+' or '-' and one of 'Q', 'X', 'E', 'json', 'cbor' and 'bin'")]
    [InlineData("%{+Q +X}ci", "no such flag '+Q +X' in '%{+Q +X}'. Expects '+' or '-' and one of 'Q', 'X', 'E', 'json', 'cbor' and 'bin'")]
    [InlineData("a\0b", "a format cannot have a NUL character in it")]
    public void What_is_no_format_is_refused_with_its_place(string text, string fault)
    {
        var exception = Assert.Throws<RuleFaultException>(() => LogFormat.Parse(text, FormatBench.Language));

        Assert.StartsWith(fault, exception.Message, StringComparison.Ordinal);
        Assert.False(exception.Message.EndsWith('.'));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("50%% of it", "50% of it")]
    [InlineData("%%ci", "%ci")]
    [InlineData("%-a %_ %.x %!", "-a _ .x !")]
    [InlineData("[%ci]:%cp", "[203.0.113.9]:51422")]
    [InlineData("%ci%cp", "203.0.113.951422")]
    [InlineData("\u00e9", "\u00c3\u00a9")] // the format's own text, in UTF-8
    [InlineData("%[t.str(a]b)]]", "a]b]")]
    [InlineData("%[t.str(\"a b\")]%[t.str(x),t.twice]", "a bxx")]
    [InlineData("%(n)ci %(n:sint){+Q}b", "203.0.113.9 \"api\"")]
    public void Text_and_items_stand_as_written(string format, string expected) => Assert.Equal(expected, FormatBench.Write(format));

    [Theory]
    [InlineData("a   b  %ST   c", "a b 200 c")]
    [InlineData("   x ", "x ")]
    [InlineData("%o x %o y", "x y")]
    [InlineData("a %hr %hs b", "a b")]
    [InlineData("%hrl %hsl b", "b")]
    [InlineData("a\t\tb", "a\t\tb")]
    [InlineData("a  [%HQ]  b", "a [?y=1] b")]
    public void Blanks_of_a_log_merge(string format, string expected) => Assert.Equal(expected, FormatBench.Write(format));

    [Theory]
    [InlineData("a   b  %ST   c", "a   b  200   c")]
    [InlineData(" %o x ", "  x ")]
    [InlineData("a %hr %hs b", "a   b")]
    public void Blanks_elsewhere_stay(string format, string expected)
    {
        Assert.Equal(expected, FormatBench.Write(format, use: FormatUse.Header));
        Assert.Equal(expected, FormatBench.Write(format, use: FormatUse.Raw));
    }

    [Fact]
    public void A_flag_holder_is_for_all_that_follows() => Assert.Equal(
        "api \"api\" \"a2\" 2 api", FormatBench.Write("%b %{+Q}o%b %s %sc %{-Q}b"));

    [Fact]
    public void A_later_flag_holder_changes_only_what_it_names() => Assert.Equal(
        "\"api\" CB007109 \"api\" 203.0.113.9", FormatBench.Write("%{+Q,+X}o%b %ci %{-X}o %b %{-Q}ci"));

    [Fact]
    public void The_format_reads_back_as_it_was_written() =>
        Assert.Equal(AccessLogFormats.Clf, LogFormat.Parse(AccessLogFormats.Clf).ToString());

    [Fact]
    public void Value_Format_is_for_header_fields_unless_it_is_told_otherwise()
    {
        Assert.Equal(FormatUse.Header, Assert.IsType<LogFormat>(Value.Format("%ci")).Use);
        Assert.Equal(FormatUse.Raw, Assert.IsType<LogFormat>(Value.Format("%[t.none]", FormatBench.Language, FormatUse.Raw)).Use);
    }

    [Fact]
    public void A_fetch_that_is_not_known_there_is_refused_when_put_to_use()
    {
        var format = LogFormat.Parse("%[t.request]", FormatBench.Language);

        format.CompileFormat(new RuleCompiler { Stages = RuleStages.FrontendRequest });
        var fault = Assert.Throws<RuleFaultException>(() => format.CompileFormat(new RuleCompiler { Stages = RuleStages.Log }));
        Assert.StartsWith("sample fetch <t.request> may not be reliably used here", fault.Message, StringComparison.Ordinal);
    }
}
