using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using ProxyKit.Transport;

namespace ProxyKit.Rules.Samples;

/// <summary>Makes a sample of one type one of another where a consumer needs that, by HAProxy's table of casts.</summary>
internal static class SampleCasts
{
    private static readonly SearchValues<byte> OfIPv4 = SearchValues.Create("0123456789."u8);

    /// <summary>Whether a sample declared as one type may be one of another when it is there.</summary>
    public static bool MayCast(SampleType from, SampleType to) => to switch
    {
        _ when from == SampleType.Any || to == SampleType.Any || from == to => true,
        SampleType.Boolean => from is SampleType.Integer or SampleType.String,
        SampleType.Integer => from is SampleType.Boolean or SampleType.IPv4 or SampleType.Address or SampleType.String,
        SampleType.Address => from is SampleType.IPv4 or SampleType.IPv6 or SampleType.Integer or SampleType.String,
        SampleType.IPv4 => from is SampleType.IPv6 or SampleType.Address or SampleType.Integer or SampleType.String,
        SampleType.IPv6 => from is SampleType.IPv4 or SampleType.Address or SampleType.Integer or SampleType.String,
        SampleType.String => true,
        SampleType.Binary => true,
        SampleType.Method => from is SampleType.String or SampleType.Binary,
        _ => false,
    };

    /// <summary>Makes the sample one of the type; false where its value cannot be one, which leaves no sample.</summary>
    public static bool TryCast(RuleContext context, ref Sample sample, SampleType to)
    {
        var from = sample.Type;
        return to switch
        {
            _ when from == to || to == SampleType.Any => true,
            SampleType.Boolean => from is SampleType.Integer || (from == SampleType.String && StringToInteger(ref sample)),
            SampleType.Integer => from switch
            {
                SampleType.Boolean => true,
                SampleType.IPv4 => sample.Set(sample.Integer),
                SampleType.String => StringToInteger(ref sample),
                _ => false,
            },
            SampleType.Address => from switch
            {
                SampleType.IPv4 or SampleType.IPv6 => true,
                SampleType.Integer => sample.SetIPv4((uint)sample.Integer),
                SampleType.String => TryParseIPv4(ref sample) || TryParseIPv6(ref sample),
                _ => false,
            },
            SampleType.IPv4 => from switch
            {
                SampleType.Integer => sample.SetIPv4((uint)sample.Integer),
                SampleType.IPv6 => IPv6ToIPv4(ref sample),
                SampleType.String => TryParseIPv4(ref sample),
                _ => false,
            },
            SampleType.IPv6 => from switch
            {
                SampleType.IPv4 or SampleType.Integer => sample.SetIPv6(Mapped((uint)sample.Integer)),
                SampleType.String => TryParseIPv6(ref sample) || (TryParseIPv4(ref sample) && sample.SetIPv6(Mapped((uint)sample.Integer))),
                _ => false,
            },
            SampleType.String => ToText(context, ref sample),
            SampleType.Binary => ToBinary(context, ref sample),
            SampleType.Method => from switch
            {
                SampleType.String => sample.SetMethod(sample.Bytes),
                SampleType.Binary => sample.SetMethod(CutAtNul(sample.Bytes)),
                _ => false,
            },
            _ => false,
        };
    }

    /// <summary>An IPv4 address as it stands within IPv6 (RFC 4291 §2.5.5.2).</summary>
    public static UInt128 Mapped(uint address) => ((UInt128)0xFFFF << 32) | address;

    /// <summary>The number that a text begins with: an optional sign, then digits; 0 where there is no digit, the nearest 64-bit number
    /// where there are too many.</summary>
    public static long NumberIn(ReadOnlySpan<byte> text)
    {
        var negative = text.Length > 0 && text[0] == '-';
        var i = negative || (text.Length > 0 && text[0] == '+') ? 1 : 0;
        Int128 value = 0;
        for (; i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9'; i++)
        {
            value = (value * 10) + (text[i] - '0');
            if (value > (Int128)long.MaxValue + 1)
            {
                value = (Int128)long.MaxValue + 1;
                break;
            }
        }

        value = negative ? -value : value;
        return value > long.MaxValue ? long.MaxValue : (long)value;
    }

    /// <summary>Reads the whole of a text as four decimal octets.</summary>
    public static bool TryReadWholeIPv4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        return !text.ContainsAnyExcept(OfIPv4) && TryReadIPv4(text, out address);
    }

