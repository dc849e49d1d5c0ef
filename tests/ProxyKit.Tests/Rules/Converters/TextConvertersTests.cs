using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Converters;

public sealed class TextConvertersTests
{
    private const string Ns = Evaluation.NoSample;

    [Theory]
    [InlineData("meth(GET),lower", "get")]
    [InlineData("str(Hello),upper", "HELLO")]
    [InlineData("str(Hello),lower", "hello")]
    [InlineData("bin(c3894162),lower", "\u00c3\u0089ab")]
    [InlineData("bin(c3a9),upper", "\u00c3\u00a9")]
    [InlineData("bin(41004142),lower", "a")]
    [InlineData("int(12),lower", "12")]
    [InlineData("bin(610062),length", "1")]
    [InlineData("str(),length", "0")]
    [InlineData("int(-12),length", "3")]
    [InlineData("str(abc),reverse", "cba")]
    [InlineData("str(),reverse", "")]
    [InlineData("str(mail.example.com.),reverse_dom", "com.example.mail")]
    [InlineData("str(Mail.example.com:80),reverse_dom", "com:80.example.Mail")]
    [InlineData("str(localhost),reverse_dom", "localhost")]
    [InlineData("str(a..b),reverse_dom", Ns)]
    [InlineData("str(.a),reverse_dom", Ns)]
    [InlineData("str(.),reverse_dom", Ns)]
    [InlineData("str(a..),reverse_dom", Ns)]
    [InlineData("str(),reverse_dom", Ns)]
    [InlineData("str(__abc_),ltrim(_)", "abc_")]
    [InlineData("str(__abc_),ltrim(_abc)", "")]
    [InlineData("str(__abc_),ltrim", "__abc_")]
    [InlineData("str(__abc_),rtrim(_a)", "__abc")]
    [InlineData("str(a\\r\\nb),cut_crlf", "a")]
    [InlineData("str(a\\nb),cut_crlf", "a")]
    [InlineData("str(ab),cut_crlf", "ab")]
    public void Text_is_changed_byte_by_byte(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("str(abc),concat(-,txn.s,+)", "abc-abc+")]
    [InlineData("str(abc),concat(-,txn.missing,+)", "abc-+")]
    [InlineData("str(abc),concat(-,,+)", "abc-+")]
    [InlineData("str(abc),concat(,txn.i)", "abc3")]
    [InlineData("str(abc),concat", "abc")]
    [InlineData("int(5),concat()", "5")]
    [InlineData("str(),add_item(\":\",txn.s)", "abc")]
    [InlineData("str(x),add_item(\":\",txn.s)", "x:abc")]
    [InlineData("str(x),add_item(\":\",txn.missing)", "x")]
    [InlineData("str(x),add_item(\":\",txn.e,!)", "x:!")]
    [InlineData("str(x),add_item(\":\",,!)", "x:!")]
    [InlineData("str(),add_item(\":\",,!)", "!")]
    [InlineData("str(ab),strcmp(txn.s)", "-1")]
    [InlineData("str(abc),strcmp(txn.s)", "0")]
    [InlineData("str(abcd),strcmp(txn.s)", "1")]
    [InlineData("str(b),strcmp(txn.s)", "1")]
    [InlineData("str(3),strcmp(txn.i)", "0")]
    [InlineData("str(b),strcmp(txn.missing)", Ns)]
    public void Text_meets_a_variable(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Fact]
    public void Concat_and_item_are_cut_to_what_a_result_may_be()
    {
        var evaluation = new Evaluation();
        evaluation.Of($"str({new string('x', 10_000)}),set-var(txn.long)");

        Assert.Equal("16384", evaluation.Of("str(a),concat(,txn.long),concat(,txn.long),length"));
        Assert.Equal("16384", evaluation.Of("str(a),add_item(-,txn.long),add_item(-,txn.long),length"));
    }

    [Fact]
    public void Item_without_variable_and_suffix_is_a_fault() => Assert.Equal(
        "invalid args in converter 'add_item' : one of the optional arguments has to be nonempty", Evaluation.FaultOf("str(a),add_item(-)"));

