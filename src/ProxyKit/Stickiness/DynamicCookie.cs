using System.Buffers.Binary;
using System.Net;
using System.Text;
using ProxyKit.Rules.Converters.Hashes;

namespace ProxyKit.Stickiness;

/// <summary>Makes the values of dynamic cookies: the same on every gateway that has the same key and reaches the server at the same address.</summary>
internal static class DynamicCookie
{
    /// <summary>The value for a server.</summary>
    /// <param name="key">The backend's key.</param>
    /// <param name="endPoint">Where the server is.</param>
    /// <returns>Sixteen hexadecimal digits; null where there is no address to make them from.</returns>
    public static byte[]? Of(string key, EndPoint endPoint)
    {
        if (endPoint is not IPEndPoint { Address: var address, Port: var port })
        {
            return null;
        }

        var port4 = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(port4, (uint)port);
        var hash = XxHash64.Of([.. Encoding.UTF8.GetBytes(key), .. address.GetAddressBytes(), .. port4]);
        return Encoding.ASCII.GetBytes(hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
    }
}
