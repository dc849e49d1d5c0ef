using System.Buffers.Binary;
using System.Net;

namespace ProxyKit.Transport.ProxyProtocol;

/// <summary>Reads the header that a NetScaler puts before a connection (client-IP insertion): a number that both sides know, a length, and the client's own
/// first IP and TCP headers. The older form has the latter 8 bytes from the start, the newer one 12, behind a kind and a length of their own.</summary>
/// <remarks>As with the PROXY protocol, no more is ever asked for than the header has. HAProxy: <c>accept-netscaler-cip</c>.</remarks>
internal static class NetScalerHeader
{
    private const int Shortest = 12; // of what tells the form and the length
    private const int OldStart = 8;
    private const int IPv4Head = 20, IPv6Head = 40, TcpHead = 20;
    private const int Tcp = 6; // the protocol's number

    /// <summary>Reads what is there.</summary>
    /// <param name="bytes">All that has come, which was no more than was asked for.</param>
    /// <param name="magic">The number that it begins with.</param>
    /// <param name="most">How long it may be.</param>
    public static ProxyHeaderStep Parse(ReadOnlySpan<byte> bytes, uint magic, int most)
    {
        if (bytes.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(bytes) != magic)
        {
            return ProxyHeaderStep.Failed(ProxyHeaderFault.NetScalerBadMagic);
        }

        if (bytes.Length < Shortest)
        {
            return ProxyHeaderStep.Needs(Shortest - bytes.Length);
        }

        // The older form goes on with an IP header, which begins with its version; the newer one with a kind, of which there is one.
        var isOld = bytes[OldStart] >> 4 is 4 or 6;
        if (!isOld && BinaryPrimitives.ReadUInt16BigEndian(bytes[OldStart..]) != 0)
        {
            return ProxyHeaderStep.Failed(ProxyHeaderFault.NetScalerUnknownProtocol);
        }

        var start = isOld ? OldStart : Shortest;
        var length = isOld ? BinaryPrimitives.ReadUInt32BigEndian(bytes[sizeof(uint)..]) : BinaryPrimitives.ReadUInt16BigEndian(bytes[(OldStart + 2)..]);
        if (length < IPv4Head + TcpHead)
        {
            return ProxyHeaderStep.Failed(ProxyHeaderFault.NetScalerUnknownProtocol);
        }

        if (length > most - start)
        {
            return ProxyHeaderStep.Failed(ProxyHeaderFault.NetScalerTruncated);
        }

        var missing = start + (int)length - bytes.Length;
        return missing > 0 ? ProxyHeaderStep.Needs(missing)
            : Read(bytes.Slice(start, (int)length)) is { } header ? ProxyHeaderStep.Whole(header)
            : ProxyHeaderStep.Failed(ProxyHeaderFault.NetScalerUnknownProtocol);
    }

    /// <summary>What a fault of the PROXY protocol is here.</summary>
    public static ProxyHeaderFault FaultOf(ProxyHeaderFault fault) => fault switch
    {
        ProxyHeaderFault.Empty => ProxyHeaderFault.NetScalerEmpty,
        ProxyHeaderFault.Aborted => ProxyHeaderFault.NetScalerAborted,
        ProxyHeaderFault.TimedOut => ProxyHeaderFault.NetScalerTimedOut,
        ProxyHeaderFault.Truncated => ProxyHeaderFault.NetScalerTruncated,
        _ => fault,
    };

    /// <summary>Reads an IP and a TCP header; null where they are none.</summary>
    private static ProxyHeader? Read(ReadOnlySpan<byte> packet)
    {
        var version = packet[0] >> 4;
        var head = version == 4 ? (packet[0] & 0xF) * sizeof(uint) : IPv6Head;
        if (version is not (4 or 6) || head < IPv4Head || head + TcpHead > packet.Length || packet[version == 4 ? 9 : 6] != Tcp)
        {
            return null;
        }

        var (addresses, size) = version == 4 ? (12, 4) : (8, 16);
        return new ProxyHeader(
            End(packet.Slice(addresses, size), packet[head..]),
            End(packet.Slice(addresses + size, size), packet[(head + sizeof(ushort))..]),
            []);
    }

    private static IPEndPoint End(ReadOnlySpan<byte> address, ReadOnlySpan<byte> port) => new(new IPAddress(address), BinaryPrimitives.ReadUInt16BigEndian(port));
}