    /// <summary>Reads four decimal octets, be it with leading zeros, up to the first byte that is neither digit nor dot.</summary>
    public static bool TryReadIPv4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        var octets = 0;
        var i = 0;
        while (true)
        {
            var octet = 0;
            var start = i;
            for (; i < text.Length && text[i] is >= (byte)'0' and <= (byte)'9'; i++)
            {
                octet = (octet * 10) + (text[i] - '0');
                if (octet > 255)
                {
                    return false;
                }
            }

            if (i == start)
            {
                return false;
            }

            address = (address << 8) | (uint)octet;
            octets++;
            if (i == text.Length || text[i] != '.')
            {
                return octets == 4;
            }

            if (octets == 4)
            {
                return false;
            }

            i++;
        }
    }

    private static bool StringToInteger(ref Sample sample) => !sample.Bytes.IsEmpty && sample.Set(NumberIn(sample.Bytes));

    private static bool TryParseIPv4(ref Sample sample) => TryReadIPv4(sample.Bytes, out var address) && sample.SetIPv4(address);

    private static bool TryParseIPv6(ref Sample sample) => AddressReader.TryReadIPv6(sample.Bytes, out var address) && sample.SetIPv6(address);

    /// <summary>Mapped, compatible and 6to4 addresses have an IPv4 address in them.</summary>
    private static bool IPv6ToIPv4(ref Sample sample)
    {
        var bits = sample.IPv6;
        if (bits >> 32 == 0xFFFF || bits >> 32 == 0)
        {
            return sample.SetIPv4((uint)bits);
        }

        return bits >> 112 == 0x2002 && sample.SetIPv4((uint)(bits >> 80));
    }

    private static ReadOnlySpan<byte> CutAtNul(ReadOnlySpan<byte> bytes) => bytes.IndexOf((byte)0) is >= 0 and var end ? bytes[..end] : bytes;

    private static bool ToText(RuleContext context, ref Sample sample)
    {
        switch (sample.Type)
        {
            case SampleType.Method:
                return sample.SetString(sample.Bytes);
            case SampleType.Binary:
                return sample.SetString(CutAtNul(sample.Bytes));
            case SampleType.IPv4 or SampleType.IPv6:
                var address = context.Scratch.Rent(65);
                var text = sample.Type == SampleType.IPv4
                    ? WriteIPv4((uint)sample.Integer, address)
                    : sample.ToAddress().TryFormat(address, out var length) ? length : 0;
                return sample.SetString(context.Scratch.Shrink(address, text));
            default:
                var number = context.Scratch.Rent(20);
                Utf8Formatter.TryFormat(sample.Integer, number, out var written);
                return sample.SetString(context.Scratch.Shrink(number, written));
        }
    }

    private static int WriteIPv4(uint address, Span<byte> destination)
    {
        var written = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            Utf8Formatter.TryFormat((byte)(address >> shift), destination[written..], out var digits);
            written += digits;
            if (shift > 0)
            {
                destination[written++] = (byte)'.';
            }
        }

        return written;
    }

    private static bool ToBinary(RuleContext context, ref Sample sample)
    {
        switch (sample.Type)
        {
            case SampleType.String:
                return true; // the bytes are what they were: a text stays one
            case SampleType.Method:
                return sample.SetString(sample.Bytes);
            case SampleType.IPv4:
                var four = context.Scratch.Rent(4);
                BinaryPrimitives.WriteUInt32BigEndian(four, (uint)sample.Integer);
                return sample.SetBinary(four);
            case SampleType.IPv6:
                var sixteen = context.Scratch.Rent(16);
                BinaryPrimitives.WriteUInt128BigEndian(sixteen, sample.IPv6);
                return sample.SetBinary(sixteen);
            default:
                var eight = context.Scratch.Rent(8);
                BinaryPrimitives.WriteInt64BigEndian(eight, sample.Integer);
                return sample.SetBinary(eight);
        }
    }
}
