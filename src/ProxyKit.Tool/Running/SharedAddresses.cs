using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Tool.Running;

/// <summary>The system's sockets, listening in such a way that another process may listen on the same address: the next one, which takes this one's
/// place. HAProxy does so too.</summary>
/// <remarks>The system shares new connections out among those who listen. One that waits at a listener which closes is reset, so that a few clients
/// may notice the change under load.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class SharedAddresses : ITransport
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int ReusePort = 15; // SO_REUSEPORT

    private readonly SocketTransport _sockets = new();

    /// <inheritdoc/>
    public ITransportListener Listen(ListenOptions options) => options.EndPoint is IPEndPoint address
        ? _sockets.Listen(options with { EndPoint = null, InheritedDescriptor = Open(address, options) })
        : _sockets.Listen(options);

    /// <inheritdoc/>
    public ValueTask<ConnectResult> ConnectAsync(ConnectOptions options, CancellationToken cancellationToken) =>
        _sockets.ConnectAsync(options, cancellationToken);

    private static int Open(IPEndPoint address, ListenOptions options)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = options.DualStack && address.Address.Equals(IPAddress.IPv6Any);
            }

            socket.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
            socket.Bind(address);
            socket.Listen(options.Backlog);
            // The listener owns what it is given, and so does the socket here: each gets a descriptor.
            var descriptor = LibC.Duplicate((int)socket.Handle);
            return descriptor >= 0 ? descriptor : throw new IOException($"cannot listen on {address} ({Marshal.GetLastPInvokeErrorMessage()})");
        }
        catch (SocketException e)
        {
            throw new IOException($"cannot bind socket ({e.Message}) for [{address}]", e);
        }
    }
}
