using System.Text;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Converters;

public sealed class JsonConvertersTests
{
    private const string Ns = Evaluation.NoSample;

    [Theory]
    [InlineData("bin(c3a9),json", "\\u00c3\\u00a9")]
    [InlineData("bin(c3a9),json(ascii)", "\\u00c3\\u00a9")]
    [InlineData("bin(c3a9),json(utf8)", "\\u00e9")]
    [InlineData("str(a/b),json", "a\\/b")]
    [InlineData("bin(22085c0c0a0d090102ff7f),json", "\\\"\\b\\\\\\f\\n\\r\\t\\u0001\\u0002\\u00ff\\u007f")]
    [InlineData("bin(c080),json(utf8)", Ns)]
    [InlineData("bin(c080),json(utf8s)", "")]
    [InlineData("bin(c080),json(utf8p)", "\\u0000")]
    [InlineData("bin(c080),json(utf8ps)", "\\u0000")]
    [InlineData("bin(c161),json(utf8s)", "a")]
    [InlineData("bin(e2826141),json(utf8s)", "aA")]
    [InlineData("bin(f09f9880),json(utf8)", Ns)]
    [InlineData("bin(f09f9880),json(utf8p)", Ns)]
    [InlineData("bin(f09f988041),json(utf8s)", "A")]
    [InlineData("bin(f09f988041),json(utf8ps)", "A")]
    [InlineData("bin(eda08041),json(utf8s)", "A")]
    [InlineData("bin(eda080),json(utf8p)", Ns)]
    [InlineData("bin(efbfbf41),json(utf8s)", "A")]
    [InlineData("bin(ff41),json(utf8s)", "A")]
    [InlineData("bin(e282),json(utf8s)", "")]
    [InlineData("bin(e282),json(utf8)", Ns)]
    public void Text_is_escaped_for_json(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("""{"f":123456789}""", "$.f", "", "1.23457e+08")]
    [InlineData("""{"f":123456789}""", "$.f", "int", "123456789")]
    [InlineData("""{"a":["x","y"]}""", "$.a[1]", "", "y")]
    [InlineData("""{"a":1.5e3}""", "$.a", "", "1500")]
    [InlineData("""{"a":1.5e3}""", "$.a", "int", "1")]
    [InlineData("""{"a":-1.9}""", "$.a", "int", "-1")]
    [InlineData("""{"a":9007199254740991}""", "$.a", "int", "9007199254740991")]
    [InlineData("""{"a":9007199254740992}""", "$.a", "int", Ns)]
    [InlineData("""{"a":-9007199254740992}""", "$.a", "int", Ns)]
    [InlineData("""{"a":0.00001}""", "$.a", "", "1e-05")]
    [InlineData("""{"a":-0.00012345678}""", "$.a", "", "-0.000123457")]
    [InlineData("""{"a":100000}""", "$.a", "", "100000")]
    [InlineData("""{"a":1000000}""", "$.a", "", "1e+06")]
    [InlineData("""{"a":999999.9}""", "$.a", "", "1e+06")]
    [InlineData("""{"a":2.50}""", "$.a", "", "2.5")]
    [InlineData("""{"a":-0.0}""", "$.a", "", "-0")]
    [InlineData("""{"a":1.5e+300}""", "$.a", "", "1.5e+300")]
    [InlineData("""{"a":true}""", "$.a", "", "1")]
    [InlineData("""{"a":false}""", "$.a", "int", "0")]
    [InlineData("""{"a":"5"}""", "$.a", "int", "5")]
    [InlineData("""{"a":null}""", "$.a", "", Ns)]
    [InlineData("""{"a":{"b":1}}""", "$.a", "", Ns)]
    [InlineData("""{"a":{"b":1}}""", "$.a.b", "", "1")]
    [InlineData("""{"a":[1,2,{"c":"d"}]}""", "$.a[2].c", "", "d")]
    [InlineData("""{"a":[1, 2,{"c":"d"}]}""", "$.a", "", """[1, 2,{"c":"d"}]""")]
    [InlineData("""{"a":[1,2]}""", "$.a[3]", "", Ns)]
    [InlineData("""{"a.b":7}""", """$.a\.b""", "", "7")]
    [InlineData("[1,2]", "$[1]", "", "2")]
    [InlineData("[[1,2],[3,4]]", "$[1][0]", "", "3")]
    [InlineData("\"s\"", "$", "", "s")]
    [InlineData(" { \"a\" : 1 ", "$.a", "", "1")] // what follows is not read
    [InlineData("""{"b":{"a":1},"a":2}""", "$.a", "", "2")]
    [InlineData("""{"b":[{"a":1}],"a":2}""", "$.a", "", "2")]
    [InlineData("""{"b":"\"a\":1","a":2}""", "$.a", "", "2")]
    [InlineData("""{"a":1,"a":2}""", "$.a", "", "1")]
    [InlineData("""{"a":{"x":1},"a":{"b":2}}""", "$.a.b", "", Ns)]
    [InlineData("""{"a":"q\"\n\/A\u20ac\ud83d\ude00"}""", "$.a", "", "q\"\n/A\u00e2\u0082\u00ac\u00f0\u009f\u0098\u0080")]
    [InlineData("""{"a":"\ud83d"}""", "$.a", "", Ns)]
    [InlineData("""{"a":"\x"}""", "$.a", "", Ns)]
    [InlineData("""{"a":"x}""", "$.a", "", Ns)]
    [InlineData("""{"a":01}""", "$.b", "", Ns)]
    [InlineData("{x", "$.a", "", Ns)]
    [InlineData("", "$.a", "", Ns)]
    public void Query_finds_the_value(string json, string path, string type, string expected)
    {
        var hex = Convert.ToHexString(Encoding.UTF8.GetBytes(json));

        Assert.Equal(expected, Evaluation.Once($"bin({hex}),json_query('{path}',{type})"));
    }

    [Fact]
    public void Query_gives_booleans_and_integers_as_what_they_are()
    {
        var evaluation = new Evaluation();
        var hex = Convert.ToHexString("""{"t":true,"n":1}"""u8);

        Assert.Equal(SampleType.Boolean, evaluation.TypeOf($"bin({hex}),json_query($.t)"));
        Assert.Equal(SampleType.Integer, evaluation.TypeOf($"bin({hex}),json_query($.n,int)"));
        Assert.Equal(SampleType.String, evaluation.TypeOf($"bin({hex}),json_query($.n)"));
    }

    [Fact]
    public void Query_of_endless_nesting_has_no_sample() =>
        Assert.Equal(Ns, Evaluation.Once($"bin({Convert.ToHexString(Encoding.UTF8.GetBytes(new string('[', 5_000)))}),json_query($)"));

    [Theory]
    [InlineData("str(a),json(foo)", "invalid args in converter 'json' : Unexpected input code type 'foo'. Allowed value are 'ascii', 'utf8', 'utf8s', 'utf8p' and 'utf8ps'")]
    [InlineData("str(a),json_query($.a,string)", "invalid args in converter 'json_query' : output_type only supports \"int\" as argument")]
    [InlineData("str(a),json_query", "invalid args in converter 'json_query' : json_path must not be empty")]
    [InlineData("str(a),json_query(a)", "invalid args in converter 'json_query' : 'a' is no JSON path: it must begin with $")]
    public void Wrong_argument_is_a_fault(string expression, string fault) => Assert.Equal(fault, Evaluation.FaultOf(expression));
}
