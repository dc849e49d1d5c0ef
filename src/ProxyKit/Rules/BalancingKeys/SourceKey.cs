using System.Net;
using System.Net.Sockets;
using ProxyKit.Balancing;

namespace ProxyKit.Rules.BalancingKeys;

/// <summary>The client's address, as rules see it. It is a number already, and no function is applied to it. HAProxy: <c>source</c>.</summary>
internal sealed class SourceKey : IBalancingKey
{
    public bool TryHash(in BalancingContext context, KeyHash hash, out uint value)
    {
        value = 0;
        if (context.Rules.Source is not { } address)
        {
            return false;
        }

        value = hash.OfNumber(NumberOf(address));
        return true;
    }

    /// <summary>An IPv4 address as it is, an IPv6 address as the exclusive or of its four words.</summary>
    private static uint NumberOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6)
        {
            bytes = bytes[12..]; // a client of a socket for both families
            length = 4;
        }

        var number = 0u;
        for (var i = 0; i < length; i += 4)
        {
            number ^= System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[i..]);
        }

        return number;
    }
}
