using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Variables;

/// <summary>The variables of one scope of one session or exchange. One flow at a time.</summary>
internal sealed class VariableSet
{
    private const int KeptBytes = 256;

    private Slot _first; // here, since most configurations have one variable of a scope at most, and each further object is a miss of the cache
    private Slot[] _others = [];
    private int _end; // behind the last slot that was given a value since all were taken away

    /// <summary>Whether none has a value.</summary>
    public bool IsEmpty
    {
        get
        {
            for (var slot = 0; slot < _end; slot++)
            {
                if (At(slot).Type != SampleType.Any)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public bool TryGet(int slot, ref Sample sample) => slot <= _others.Length && At(slot).TryGet(ref sample);

    public void Set(int slot, in Sample sample)
    {
        if (slot > _others.Length)
        {
            Array.Resize(ref _others, Math.Max(3, slot));
        }

        _end = Math.Max(_end, slot + 1);
        At(slot).Set(in sample);
    }

    public void Unset(int slot)
    {
        if (slot <= _others.Length)
        {
            At(slot).Type = SampleType.Any;
        }
    }

    /// <summary>Takes all values away. Small buffers stay for the next ones.</summary>
    public void Clear()
    {
        for (var slot = 0; slot < _end; slot++)
        {
            ref var value = ref At(slot);
            value.Type = SampleType.Any;
            if (value.Bytes?.Length > KeptBytes)
            {
                value.Bytes = null;
            }
        }

        _end = 0;
    }

    private ref Slot At(int slot)
    {
        if (slot == 0)
        {
            return ref _first;
        }

        return ref _others[slot - 1];
    }

    /// <summary>A value; none where the type is <see cref="SampleType.Any"/>.</summary>
    internal struct Slot
    {
        public SampleType Type;
        public byte[]? Bytes;
        private int _length;
        private ulong _upper, _lower; // halves of an IPv6 address, which as a whole would have the slot half as large again; the lower one is every other number

        public readonly bool TryGet(ref Sample sample) => Type switch
        {
            SampleType.Any => false,
            SampleType.IPv6 => sample.SetIPv6(new UInt128(_upper, _lower)),
            SampleType.String or SampleType.Binary or SampleType.Method => sample.Set(Type, Bytes.AsSpan(0, _length)),
            _ => sample.Set(Type, (long)_lower),
        };

        public void Set(in Sample sample)
        {
            Type = sample.Type;
            switch (sample.Type)
            {
                case SampleType.IPv6:
                    (_upper, _lower) = ((ulong)(sample.IPv6 >> 64), (ulong)sample.IPv6);
                    break;
                case SampleType.String or SampleType.Binary or SampleType.Method:
                    _length = sample.Bytes.Length;
                    if (Bytes is null || Bytes.Length < _length)
                    {
                        Bytes = new byte[Math.Max(32, _length)];
                    }

                    sample.Bytes.CopyTo(Bytes); // also right where the sample lies in this very buffer
                    break;
                default:
                    _lower = (ulong)sample.Integer;
                    break;
            }
        }
    }
}
