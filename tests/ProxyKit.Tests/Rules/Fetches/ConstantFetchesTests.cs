using ProxyKit.Rules.Samples;
using ProxyKit.Tests.Rules.Converters;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class ConstantFetchesTests
{
    [Theory]
    [InlineData("always_true", SampleType.Boolean, "1")]
    [InlineData("always_false", SampleType.Boolean, "0")]
    [InlineData("bool(TRUE)", SampleType.Boolean, "1")]
    [InlineData("bool(0)", SampleType.Boolean, "0")]
    [InlineData("int(-3)", SampleType.Integer, "-3")]
    [InlineData("ipv4(1.2.3.4)", SampleType.IPv4, "1.2.3.4")]
    [InlineData("ipv6(::1)", SampleType.IPv6, "::1")]
    [InlineData("meth(foo)", SampleType.Method, "foo")]
    [InlineData("str(x)", SampleType.String, "x")]
    [InlineData("str()", SampleType.String, "")]
    [InlineData("str(\u00e9)", SampleType.String, "\u00c3\u00a9")]
    [InlineData("bin(4a4B)", SampleType.Binary, "JK")]
    public void Constant_is_what_was_written(string expression, SampleType type, string expected)
    {
        var evaluation = new Evaluation();

        Assert.Equal(type, evaluation.TypeOf(expression));
        Assert.Equal(expected, evaluation.Of(expression));
    }

    [Theory]
    [InlineData("bool(yes)", "invalid args in fetch method 'bool' : failed to parse 'yes' as type 'boolean'")]
    [InlineData("ipv4(1.2.3.4/8)", "invalid args in fetch method 'ipv4' : failed to parse '1.2.3.4/8' as type 'ipv4 address'")]
    [InlineData("ipv4(1.2.3)", "invalid args in fetch method 'ipv4' : failed to parse '1.2.3' as type 'ipv4 address'")]
    [InlineData("ipv6(1.2.3.4)", "invalid args in fetch method 'ipv6' : failed to parse '1.2.3.4' as type 'ipv6 address'")]
    public void Constant_that_is_none_is_a_fault(string expression, string fault) => Assert.Equal(fault, Evaluation.FaultOf(expression));

    [Theory]
    [InlineData("bin(4)")]
    [InlineData("bin(zz)")]
    public void Odd_bytes_are_a_fault(string expression) =>
        Assert.StartsWith("invalid args in fetch method 'bin' : ", Evaluation.FaultOf(expression), StringComparison.Ordinal);
}
