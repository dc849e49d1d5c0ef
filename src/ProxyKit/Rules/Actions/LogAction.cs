namespace ProxyKit.Rules.Actions;

/// <summary>Writes an access line ahead of time.</summary>
internal sealed class LogAction : RuleAction
{
    internal override RulePhases Phases =>
        RulePhases.Content | RulePhases.ResponseContent | RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse;

    public override string ToString() => "do-log";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var origin = compiler.Phase switch
        {
            RulePhases.Content => "tcp-req-cont",
            RulePhases.ResponseContent => "tcp-res-cont",
            RulePhases.Request => "http-req",
            RulePhases.Response => "http-res",
            _ => "http-after-res",
        };
        return new(context =>
        {
            context.Host?.Log(origin);
            return RuleOutcome.Next;
        });
    }
}
