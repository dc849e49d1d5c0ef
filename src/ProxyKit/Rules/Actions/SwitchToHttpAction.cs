namespace ProxyKit.Rules.Actions;

/// <summary>Has what the client of a TCP frontend sends be read as HTTP.</summary>
internal sealed class SwitchToHttpAction : RuleAction
{
    private static readonly CompiledAction Compiled = new(static context =>
    {
        context.Settings.SwitchesToHttp = context.Exchange is null; // else it is by now
        return RuleOutcome.Stop;
    });

    internal override RulePhases Phases => RulePhases.Content;

    internal override bool IsFinal => true;

    public override string ToString() => "switch-mode http";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        SettingAction.NeedsFrontend(compiler);
        return Compiled;
    }
}
