using System.Buffers.Binary;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters.Payloads;

/// <summary>Fields of the headers of Ethernet, IP and TCP. What is cut short or is another protocol has no sample.</summary>
internal static class PacketConverters
{
    private const int VlanTag = 0x8100;
    private const int AddressesLength = 12, TagLength = 4;

    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("eth.dst", Binary, Binary, static (_, ref s) => s.Bytes.Length >= 6 && s.SetBinary(s.Bytes[..6])),
        Converter.Of("eth.src", Binary, Binary, static (_, ref s) => s.Bytes.Length >= 12 && s.SetBinary(s.Bytes[6..12])),
        Converter.Of("eth.hdr", Binary, Binary, static (_, ref s) => TryFindType(s.Bytes, out var at) && s.SetBinary(s.Bytes[..(at + 2)])),
        Converter.Of("eth.data", Binary, Binary, static (_, ref s) => TryFindType(s.Bytes, out var at) && s.SetBinary(s.Bytes[(at + 2)..])),
        Converter.Of("eth.proto", Binary, Integer, static (_, ref s) => TryFindType(s.Bytes, out var at) && s.Set(Read16(s.Bytes[at..]))),
        Converter.Of("eth.vlan", Binary, Integer, Vlan),
        OfIP("ip.ver", Integer, static (in h, ref s) => s.Set(h.IsV6 ? 6 : 4)),
        OfIP("ip.tos", Integer, static (in h, ref s) => s.Set(h.TypeOfService)),
        OfIP("ip.ttl", Integer, static (in h, ref s) => s.Set(h.Packet[h.IsV6 ? 7 : 8])),
        OfIP("ip.df", Integer, static (in h, ref s) => s.Set(h.IsV6 ? 1 : (h.Packet[6] >> 6) & 1)),
        OfIP("ip.proto", Integer, static (in h, ref s) => s.Set(h.Protocol)),
        OfIP("ip.src", SampleType.Address, static (in h, ref s) => Give(h.IsV6 ? h.Packet[8..24] : h.Packet[12..16], ref s)),
        OfIP("ip.dst", SampleType.Address, static (in h, ref s) => Give(h.IsV6 ? h.Packet[24..40] : h.Packet[16..20], ref s)),
        OfIP("ip.hdr", Binary, static (in h, ref s) => s.SetBinary(h.Packet[..h.HeaderLength])),
        OfIP("ip.data", Binary, static (in h, ref s) => s.SetBinary(h.Packet[h.HeaderLength..])),
        Converter.Of("ip.fp", Binary, Binary, static use => new PacketFingerprint(use).TryConvert, Argument.OptionalInteger("mode")),
        OfTcp("tcp.src", Integer, static (in h, ref s) => s.Set(Read16(h.Segment))),
        OfTcp("tcp.dst", Integer, static (in h, ref s) => s.Set(Read16(h.Segment[2..]))),
        OfTcp("tcp.seq", Integer, static (in h, ref s) => s.Set(BinaryPrimitives.ReadUInt32BigEndian(h.Segment[4..]))),
        OfTcp("tcp.flags", Integer, static (in h, ref s) => s.Set(h.Segment[13])),
        OfTcp("tcp.win", Integer, static (in h, ref s) => s.Set(Read16(h.Segment[14..]))),
        OfTcp("tcp.options.mss", Integer, static (in h, ref s) => h.TryFind(2, 4, out var o) && s.Set(o.IsEmpty ? 0 : Read16(o[2..]))),
        OfTcp("tcp.options.wscale", Integer, static (in h, ref s) => h.TryFind(3, 3, out var o) && s.Set(o.IsEmpty ? 0 : o[2])),
        OfTcp("tcp.options.wsopt", Integer, static (in h, ref s) => h.TryFind(3, 3, out var o) && s.Set(o.IsEmpty ? 0 : 1)),
        OfTcp("tcp.options.sack", Integer, static (in h, ref s) => h.TryFind(4, 2, out var o) && s.Set(o.IsEmpty ? 0 : 1)),
        OfTcp("tcp.options.tsopt", Integer, static (in h, ref s) => h.TryFind(8, 10, out var o) && s.Set(o.IsEmpty ? 0 : 1)),
        OfTcp("tcp.options.tsval", Integer, static (in h, ref s) =>
            h.TryFind(8, 10, out var o) && !o.IsEmpty && s.Set(BinaryPrimitives.ReadUInt32BigEndian(o[2..]))),
        Converter.Of("tcp.options_list", Binary, Binary, OptionKinds),
    ];

    private delegate bool IPField(in IPHeader header, ref Sample sample);

    private delegate bool TcpField(in TcpHeader header, ref Sample sample);

    private static ConverterKeyword OfIP(string name, SampleType output, IPField field) => Converter.Of(
        name, Binary, output, (_, ref sample) => IPHeader.TryRead(sample.Bytes, out var header) && field(in header, ref sample));

    private static ConverterKeyword OfTcp(string name, SampleType output, TcpField field) => Converter.Of(
        name, Binary, output, (_, ref sample) => TcpHeader.TryRead(sample.Bytes, out var header) && field(in header, ref sample));

    /// <summary>Where the type of an Ethernet frame stands, behind its VLAN tags.</summary>
    private static bool TryFindType(ReadOnlySpan<byte> frame, out int at)
    {
        for (at = AddressesLength; at + 2 <= frame.Length; at += TagLength)
        {
            if (Read16(frame[at..]) != VlanTag)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Vlan(RuleContext context, ref Sample sample) =>
        TryFindType(sample.Bytes, out var at) && at > AddressesLength
        && (Read16(sample.Bytes[(at - 2)..]) & 0xFFF) is > 0 and var id && sample.Set(id);

    private static bool Give(ReadOnlySpan<byte> address, ref Sample sample) => address.Length == 4
        ? sample.SetIPv4(BinaryPrimitives.ReadUInt32BigEndian(address))
        : sample.SetIPv6(BinaryPrimitives.ReadUInt128BigEndian(address));

    private static bool OptionKinds(RuleContext context, ref Sample sample)
    {
        if (!TcpHeader.TryRead(sample.Bytes, out var header))
        {
            return false;
        }

        var kinds = context.Scratch.Rent(header.Options.Length);
        var count = 0;
        var rest = header.Options;
        while (TcpHeader.TryReadOption(ref rest, out var option))
        {
            if (option.IsEmpty)
            {
                return sample.SetBinary(context.Scratch.Shrink(kinds, count));
            }

            kinds[count++] = option[0];
        }

        return false;
    }

    private static int Read16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
