using System.Globalization;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters;

/// <summary>Addresses under a mask, and the parts of a Host field.</summary>
internal static class AddressConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("ipmask", SampleType.Address, SampleType.Address, Mask, Argument.Address("mask4"), Argument.OptionalAddress("mask6")),
        Converter.Of("host_only", SampleType.String, SampleType.String, HostOnly),
        Converter.Of("port_only", SampleType.String, Integer, PortOnly),
    ];

    private static SampleConverter Mask(KeywordUse use)
    {
        var mask4 = ParseMask4(use.Arguments.Text(0));
        UInt128? mask6 = use.Arguments.IsGiven(1) ? ParseMask6(use.Arguments.Text(1)) : null;
        return (context, ref sample) =>
        {
            if (sample.Type == SampleType.IPv4 || SampleCasts.TryCast(context, ref sample, SampleType.IPv4))
            {
                return sample.SetIPv4((uint)sample.Integer & mask4);
            }

            return mask6 is { } mask && sample.SetIPv6(sample.IPv6 & mask);
        };
    }

    private static uint ParseMask4(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= 32
            ? bits == 0 ? 0 : uint.MaxValue << (32 - bits)
            : AddressReader.TryReadIPv4(ArgumentBytes.Of(text), out var mask)
                ? mask
                : throw new FormatException($"failed to parse '{text}' as type 'IPv4 mask'");

    private static UInt128 ParseMask6(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= 128
            ? bits == 0 ? 0 : UInt128.MaxValue << (128 - bits)
            : AddressReader.TryReadIPv6(ArgumentBytes.Of(text), out var mask)
                ? mask
                : throw new FormatException($"failed to parse '{text}' as type 'IPv6 mask'");

    private static bool HostOnly(RuleContext context, ref Sample sample)
    {
        var colon = PortColon(sample.Bytes);
        sample.SetString(colon < 0 ? sample.Bytes : sample.Bytes[..colon]);
        return TextConverters.Lower(context, ref sample);
    }

    private static bool PortOnly(RuleContext context, ref Sample sample)
    {
        var colon = PortColon(sample.Bytes);
        uint port = 0;
        foreach (var b in colon < 0 ? default : sample.Bytes[(colon + 1)..])
        {
            port = (port * 10) + b - '0'; // unchecked, as the one that it is compared with
        }

        return sample.Set(port);
    }

    /// <summary>Where the colon before the port is; -1 where there is none but those within brackets.</summary>
    private static int PortColon(ReadOnlySpan<byte> host)
    {
        var last = host.LastIndexOfAny((byte)':', (byte)']');
        return last >= 0 && host[last] == ':' ? last : -1;
    }
}
