using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Variables;

/// <summary>The variables that everything shares. A value is replaced, never changed, so that readers need no lock.</summary>
internal sealed class ProcessVariables
{
    private readonly Lock _lock = new(); // guards the replacement of the array
    private volatile VariableSet?[] _values = [];

    public bool TryGet(int slot, ref Sample sample)
    {
        var values = _values;
        return slot < values.Length && Volatile.Read(ref values[slot]) is { } value && value.TryGet(0, ref sample);
    }

    public void Set(int slot, in Sample sample)
    {
        var value = new VariableSet();
        value.Set(0, in sample);
        Replace(slot, value);
    }

    public void Unset(int slot) => Replace(slot, null);

    private void Replace(int slot, VariableSet? value)
    {
        lock (_lock)
        {
            if (slot >= _values.Length)
            {
                var values = _values;
                Array.Resize(ref values, slot + 8);
                values[slot] = value;
                _values = values;
            }
            else
            {
                Volatile.Write(ref _values[slot], value);
            }
        }
    }
}
