using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Benchmarks.Processes;

/// <summary>Ports for the programs under test, below the range that the kernel gives to outgoing connections.</summary>
internal static class FreePort
{
    private const int First = 18100;
    private const int Last = 19900;
    private static int s_next = First;

    public static int Next()
    {
        while (s_next <= Last)
        {
            var port = s_next++;
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse)
            {
                // Somebody else's: try the one after.
            }
        }
        throw new InvalidOperationException($"No free port between {First} and {Last}.");
    }
}
