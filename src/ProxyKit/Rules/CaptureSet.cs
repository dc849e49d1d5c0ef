namespace ProxyKit.Rules;

/// <summary>What was captured of one message for the log, slot by slot.</summary>
internal sealed class CaptureSet
{
    private const int KeptBytes = 256;

    private (byte[]? Bytes, int Length)[] _slots = []; // a length below 0 is an empty slot

    /// <summary>Keeps a text in a slot, cut to the slot's length.</summary>
    public void Set(int slot, ReadOnlySpan<byte> text, int maxLength)
    {
        if (slot >= _slots.Length)
        {
            var first = _slots.Length;
            Array.Resize(ref _slots, slot + 1);
            _slots.AsSpan(first).Fill((null, -1));
        }

        ref var kept = ref _slots[slot];
        var length = Math.Min(text.Length, maxLength);
        if (kept.Bytes is null || kept.Bytes.Length < length)
        {
            kept.Bytes = new byte[Math.Max(32, length)];
        }

        text[..length].CopyTo(kept.Bytes);
        kept.Length = length;
    }

    /// <summary>Whether no slot keeps anything.</summary>
    public bool IsEmpty
    {
        get
        {
            foreach (ref readonly var slot in _slots.AsSpan())
            {
                if (slot.Length >= 0)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Gets what a slot keeps.</summary>
    public bool TryGet(int slot, out ReadOnlySpan<byte> text)
    {
        if (slot >= 0 && slot < _slots.Length && _slots[slot] is { Length: >= 0 } kept)
        {
            text = kept.Bytes.AsSpan(0, kept.Length);
            return true;
        }

        text = default;
        return false;
    }

    /// <summary>Empties all slots. Small buffers stay.</summary>
    public void Clear()
    {
        foreach (ref var slot in _slots.AsSpan())
        {
            slot = (slot.Bytes?.Length > KeptBytes ? null : slot.Bytes, -1);
        }
    }
}
