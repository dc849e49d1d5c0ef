using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Checks;

/// <summary>A value that a step of a check asks for, made ready.</summary>
internal sealed class CheckValue
{
    private readonly CompiledExpression? _compiled; // null where options are only looked at

    private CheckValue(CompiledExpression? compiled) => _compiled = compiled;

    /// <summary>Makes one ready; null for null.</summary>
    /// <param name="expression">What was written.</param>
    /// <param name="compiler">Finds what it names; null where nothing will be run.</param>
    /// <exception cref="RuleFaultException">It names something that is not there, or cannot be asked by a check.</exception>
    public static CheckValue? Of(Expression? expression, RuleCompiler? compiler) =>
        expression is null ? null : new CheckValue(compiler is null ? null : expression.Compile(compiler));

    /// <summary>The bytes; none where there is no value.</summary>
    public byte[] Bytes(CheckRun run) => _compiled is null ? [] : _compiled.Text(run.Look()).ToArray();

    /// <summary>The same as text, each byte a character.</summary>
    public string Text(CheckRun run) => Encoding.Latin1.GetString(Bytes(run));

    /// <summary>The number; null where there is none.</summary>
    public long? Integer(CheckRun run)
    {
        var sample = default(Sample);
        return _compiled is not null && _compiled.TryEvaluate(run.Look(), SampleType.Integer, ref sample) ? sample.Integer : null;
    }

    /// <summary>The bytes that its digits stand for; null where they are no hexadecimal digits, two for each.</summary>
    public byte[]? FromHexadecimal(CheckRun run)
    {
        var text = Bytes(run);
        var bytes = new byte[text.Length / 2];
        return text.Length % 2 == 0 && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes : null;
    }
}
