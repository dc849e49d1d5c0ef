using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Variables;

/// <summary>The variables of one scope of one session or exchange. One flow at a time.</summary>
internal sealed class VariableSet
{
    private const int KeptBytes = 256;

    private Slot[] _values = [];
    private int _end; // behind the last slot that was given a value since all were taken away

    /// <summary>Whether none has a value.</summary>
    public bool IsEmpty
    {
        get
        {
            foreach (ref readonly var value in _values.AsSpan(0, _end))
            {
                if (value.Type != SampleType.Any)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public bool TryGet(int slot, ref Sample sample) => slot < _values.Length && _values[slot].TryGet(ref sample);

    public void Set(int slot, in Sample sample)
    {
        if (slot >= _values.Length)
        {
            Array.Resize(ref _values, Math.Max(4, slot + 1));
        }

        _end = Math.Max(_end, slot + 1);
        _values[slot].Set(in sample);
    }

    public void Unset(int slot)
    {
        if (slot < _values.Length)
        {
            _values[slot].Type = SampleType.Any;
        }
    }

    /// <summary>Takes all values away. Small buffers stay for the next ones.</summary>
    public void Clear()
    {
        foreach (ref var value in _values.AsSpan(0, _end))
        {
            value.Type = SampleType.Any;
            if (value.Bytes?.Length > KeptBytes)
            {
                value.Bytes = null;
            }
        }

        _end = 0;
    }

    /// <summary>A value; none where the type is <see cref="SampleType.Any"/>.</summary>
    internal struct Slot
    {
        public SampleType Type;
        public byte[]? Bytes;
        private int _length;
        private long _integer;
        private UInt128 _ipv6;

        public readonly bool TryGet(ref Sample sample) => Type switch
        {
            SampleType.Any => false,
            SampleType.IPv6 => sample.SetIPv6(_ipv6),
            SampleType.String or SampleType.Binary or SampleType.Method => sample.Set(Type, Bytes.AsSpan(0, _length)),
            _ => sample.Set(Type, _integer),
        };

        public void Set(in Sample sample)
        {
            Type = sample.Type;
            switch (sample.Type)
            {
                case SampleType.IPv6:
                    _ipv6 = sample.IPv6;
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
                    _integer = sample.Integer;
                    break;
            }
        }
    }
}
