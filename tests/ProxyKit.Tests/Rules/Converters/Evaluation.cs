using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Converters;

/// <summary>Evaluates expressions one after another on one exchange, whose variables txn.s, txn.i and txn.e are <c>abc</c>, 3 and the empty
/// text.</summary>
internal sealed class Evaluation
{
    public const string NoSample = "(no sample)";

    public Evaluation()
    {
        Of("str(abc),set-var(txn.s)");
        Of("int(3),set-var(txn.i)");
        Of("str(),set-var(txn.e)");
    }

    public RuleContext Context { get; } = TestExchange.For("/").Context;

    public RuleCompiler Compiler { get; init; } = new();

    /// <summary>What one expression yields, on an exchange of its own.</summary>
    public static string Once(string expression) => new Evaluation().Of(expression);

    /// <summary>What an expression yields, as text read as Latin-1.</summary>
    public string Of(string expression) => Of(Compile(expression));

    public string Of(CompiledExpression expression)
    {
        Context.Scratch.Reset();
        var sample = default(Sample);
        return expression.TryEvaluate(Context, SampleType.String, ref sample) ? Encoding.Latin1.GetString(sample.Bytes) : NoSample;
    }

    /// <summary>The type of what an expression yields.</summary>
    public SampleType TypeOf(string expression)
    {
        var sample = default(Sample);
        Assert.True(Compile(expression).TryEvaluate(Context, ref sample));
        return sample.Type;
    }

    public CompiledExpression Compile(string expression) => Value.Parse(expression).Compile(Compiler);

    /// <summary>What is wrong with an expression.</summary>
    public static string FaultOf(string expression) =>
        Assert.Throws<RuleFaultException>(() => Value.Parse(expression).Compile(new RuleCompiler())).Message;
}
