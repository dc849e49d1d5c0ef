namespace ProxyKit.Rules.Actions;

/// <summary>Writes an access line ahead of time.</summary>
internal sealed class LogAction : RuleAction
{
    internal override RulePhases Phases => RulePhases.Everywhere;

    internal override bool Logs => true;

    public override string ToString() => "do-log";

    internal override CompiledAction Compile(RuleCompiler compiler)
    {
        var origin = compiler.Phase switch
        {
            RulePhases.Connection => "tcp-req-conn",
            RulePhases.Session => "tcp-req-sess",
            RulePhases.Content => "tcp-req-cont",
            RulePhases.ResponseContent => "tcp-res-cont",
            RulePhases.Request => "http-req",
            RulePhases.Response => "http-res",
            _ => "http-after-res",
        };
        return new(context =>
        {
            if (context.Host is { } host)
            {
                host.Log(origin);
            }
            else
            {
                context.ConnectionLog?.Invoke(context, origin);
            }

            return RuleOutcome.Next;
        });
    }
}
