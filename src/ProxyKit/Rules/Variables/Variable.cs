using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Variables;

/// <summary>A variable with its place found: what rules read and write.</summary>
internal sealed class Variable(VariableScope scope, int slot, string name, VariableSlots slots)
{
    public VariableScope Scope => scope;

    public string Name => name;

    /// <summary>Gets its value, with the type it was set with.</summary>
    /// <returns>Whether it has one; it has none where its scope does not exist.</returns>
    public bool TryGet(RuleContext context, ref Sample sample) => scope == VariableScope.Process
        ? slots.Process.TryGet(slot, ref sample)
        : SetIn(context) is { } set && set.TryGet(slot, ref sample);

    /// <summary>Gives it a value; of no effect where its scope does not exist.</summary>
    public void Set(RuleContext context, in Sample sample)
    {
        if (scope == VariableScope.Process)
        {
            slots.Process.Set(slot, in sample);
        }
        else
        {
            SetIn(context)?.Set(slot, in sample);
        }
    }

    /// <summary>Takes its value away.</summary>
    public void Unset(RuleContext context)
    {
        if (scope == VariableScope.Process)
        {
            slots.Process.Unset(slot);
        }
        else
        {
            SetIn(context)?.Unset(slot);
        }
    }

    private VariableSet? SetIn(RuleContext context) => scope switch
    {
        VariableScope.Session => context.Session.Variables,
        VariableScope.Transaction => context.TransactionVariables,
        VariableScope.Request => context.RequestVariables,
        VariableScope.Response => context.ResponseVariables,
        _ => context.Check?.Variables,
    };
}
