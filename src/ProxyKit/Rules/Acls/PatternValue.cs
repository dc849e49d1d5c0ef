using System.Globalization;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport;

namespace ProxyKit.Rules.Acls;

/// <summary>The value of a map's line, in each of the types that a converter may ask for.</summary>
internal sealed class PatternValue
{
    private readonly SampleType _address = SampleType.Any;
    private readonly UInt128 _bits;
    private readonly long _integer;

    public PatternValue(ReadOnlySpan<byte> text)
    {
        Text = text.ToArray();
        IsInteger = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _integer) && text[0] != '+';
        if (SampleCasts.TryReadWholeIPv4(text, out var ipv4))
        {
            (_address, _bits) = (SampleType.IPv4, ipv4);
        }
        else if (AddressReader.TryReadIPv6(text, out _bits))
        {
            _address = SampleType.IPv6;
        }
    }

    /// <summary>The value as it was written.</summary>
    public byte[] Text { get; }

    private bool IsInteger { get; }

    /// <summary>Whether it can be of a type.</summary>
    public bool Is(SampleType type) => type switch
    {
        SampleType.Integer => IsInteger,
        SampleType.Address => _address != SampleType.Any,
        _ => true,
    };

    /// <summary>Gives a sample the value as one of a type that it can be of.</summary>
    public bool Get(SampleType type, ref Sample sample) => type switch
    {
        SampleType.Integer => IsInteger && sample.Set(_integer),
        SampleType.Address when _address == SampleType.IPv4 => sample.SetIPv4((uint)_bits),
        SampleType.Address => _address == SampleType.IPv6 && sample.SetIPv6(_bits),
        _ => sample.SetString(Text),
    };
}
