using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Formats;
using ProxyKit.Rules.Samples;
using ProxyKit.Tests.Logging;

namespace ProxyKit.Tests.Rules.Formats;

public sealed class FormatUseTests
{
    [Theory]
    [InlineData(FormatUse.Log, "[-][-][\"\"]")]
    [InlineData(FormatUse.Header, "[][][]")]
    [InlineData(FormatUse.UniqueId, "[][][]")]
    [InlineData(FormatUse.Raw, "[][][\"\"]")]
    public void What_is_not_there_prints(FormatUse use, string expected) =>
        Assert.Equal(expected, FormatBench.Write("[%[t.none]][%[t.str()]][%{+Q}[t.none]]", use: use));

    [Theory]
    [InlineData(FormatUse.Log, "- \"\" -:- -")]
    [InlineData(FormatUse.Header, " \"\" : ")]
    [InlineData(FormatUse.Raw, " \"\" : ")]
    public void A_fact_that_is_not_there_prints(FormatUse use, string expected) =>
        Assert.Equal(expected, FormatBench.Write("%CC %{+Q}CC %bi:%bp %ID", use: use));

    [Fact]
    public void Unsafe_bytes_of_an_expression_are_encoded_by_the_use()
    {
        const string Format = "x%[t.str('\t\n\\r\"#\u007f\u00e9{|} ')]";

        Assert.Equal("x#09#0A\\r#22#23#7F#E9{|} ", FormatBench.Write(Format));
        Assert.Equal("x\t%0A\\r\"#%7F\u00e9{|} ", FormatBench.Write(Format, use: FormatUse.Header));
        Assert.Equal("x\t%0A\\r\"#%7F\u00e9{|} ", FormatBench.Write(Format, use: FormatUse.UniqueId));
        Assert.Equal("x\t\n\\r\"#\u007f\u00e9{|} ", FormatBench.Write(Format, use: FormatUse.Raw));
    }

    [Fact]
    public void No_flag_lets_a_control_byte_into_a_header_field()
    {
        var all = string.Concat(Enumerable.Range(1, 255).Select(i => i.ToString("x2", null)));
        foreach (var flags in new[] { "+bin", "+E", "+Q", "+json", "+cbor", "+cbor,+bin" })
        {
            foreach (var use in new[] { FormatUse.Header, FormatUse.UniqueId })
            {
                var text = FormatBench.Write($"%{{{flags}}}[t.bin({all})] %{{{flags}}}o%(n)[t.bin({all})]", use: use);

                Assert.DoesNotContain(text, static c => c is < '\t' or > '\t' and < ' ' or '\u007f');
            }
        }

        Assert.Equal("%01\t%1F%7F", FormatBench.Write("%[t.bin(01091f7f)]", use: FormatUse.Header));
    }

    [Theory]
    [InlineData(FormatUse.Log)]
    [InlineData(FormatUse.Header)]
    [InlineData(FormatUse.Raw)]
    public void The_request_line_is_encoded_whatever_the_use(FormatUse use) => Assert.Equal(
        "GET /#22#23#FF|/#22#23#FF",
        FormatBench.Write("%r|%HP", new LoggedExchange { RequestLine = [.. "GET /\"#"u8, 0xFF] }, use));

    [Theory]
    [InlineData(FormatUse.Log, "\"a\" \"api\"")]
    [InlineData(FormatUse.Raw, "\"a\" \"api\"")]
    [InlineData(FormatUse.Header, "a \"api\"")]
    [InlineData(FormatUse.UniqueId, "a \"api\"")]
    public void Quotes_go_around(FormatUse use, string expected) => Assert.Equal(expected, FormatBench.Write("%{+Q}[t.str(a)] %{+Q}b", use: use));

    [Theory]
    [InlineData("a b", "a b")]
    [InlineData("%%", "%")]
    [InlineData("%[t.str(v)]", "v")]
    [InlineData("%[t.int(5)]", "5")]
    [InlineData("%[t.bool(1)]", "1")]
    [InlineData("%[t.none]", "")]
    [InlineData("%[t.str(\\n)]", "%0A")]
    [InlineData("<%[t.str(v),t.twice]>%b", "<vv>api")]
    public void As_an_expression_it_always_has_a_text(string format, string expected)
    {
        var expression = Value.Format(format, FormatBench.Language);
        Assert.Equal(SampleType.String, expression.Type);
        var compiled = expression.Compile(new RuleCompiler());
        var context = FormatBench.ContextOf(new LoggedExchange());
        var sample = default(Sample);

        Assert.True(compiled.TryEvaluate(context, ref sample));
        Assert.Equal(SampleType.String, sample.Type);
        Assert.Equal(expected, Encoding.Latin1.GetString(sample.Bytes));
    }

    [Fact]
    public void A_constant_for_a_log_has_its_blanks_merged()
    {
        var compiled = Value.Format("  a   b ", use: FormatUse.Log).Compile(new RuleCompiler());

        Assert.Equal("a b ", Encoding.Latin1.GetString(compiled.Text(FormatBench.ContextOf(new LoggedExchange()))));
    }

    [Fact]
    public void A_text_is_cut_at_what_a_result_may_be()
    {
        var context = FormatBench.ContextOf(new LoggedExchange());
        var value = $"t.str({new string('x', 3 * Scratch.MaxResult / 4)})";

        foreach (var format in new[] { $"%[{value},t.twice]", $"a%[{value}]%[{value}]" })
        {
            Assert.Equal(Scratch.MaxResult, Value.Format(format, FormatBench.Language).Compile(new RuleCompiler()).Text(context).Length);
        }
    }

    [Theory]
    [InlineData("%[t.pending]")]
    [InlineData("a%[t.pending]")]
    public void A_value_that_may_still_come_is_not_waited_for(string format)
    {
        var compiled = Value.Format(format, FormatBench.Language).Compile(new RuleCompiler());
        var context = FormatBench.ContextOf(new LoggedExchange());

        Assert.True(compiled.IsVolatile);
        compiled.Text(context);
        Assert.False(context.IsPending);
        context.IsPending = true;
        compiled.Text(context);
        Assert.True(context.IsPending);
    }

    [Fact]
    public void Only_a_format_with_facts_has_the_exchange_described()
    {
        var exchange = new LoggedExchange();
        var host = new FormatHost(exchange);
        var context = FormatBench.ContextOf(host, exchange);

        FormatBench.Write("a %[t.str(b)] c", context);
        Assert.Equal(0, host.Descriptions);
        FormatBench.Write("%ci %cp", context);
        Assert.Equal(1, host.Descriptions);
    }

    [Fact]
    public void The_same_format_can_be_made_for_another_use()
    {
        var format = LogFormat.Parse("a  %[t.none]", FormatBench.Language);

        Assert.Same(format, format.For(FormatUse.Log));
        Assert.Equal(FormatUse.Raw, format.For(FormatUse.Raw).Use);
        Assert.Equal("a  ", Encoding.Latin1.GetString(
            format.For(FormatUse.Raw).Compile(new RuleCompiler()).Text(FormatBench.ContextOf(new LoggedExchange()))));
    }
}
