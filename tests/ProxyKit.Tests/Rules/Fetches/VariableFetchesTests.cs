using System.Net;
using ProxyKit.Rules;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class VariableFetchesTests
{
    private readonly RuleCompiler _compiler = new();
    private readonly TestExchange _exchange = TestExchange.For("/");

    [Fact]
    public void Variable_has_the_value_and_type_it_was_set_with()
    {
        var sample = default(Sample);
        sample.SetBinary("ab"u8);
        _compiler.VariableFor("txn.x").Set(_exchange.Context, in sample);

        Assert.Equal("6162", _exchange.Ask("var(txn.x)", _compiler));
        Assert.Equal("6162", _exchange.Ask("var(txn.x,d)", _compiler));
    }

    [Theory]
    [InlineData("var(txn.x)", null)]
    [InlineData("var(txn.x,d)", "d")]
    [InlineData("var(txn.x,)", "")]
    [InlineData("var(proc.x,d)", "d")]
    [InlineData("var(sess.x,d)", "d")]
    [InlineData("var(req.x,d)", "d")]
    [InlineData("var(res.x,d)", null)]
    public void Variable_that_was_not_set_has_its_default_where_its_scope_exists(string expression, string? expected) =>
        Assert.Equal(expected, _exchange.Ask(expression, _compiler));

    [Fact]
    public void Variables_of_the_request_end_when_the_response_begins()
    {
        _exchange.Answered("HTTP/1.1 200 OK");

        Assert.Null(_exchange.Ask("var(req.x,d)", _compiler));
        Assert.Equal("d", _exchange.Ask("var(res.x,d)", _compiler));
        Assert.Equal("d", _exchange.Ask("var(txn.x,d)", _compiler));
    }

    [Fact]
    public void Variables_without_an_exchange_are_those_of_session_and_process()
    {
        var context = new RuleContext { Session = new RuleSession() };

        Assert.Equal("d", context.Ask("var(sess.x,d)", _compiler));
        Assert.Equal("d", context.Ask("var(proc.x,d)", _compiler));
        Assert.Null(context.Ask("var(txn.x,d)", _compiler));
    }

    [Theory]
    [InlineData("var(x)")]
    [InlineData("var(foo.x)")]
    [InlineData("var(txn.a-b)")]
    [InlineData("dump_all_vars(foo)")]
    public void Faulty_names_are_refused(string expression) => Assert.Throws<RuleFaultException>(() => _exchange.Ask(expression, _compiler));

    [Fact]
    public void Dump_shows_each_variable_by_its_type()
    {
        Set("txn.i", static (ref Sample s) => s.Set(3));
        Set("txn.s", static (ref Sample s) => s.SetString("a\"b\\"u8));
        Set("txn.b", static (ref Sample s) => s.Set(true));
        Set("txn.x", static (ref Sample s) => s.SetBinary([0xAB, 1]));
        Set("txn.m", static (ref Sample s) => s.SetMethod("GET"u8));
        Set("txn.a", static (ref Sample s) => s.Set(IPAddress.Parse("::1")));
        Set("sess.n", static (ref Sample s) => s.Set(-1));
        Set("req.ab", static (ref Sample s) => s.Set(1));

        Assert.Equal(
            "txn.i=3, txn.s=\"a\\\"b\\\\\", txn.b=true, txn.x=AB01, txn.m=\"GET\", txn.a=::1", _exchange.Ask("dump_all_vars", _compiler));
        Assert.Equal("txn.i=3", _exchange.Ask("dump_all_vars(txn,i)", _compiler));
        Assert.Equal("sess.n=-1", _exchange.Ask("dump_all_vars(sess)", _compiler));
        Assert.Equal("txn.a=::1;req.ab=1", _exchange.Ask("dump_all_vars(,a,;)", _compiler));
        Assert.StartsWith("sess.n=-1, txn.i=3, ", _exchange.Ask("dump_all_vars()", _compiler), StringComparison.Ordinal);
        Assert.Equal("sess.n=-1", new RuleContext { Session = _exchange.Context.Session }.Ask("dump_all_vars", _compiler));
        Assert.Equal("", _exchange.Ask("dump_all_vars(proc)", _compiler));
    }

    [Fact]
    public void Dump_that_is_too_long_is_no_sample()
    {
        Set("txn.s", static (ref Sample s) => s.SetString(new byte[16_380].AsSpan()));

        Assert.Null(_exchange.Ask("dump_all_vars", _compiler));
    }

    private delegate bool Setter(ref Sample sample);

    private void Set(string name, Setter setter)
    {
        var sample = default(Sample);
        setter(ref sample);
        _compiler.VariableFor(name).Set(_exchange.Context, in sample);
    }
}