    [Theory]
    [InlineData("str(f1_f2_f3__f5),field(4,_)", "")]
    [InlineData("str(f1_f2_f3__f5),field(5,_)", "f5")]
    [InlineData("str(f1_f2_f3__f5),field(6,_)", Ns)]
    [InlineData("str(f1_f2_f3__f5),field(2,_,0)", "f2_f3__f5")]
    [InlineData("str(f1_f2_f3__f5),field(2,_,2)", "f2_f3")]
    [InlineData("str(f1_f2_f3__f5),field(3,_,2)", "f3_")]
    [InlineData("str(f1_f2_f3__f5),field(2,_,9)", "f2_f3__f5")]
    [InlineData("str(f1_f2_f3__f5),field(-1,_)", "f5")]
    [InlineData("str(f1_f2_f3__f5),field(-2,_,3)", "f2_f3_")]
    [InlineData("str(f1_f2_f3__f5),field(-3,_,0)", "f1_f2_f3")]
    [InlineData("str(f1_f2_f3__f5),field(-2,_,9)", "f1_f2_f3_")]
    [InlineData("str(f1_f2_f3__f5),field(-5,_)", "f1")]
    [InlineData("str(f1_f2_f3__f5),field(-6,_)", Ns)]
    [InlineData("str(),field(1,_)", "")]
    [InlineData("str(),field(-1,_)", "")]
    [InlineData("str(),field(2,_)", Ns)]
    [InlineData("str(_),field(1,_,0)", "_")]
    [InlineData("str(_),field(2,_)", "")]
    [InlineData("str(_),field(-2,_)", "")]
    [InlineData("str(a_b_c),field(1,_,-1)", "a_b_c")]
    [InlineData("str(a_b_c),field(1,_,)", "a_b_c")]
    [InlineData("str(a-b_c),field(2,_-)", "b")]
    [InlineData("str(f1_f2_f3__f5),word(4,_)", "f5")]
    [InlineData("str(f1_f2_f3__f5),word(5,_)", Ns)]
    [InlineData("str(f1_f2_f3__f5),word(3,_,2)", "f3__f5")]
    [InlineData("str(f1_f2_f3__f5),word(-2,_,3)", "f1_f2_f3")]
    [InlineData("str(f1_f2_f3__f5),word(-3,_,0)", "f1_f2")]
    [InlineData("str(f1_),word(1,_,0)", "f1_")]
    [InlineData("str(f1_),word(1,_,2)", "f1_")]
    [InlineData("str(f1_),word(1,_)", "f1")]
    [InlineData("str(f1_),word(1,_,)", "f1_")]
    [InlineData("str(___),word(1,_)", Ns)]
    [InlineData("str(),word(1,_)", Ns)]
    [InlineData("str(___f1__f2__),word(1,_,2)", "f1__f2")]
    [InlineData("str(___f1__f2__),word(1,_,3)", "f1__f2__")]
    [InlineData("str(___f1__f2__),word(-1,_,0)", "___f1__f2")]
    [InlineData("str(___f1__f2__),word(-1,_,2)", "f1__f2")]
    [InlineData("str(___f1__f2__),word(-2,_)", "f1")]
    [InlineData("str(___f1__f2__),word(-3,_)", Ns)]
    [InlineData("str(/f1/f2/f3/f4),word(1,/)", "f1")]
    [InlineData("str(xa=1&a=2),param(a)", "2")]
    [InlineData("str(a&b=c),param(a)", "")]
    [InlineData("str(a=&b=c),param(a)", "")]
    [InlineData("str(a=1&b=c),param(A)", Ns)]
    [InlineData("str(aa=1),param(a)", Ns)]
    [InlineData("str(a=1;b=2%20),param(b,;)", "2%20")]
    [InlineData("str(a=1;b=2),param(b,0x3B)", "2")]
    public void Field_is_cut_out(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("str(a),field(0,_)", "invalid args in converter 'field' : Unexpected value 0 for index")]
    [InlineData("str(a),field(1)", "invalid args in converter 'field' : Empty separators list")]
    [InlineData("str(a),word(0,_)", "invalid args in converter 'word' : Unexpected value 0 for index")]
    [InlineData("str(a),word()", "invalid arg 1 in converter 'word' : missing arguments (got 0/2), type 'integer' expected")]
    [InlineData("str(a),field(x,_)", "invalid arg 1 in converter 'field' : failed to parse 'x' as type 'integer'")]
    public void Field_of_wrong_number_is_a_fault(string expression, string fault) => Assert.Equal(fault, Evaluation.FaultOf(expression));

    [Theory]
    [InlineData("str(\"fr;q=0.5,en;q=0.8,de\"),language(\"fr;en\")", "en")]
    [InlineData("str(\"en-us,fr\"),language(\"en;fr\")", "en")]
    [InlineData("str(\"en ; q=0.3 , fr;q=0.2\"),language(\"fr;en\")", "en")]
    [InlineData("str(\"en;q=0,fr;q=0.2\"),language(\"fr;en\")", "fr")]
    [InlineData("str(\"fr;q=0.5555,en;q=0.555\"),language(\"en;fr\")", "fr")]
    [InlineData("str(\"en,fr\"),language(\"fr;en\")", "en")]
    [InlineData("str(\"fr;level=1\"),language(fr)", "fr")]
    [InlineData("str(\" en\"),language(en)", "en")]
    [InlineData("str(en),language(\"en-US\")", Ns)]
    [InlineData("str(EN),language(en)", Ns)]
    [InlineData("str(enx),language(en)", Ns)]
    [InlineData("str(*),language(\"fr;en\")", Ns)]
    [InlineData("str(de),language(\"fr;en\",xx)", "xx")]
    [InlineData("str(\"en;q=0\"),language(\"fr;en\")", Ns)]
    public void Language_with_the_highest_weight_wins(string expression, string expected) =>
        Assert.Equal(expected, Evaluation.Once(expression));

    [Fact]
    public void Slice_of_a_text_stays_a_text() => Assert.Equal(SampleType.String, new Evaluation().TypeOf("str(ab),bytes(0)"));
}
