using ProxyKit.Descriptions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Expressions;

/// <summary>A text that is the same for all.</summary>
internal sealed class LiteralExpression(string text) : Expression
{
    private readonly CompiledExpression _compiled = CompiledExpression.Of(text);

    public override Description? Description => new(typeof(Value), nameof(Value.Text), text);

    public override SampleType Type => SampleType.String;

    public override string ToString() => text;

    private protected override CompiledExpression CompileOwn(RuleCompiler compiler, bool iterates) => _compiled;
}
