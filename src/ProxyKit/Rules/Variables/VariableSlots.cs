namespace ProxyKit.Rules.Variables;

/// <summary>Gives each variable of the configuration its place in the sets of its scope. Only grows, over reloads too: sessions that outlast a
/// reload keep theirs. Bounded by what configurations name.</summary>
internal sealed class VariableSlots
{
    private readonly Lock _lock = new(); // guards the lists
    private readonly List<string>[] _names = [.. Enum.GetValues<VariableScope>().Select(static _ => new List<string>())];

    /// <summary>The variables of the process.</summary>
    public ProcessVariables Process { get; } = new();

    /// <summary>The place of a variable.</summary>
    public Variable For(VariableName name)
    {
        lock (_lock)
        {
            var names = _names[(int)name.Scope];
            var slot = names.IndexOf(name.Name);
            if (slot < 0)
            {
                slot = names.Count;
                names.Add(name.Name);
            }

            return new Variable(name.Scope, slot, name.Name, this);
        }
    }

    /// <summary>All variables of a scope that the configuration names.</summary>
    public Variable[] All(VariableScope scope)
    {
        lock (_lock)
        {
            return [.. _names[(int)scope].Select((name, slot) => new Variable(scope, slot, name, this))];
        }
    }
}
