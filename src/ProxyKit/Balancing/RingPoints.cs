using System.Buffers.Binary;
using System.Net;
using ProxyKit.Backends;
using ProxyKit.Balancing.Hashes;

namespace ProxyKit.Balancing;

/// <summary>Where the points of a server lie on a hash ring.</summary>
internal static class RingPoints
{
    /// <summary>Points that follow one another before a server's key is changed for the next ones: HAProxy never has more, and the keys of
    /// <see cref="ServerHashKey.Id"/> lie as far apart.</summary>
    private const int Run = 256 * ServerState.WeightScale;

    /// <summary>The number that a server's points are made of.</summary>
    public static uint KeyOf(Server server) => server.HashKey switch
    {
        ServerHashKey.Id32 => Avalanche.Mix(BinaryPrimitives.ReverseEndianness((uint)server.Id)),
        ServerHashKey.Address when server.ConnectOptions.EndPoint is IPEndPoint { Address: var address } => OfAddress(address, 0),
        ServerHashKey.AddressAndPort when server.ConnectOptions.EndPoint is IPEndPoint { Address: var address, Port: var port } =>
            OfAddress(address, Avalanche.Mix((uint)port)),
        ServerHashKey.Guid when server.Guid is { } guid => XxHash32.Of(System.Text.Encoding.UTF8.GetBytes(guid)),
        _ => (uint)server.Id * Run,
    };

    /// <summary>The point of a number.</summary>
    public static uint Point(uint key, int number) => number < Run
        ? Avalanche.Mix(key + (uint)number)
        : Avalanche.Mix((Avalanche.Mix(key) * (uint)(number / Run)) + (uint)number);

    private static uint OfAddress(IPAddress address, uint seed)
    {
        Span<byte> bytes = stackalloc byte[16];
        return address.TryWriteBytes(bytes, out var length) && length == 4
            ? Avalanche.Mix(seed + BinaryPrimitives.ReadUInt32LittleEndian(bytes))
            : XxHash32.Of(bytes, seed);
    }
}
