namespace ProxyKit.Rules.Actions;

/// <summary>An action that names nothing, and is ready as it is.</summary>
internal sealed class SimpleAction(string name, RulePhases phases, Func<RuleContext, RuleOutcome> run, bool isFinal = false) : RuleAction
{
    private readonly CompiledAction _compiled = new(run);

    internal override RulePhases Phases => phases;

    internal override bool IsFinal => isFinal;

    public override string ToString() => name;

    internal override CompiledAction Compile(RuleCompiler compiler) => _compiled;
}
