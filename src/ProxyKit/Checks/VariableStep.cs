using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Checks;

/// <summary>Writes a variable, as rules do.</summary>
/// <param name="action">The action; null where there is no configuration to find its variable in, and nothing is run.</param>
internal sealed class VariableStep(CompiledAction? action) : ScriptStep
{
    public override string Name => "set-var";

    /// <summary>What is written.</summary>
    public static RuleAction ActionOf(CheckStep step) => step is SetVariableStep set
        ? new SetVariableAction(set.Variable, set.Value, set.Conditions, asText: set.Value is Rules.Formats.LogFormat)
        : new UnsetVariableAction(((UnsetVariableStep)step).Variable); // there are no others

    public override ValueTask<CheckResult> RunAsync(CheckRun run)
    {
        action?.Run(run.Look());
        return default;
    }
}
