using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Converters;

public sealed class IntegerConvertersTests
{
    private const string Ns = Evaluation.NoSample;

    [Theory]
    [InlineData("int(9223372036854775807),add(1)", "9223372036854775807")]
    [InlineData("int(-9223372036854775808),add(-1)", "-9223372036854775808")]
    [InlineData("int(5),sub(-9223372036854775808)", "9223372036854775807")]
    [InlineData("int(5),sub(7)", "-2")]
    [InlineData("int(4611686018427387904),mul(-3)", "-9223372036854775808")]
    [InlineData("int(-4611686018427387904),mul(-3)", "9223372036854775807")]
    [InlineData("int(-7),div(2)", "-3")]
    [InlineData("int(-7),div(0)", "9223372036854775807")]
    [InlineData("int(-9223372036854775808),div(-1)", "9223372036854775807")]
    [InlineData("int(-7),mod(2)", "-1")]
    [InlineData("int(-7),mod(0)", "0")]
    [InlineData("int(-9223372036854775808),mod(-1)", "0")]
    [InlineData("int(5),neg,add(8)", "3")]
    [InlineData("int(-9223372036854775808),neg", "9223372036854775807")]
    [InlineData("int(-1),and(255)", "255")]
    [InlineData("int(12),or(3)", "15")]
    [InlineData("int(12),xor(10)", "6")]
    [InlineData("int(1),cpl", "-2")]
    [InlineData("str(abc),bool", "0")]
    [InlineData("str(12abc),bool", "1")]
    [InlineData("int(0),not", "1")]
    [InlineData("int(-5),not", "0")]
    [InlineData("int(-3),odd", "1")]
    [InlineData("int(4),odd", "0")]
    [InlineData("int(4),even", "1")]
    [InlineData("int(-3),even", "0")]
    [InlineData("int(-1),htonl,hex", "FFFFFFFF")]
    [InlineData("int(4294967298),htonl,hex", "00000002")]
    [InlineData("str(ff),hex2i", "255")]
    [InlineData("str(FFFFFFFFFFFFFFFF),hex2i", "-1")]
    [InlineData("str(1FFFFFFFFFFFFFFFF),hex2i", "-1")]
    [InlineData("str(0xff),hex2i", Ns)]
    [InlineData("str(-1),hex2i", Ns)]
    [InlineData("str(),hex2i", "0")]
    [InlineData("int(2),iif(a,b)", "a")]
    [InlineData("int(0),iif(a,b)", "b")]
    [InlineData("int(0),iif(a)", "")]
    [InlineData("str(yes),iif(a,b)", "b")]
    [InlineData("str(),iif(a,b)", Ns)]
    [InlineData("str(),add(1)", Ns)]
    [InlineData("str( 12),add(1)", "1")]
    [InlineData("str(0x10),add(1)", "1")]
    [InlineData("ipv4(0.0.1.0),add(1)", "257")]
    public void Integers_are_computed_within_64_bits(string expression, string expected) =>
        Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("int(5),add(txn.i)", "8")]
    [InlineData("int(5),mul(txn.i)", "15")]
    [InlineData("int(5),add(txn.s)", "5")] // abc is 0
    [InlineData("int(5),add(txn.e)", Ns)]
    [InlineData("int(5),add(txn.missing)", Ns)]
    public void Operand_comes_from_a_variable(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Fact]
    public void Arithmetic_leaves_a_boolean_what_it_is()
    {
        var evaluation = new Evaluation();

        Assert.Equal(SampleType.Boolean, evaluation.TypeOf("bool(true),add(1)"));
        Assert.Equal("2", evaluation.Of("bool(true),add(1)"));
    }

    [Theory]
    [InlineData("int(1),add(x)", "invalid args in converter 'add' : expects an integer or a variable name, not 'x'")]
    [InlineData("int(1),add(1x)", "invalid args in converter 'add' : expects an integer or a variable name, not '1x'")]
    [InlineData("int(1),add()", "invalid arg 1 in converter 'add' : missing arguments (got 0/1), type 'integer' expected")]
    [InlineData("str(x),sha1,add(1)", "converter 'add' cannot be applied")]
    public void Wrong_operand_is_a_fault(string expression, string fault) => Assert.Equal(fault, Evaluation.FaultOf(expression));
}
