using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters.Payloads;

/// <summary>What an operating system is known by in the first packet of a connection: <c>ip.fp([mode])</c>.</summary>
internal sealed class PacketFingerprint
{
    private const int Length = 8;
    private const long WithTimeToLive = 1, WithOptions = 2, WithSource = 4;

    private readonly long _mode;

    public PacketFingerprint(KeywordUse use) => _mode = use.Arguments.IsGiven(0) ? use.Arguments.Integer(0) : 0;

    public bool TryConvert(RuleContext context, ref Sample sample)
    {
        if (!IPHeader.TryRead(sample.Bytes, out var ip) || !TcpHeader.TryRead(ip.Packet[ip.HeaderLength..], out var tcp))
        {
            return false;
        }

        var timeToLive = ip.Packet[ip.IsV6 ? 7 : 8];
        var writer = new ResultWriter(context, Length + 1 + tcp.Options.Length + 16);
        writer.Write((byte)ip.TypeOfService);
        writer.Write(Flags(in ip, in tcp, timeToLive));
        if (!TryWriteOptions(in tcp, ref writer))
        {
            return false;
        }

        if ((_mode & WithTimeToLive) != 0)
        {
            writer.Write(timeToLive);
        }

        if ((_mode & WithOptions) != 0)
        {
            var rest = tcp.Options;
            while (TcpHeader.TryReadOption(ref rest, out var option) && !option.IsEmpty)
            {
                writer.Write(option[0]);
            }
        }

        if ((_mode & WithSource) != 0)
        {
            writer.Write(ip.IsV6 ? ip.Packet[8..24] : ip.Packet[12..16]);
        }

        return sample.SetBinary(writer.Finish());
    }

    /// <summary>From the highest bit: version 6, no fragments, how far away it may be (two bits), options of IP, data, CWR, ECE.</summary>
    private static byte Flags(in IPHeader ip, in TcpHeader tcp, byte timeToLive)
    {
        const int FixedV4 = 20, FixedV6 = 40;
        var mayNotBeCut = ip.IsV6 || (ip.Packet[6] & 0x40) != 0;
        var distance = timeToLive > 128 ? 3 : timeToLive > 64 ? 2 : timeToLive > 32 ? 1 : 0;
        var hasOptions = ip.HeaderLength > (ip.IsV6 ? FixedV6 : FixedV4);
        var hasData = tcp.Segment.Length > (tcp.Segment[12] >> 4) * 4;
        return (byte)((Bit(ip.IsV6) << 7) | (Bit(mayNotBeCut) << 6) | (distance << 4) | (Bit(hasOptions) << 3) | (Bit(hasData) << 2) | (tcp.Segment[13] >> 6));

        static int Bit(bool value) => value ? 1 : 0;
    }

    /// <summary>The header's length in words with the window's scale and one more, the window, the longest segment, and a bit for each kind of option.</summary>
    private static bool TryWriteOptions(in TcpHeader tcp, ref ResultWriter writer)
    {
        if (!tcp.TryFind(3, 3, out var scale) || !tcp.TryFind(2, 4, out var longest))
        {
            return false;
        }

        writer.Write((byte)((tcp.Segment[12] & 0xF0) | (scale.IsEmpty ? 0 : Math.Min(scale[2] + 1, 15))));
        writer.Write(tcp.Segment[14..16]);
        writer.Write(longest.IsEmpty ? [0, 0] : longest[2..4]);
        var kinds = 0;
        var rest = tcp.Options;
        while (true)
        {
            if (!TcpHeader.TryReadOption(ref rest, out var option))
            {
                return false;
            }

            if (option.IsEmpty)
            {
                break;
            }

            kinds |= option[0] switch
            {
                >= 2 and <= 8 => 1 << (option[0] - 2),
                > 8 => 1 << 7,
                _ => 0, // what only pads
            };
        }

        writer.Write((byte)kinds);
        return true;
    }
}
