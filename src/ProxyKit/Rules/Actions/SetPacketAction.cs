using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport;

namespace ProxyKit.Rules.Actions;

/// <summary>Has the packets to the client be sent otherwise, from now on; what the system does not allow is not done.</summary>
/// <param name="word">The action's name.</param>
/// <param name="value">The number; without one nothing changes.</param>
/// <param name="apply">Does it.</param>
internal sealed class SetPacketAction(string word, Expression value, Action<Connection, long> apply) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Connection | RulePhases.Session | RulePhases.Content | RulePhases.ResponseContent
        | RulePhases.Request | RulePhases.Response;

    public override string ToString() => $"{word} {RuleWords.Value(value)}";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var expression = value.Compile(compiler);
        return new(context =>
        {
            var sample = default(Sample);
            if (context.Session.Connection is { } connection && expression.TryEvaluate(context, SampleType.Integer, ref sample))
            {
                apply(connection, sample.Integer);
            }

            return RuleOutcome.Next;
        });
    }
}
