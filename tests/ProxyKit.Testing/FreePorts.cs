using System.Net;
using System.Net.Sockets;

namespace ProxyKit.Testing;

/// <summary>Ports for programs that have to be told theirs: below those that the system gives to who asks for any, so that nobody has one by
/// chance between two uses.</summary>
public static class FreePorts
{
    private const int First = 10_000;
    private const int Count = 22_000; // Linux gives out 32,768 and above

    private static int s_last = Random.Shared.Next(Count); // somewhere else in each process: two at once hardly meet

    /// <summary>A port of 127.0.0.1 that nobody listens on at this moment, and that this process is not given again for long.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref s_last) % Count);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody has it: the next one, then.
            }
        }
    }
}
