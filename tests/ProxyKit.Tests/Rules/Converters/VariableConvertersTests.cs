using ProxyKit.Rules;
using ProxyKit.Rules.Captures;
using ProxyKit.Rules.Converters;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Converters;

public sealed class VariableConvertersTests
{
    private const string Ns = Evaluation.NoSample;

    [Theory]
    [InlineData("str(),set-var(txn.s,ifnotempty)", Ns)]
    [InlineData("str(x),set-var(txn.s,ifnotempty)", "x")]
    [InlineData("str(),set-var(txn.s,ifempty)", "")]
    [InlineData("str(x),set-var(txn.s,ifempty)", Ns)]
    [InlineData("int(0),set-var(txn.s,ifempty)", Ns)]
    [InlineData("str(x),set-var(txn.s,ifset)", "x")]
    [InlineData("str(x),set-var(txn.missing,ifset)", Ns)]
    [InlineData("str(x),set-var(txn.s,ifnotset)", Ns)]
    [InlineData("str(x),set-var(txn.missing,ifnotset)", "x")]
    [InlineData("str(x),set-var(txn.s,ifexists)", "x")]
    [InlineData("str(x),set-var(txn.missing,ifexists)", Ns)]
    [InlineData("str(x),set-var(proc.missing,ifexists)", "x")]
    [InlineData("str(x),set-var(txn.missing,ifnotexists)", "x")]
    [InlineData("str(x),set-var(txn.s,ifnotexists)", Ns)]
    [InlineData("int(2),set-var(txn.i,ifgt)", "2")]
    [InlineData("int(3),set-var(txn.i,ifgt)", Ns)]
    [InlineData("int(4),set-var(txn.i,iflt)", "4")]
    [InlineData("int(3),set-var(txn.i,iflt)", Ns)]
    [InlineData("int(4),set-var(txn.s,ifgt)", "4")] // not both are integers
    [InlineData("str(x),set-var(txn.s,ifset,ifnotempty,ifexists,ifgt)", "x")]
    [InlineData("str(x),set-var(txn.s,ifset,ifempty)", Ns)]
    public void Variable_is_set_under_a_condition(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Fact]
    public void Variable_keeps_its_value_where_the_condition_does_not_hold()
    {
        var evaluation = new Evaluation();

        Assert.Equal(Ns, evaluation.Of("str(),set-var(txn.s,ifnotempty)"));
        Assert.Equal("abc", evaluation.Of("str(),concat(,txn.s)"));
    }

    [Fact]
    public void Variable_keeps_the_type_and_passes_the_value_on()
    {
        var evaluation = new Evaluation();

        Assert.Equal(SampleType.IPv4, evaluation.TypeOf("ipv4(1.2.3.4),set-var(txn.a)"));
        Assert.Equal("1.2.3.4", evaluation.Of("str(),concat(,txn.a)"));
        Assert.Equal("5", evaluation.Of("int(4),add(1),set-var(txn.b)"));
        Assert.Equal("11", evaluation.Of("int(6),add(txn.b)"));
    }

    [Theory]
    [InlineData("txn")]
    [InlineData("proc")]
    public void Variable_may_be_set_to_a_part_of_itself(string scope)
    {
        var evaluation = new Evaluation();
        evaluation.Of($"str(abcdef),set-var({scope}.v)");

        // The fetch of variables, in two words.
        var compiled = Value.Parse($"v,bytes(2,3),set-var({scope}.v),upper", new RuleLanguage().Add(new FetchKeyword
        {
            Name = "v",
            Type = SampleType.Any,
            Create = use =>
            {
                var variable = use.Compiler.VariableFor($"{scope}.v");
                return (context, ref sample) => variable.TryGet(context, ref sample);
            },
        })).Compile(evaluation.Compiler);
        var result = default(Sample);

        Assert.True(compiled.TryEvaluate(evaluation.Context, ref result));
        Assert.Equal("CDE", result.ToString());
        Assert.Equal("cde", evaluation.Of($"str(),concat(,{scope}.v)"));
    }

