namespace ProxyKit.Rules.Actions;

/// <summary>Removes header fields by their names.</summary>
internal sealed class DelHeaderAction(NamePattern name) : RuleAction
{
    internal override RulePhases Phases => RulePhases.Request | RulePhases.Response | RulePhases.AfterResponse;

    public override string ToString() => $"del-header {name}";

    internal override CompiledAction Compile(RuleCompiler compiler) => new(context =>
    {
        if (FieldEdits.HeadersOf(context) is { } headers)
        {
            var end = headers.TableLength; // what is added on the way, to keep the message whole, stays
            for (var i = 0; i < end; i++)
            {
                if (!headers.IsRemovedAt(i) && name.Matches(headers.NameAt(i)))
                {
                    FieldEdits.RemoveAt(context, headers, i);
                }
            }
        }

        return RuleOutcome.Next;
    });
}
