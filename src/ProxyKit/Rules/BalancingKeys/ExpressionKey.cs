using ProxyKit.Balancing;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.BalancingKeys;

/// <summary>The value of an expression. HAProxy: <c>hash</c>, <c>rdp-cookie</c>.</summary>
/// <param name="expression">The expression.</param>
/// <param name="needsBytes">Whether a value without any counts as none.</param>
internal sealed class ExpressionKey(CompiledExpression expression, bool needsBytes) : IBalancingKey
{
    public bool TryHash(in BalancingContext context, KeyHash hash, out uint value)
    {
        var sample = default(Sample);
        var type = hash.Function == HashFunction.None ? SampleType.String : SampleType.Binary;
        var isFound = expression.TryEvaluate(context.Rules, type, ref sample) && !(needsBytes && sample.Bytes.IsEmpty);
        value = isFound ? hash.Of(sample.Bytes) : 0;
        context.Rules.ResetScratch();
        return isFound;
    }
}
