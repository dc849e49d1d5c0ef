namespace ProxyKit.Rules;

/// <summary>The slots of a frontend that keep parts of a message for the log, in the order in which they were declared and in which the log has
/// them. Complete once the configuration is put to use.</summary>
internal sealed class CaptureSlots
{
    private readonly List<int> _lengths = [];

    /// <summary>How many there are.</summary>
    public int Count => _lengths.Count;

    /// <summary>Declares the next slot.</summary>
    /// <param name="length">How many bytes it keeps.</param>
    /// <returns>Its number, from 0.</returns>
    public int Declare(int length)
    {
        _lengths.Add(length);
        return _lengths.Count - 1;
    }

    /// <summary>How many bytes a slot keeps; -1 for one that is not there.</summary>
    public int LengthOf(int slot) => slot >= 0 && slot < _lengths.Count ? _lengths[slot] : -1;
}
