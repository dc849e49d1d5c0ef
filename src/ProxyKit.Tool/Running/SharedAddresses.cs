using System.Net;
using System.Net.Sockets;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Tool.Running;

/// <summary>The system's sockets, listening in such a way that another process may listen on the same address: the next one, which takes this one's
/// place. HAProxy does so too.</summary>
/// <remarks>The system shares new connections out among those who listen. One that waits at a listener which closes is reset, so that a few clients
/// may notice the change under load.</remarks>
internal sealed class SharedAddresses : ITransport
{
    private readonly SocketTransport _sockets = new();

    /// <inheritdoc/>
    public ITransportListener Listen(ListenOptions options)
    {
        try
        {
            return _sockets.Listen(options with { SharesAddress = true });
        }
        catch (IOException e) when (e.InnerException is SocketException fault && options.EndPoint is IPEndPoint address)
        {
            throw new IOException($"cannot bind socket ({fault.Message}) for [{address}]", fault); // in HAProxy's words
        }
    }

    /// <inheritdoc/>
    public ValueTask<ConnectResult> ConnectAsync(ConnectOptions options, CancellationToken cancellationToken) =>
        _sockets.ConnectAsync(options, cancellationToken);
}
