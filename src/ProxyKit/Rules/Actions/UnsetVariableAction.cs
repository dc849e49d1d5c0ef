namespace ProxyKit.Rules.Actions;

/// <summary>Takes a variable's value away.</summary>
internal sealed class UnsetVariableAction(string name) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Everywhere;

    public override string ToString() => $"unset-var({name})";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var variable = VariableNames.Find(compiler, name);
        return new(context =>
        {
            variable.Unset(context);
            return RuleOutcome.Next;
        });
    }
}