    [Fact]
    public void Variable_is_unset_and_the_value_passed_on()
    {
        var evaluation = new Evaluation();

        Assert.Equal("x", evaluation.Of("str(x),unset-var(txn.s)"));
        Assert.Equal("", evaluation.Of("str(),concat(,txn.s)"));
    }

    [Theory]
    [InlineData("str(a),set-var(x)", "invalid variable name 'x'. A variable name must start with its scope. The scope can be 'proc', 'sess', 'txn', 'req', 'res' or 'check'")]
    [InlineData("str(a),set-var(txn.x,ifso)", "invalid args in converter 'set-var' : unknown condition \"ifso\"")]
    public void Wrong_name_or_condition_is_a_fault(string expression, string fault) => Assert.Equal(fault, Evaluation.FaultOf(expression));

    [Theory]
    [InlineData("str(x),when(forwarded)", Ns)]
    [InlineData("str(x),when(!forwarded)", "x")]
    [InlineData("str(x),when(normal)", "x")]
    [InlineData("str(x),when(error)", Ns)]
    [InlineData("str(x),when(toapplet)", Ns)]
    [InlineData("str(x),when(processed)", Ns)]
    [InlineData("int(5),when(normal)", "5")]
    [InlineData("str(x),when(acl,TRUE)", "x")]
    [InlineData("str(x),when(!acl,TRUE)", Ns)]
    [InlineData("str(x),when(acl,METH_POST)", Ns)]
    public void When_passes_on_under_its_condition(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Fact]
    public void When_of_no_condition_is_a_fault() =>
        Assert.Equal("invalid args in converter 'when' : unknown condition 'so'", Evaluation.FaultOf("str(x),when(so)"));

    [Fact]
    public void When_of_an_unknown_acl_is_a_fault() =>
        Assert.Equal("invalid args in converter 'when' : ACL 'nosuch' not found", Evaluation.FaultOf("str(x),when(acl,nosuch)"));

    [Fact]
    public void Debug_keeps_a_line_and_passes_the_value_on()
    {
        var evaluation = new Evaluation();

        Assert.Equal("a\nb", evaluation.Of("str(a\\nb),debug(here)"));
        Assert.Equal("5", evaluation.Of("int(5),debug"));
        Assert.Equal(
            ["[debug] here: type=str <a.b>", "[debug] type=sint <5>"],
            evaluation.Compiler.Shared(DebugLines.DefaultName, static _ => new DebugLines()).ToArray());
        Assert.Equal("invalid args in converter 'debug' : No such sink 'x'", Evaluation.FaultOf("str(a),debug(a,x)"));
    }

    [Fact]
    public void Capture_keeps_as_much_as_the_slot_takes()
    {
        var evaluation = new Evaluation();
        evaluation.Context.Frontend = Frontend(requestCaptures: [2, 8]);

        Assert.Equal("abcdef", evaluation.Of("str(abcdef),capture-req(0)"));
        Assert.Equal(Ns, evaluation.Of("str(abcdef),capture-req(2)"));
        Assert.Equal(Ns, evaluation.Of("str(abcdef),capture-res(0)"));
        Assert.True(evaluation.Context.RequestCaptures.TryGet(0, out var text));
        Assert.Equal("ab"u8, text);
    }

    [Fact]
    public void Frontend_is_found_by_its_name()
    {
        var evaluation = new Evaluation
        {
            Compiler = new RuleCompiler { Frontends = new Dictionary<string, FrontendFacts> { ["www"] = Frontend([]) } },
        };

        Assert.Equal("1", evaluation.Of("str(www),fe_exists"));
        Assert.Equal("0", evaluation.Of("str(zz),fe_exists"));
        Assert.Equal(Ns, evaluation.Of("str(zz),nbsrv"));
        Assert.Equal(Ns, evaluation.Of("str(zz/s),srv_is_up"));
        Assert.Equal(Ns, evaluation.Of("str(s),srv_queue"));
    }

    private static FrontendFacts Frontend(int[] requestCaptures) => new()
    {
        Name = "www",
        Id = 1,
        DefaultBackend = null,
        Connections = static () => 0,
        ClientTimeout = null,
        TarpitTimeout = null,
        Captures = new CapturePlan(requestCaptures.Select(static length => Capture.RequestSlot(length))),
    };
}
