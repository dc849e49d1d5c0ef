using System.Text;
using ProxyKit.Descriptions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Expressions;

/// <summary>A text that is the same for all.</summary>
internal sealed class LiteralExpression(string text) : Expression
{
    private readonly CompiledExpression _compiled = new(Fetch(Encoding.UTF8.GetBytes(text)), [], isVolatile: false);

    public override Description? Description => new(typeof(Value), nameof(Value.Text), text);

    public override SampleType Type => SampleType.String;

    public override string ToString() => text;

    private protected override CompiledExpression CompileOwn(RuleCompiler compiler, bool iterates) => _compiled;

    private static SampleFetch Fetch(byte[] bytes) => (RuleContext _, ref Sample sample) => sample.SetString(bytes);
}
