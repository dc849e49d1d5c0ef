using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Rules;

/// <summary>The slots of a frontend that keep parts of a message for the log, in the order in which they were declared and in which the log has
/// them. Complete once the configuration is put to use; read only from then on.</summary>
internal sealed class CaptureSlots
{
    private readonly List<Slot> _slots = [];

    /// <summary>How many there are.</summary>
    public int Count => _slots.Count;

    /// <summary>Declares the next slot, for rules to fill.</summary>
    /// <param name="length">How many bytes it keeps.</param>
    /// <returns>Its number, from 0.</returns>
    public int Declare(int length)
    {
        _slots.Add(new Slot(null, KnownHeader.None, length));
        return _slots.Count - 1;
    }

    /// <summary>Declares the next slot, for a header field.</summary>
    public void Declare(string field, int length)
    {
        var name = Encoding.Latin1.GetBytes(field);
        _slots.Add(new Slot(name, KnownHeaders.Find(name), length));
    }

    /// <summary>How many bytes a slot keeps; -1 for one that is not there.</summary>
    public int LengthOf(int slot) => slot >= 0 && slot < _slots.Count ? _slots[slot].Length : -1;

    /// <summary>Keeps the fields of a message, of several of a name the last.</summary>
    public void Fill(HeaderBlock headers, CaptureSet captures)
    {
        for (var i = 0; i < _slots.Count; i++)
        {
            if (_slots[i] is { Field: { } field } slot && TryFindLast(headers, field, slot.Known, out var value))
            {
                captures.Set(i, value, slot.Length);
            }
        }
    }

    private static bool TryFindLast(HeaderBlock headers, byte[] name, KnownHeader known, out ReadOnlySpan<byte> value)
    {
        for (var i = headers.TableLength - 1; i >= 0; i--)
        {
            if (headers.KnownAt(i) == known && !headers.IsRemovedAt(i)
                && (known != KnownHeader.None || Ascii.EqualsIgnoreCase(headers.NameAt(i), name)))
            {
                value = headers.ValueAt(i);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <param name="Field">The field that fills it; null for one that rules fill.</param>
    /// <param name="Known">The field's id, where it has one.</param>
    /// <param name="Length">How many bytes are kept.</param>
    private readonly record struct Slot(byte[]? Field, KnownHeader Known, int Length);
}
