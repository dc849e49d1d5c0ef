using System.Net;
using System.Threading.Channels;
using ProxyKit.Transport;

namespace ProxyKit.Testing.InMemory;

/// <summary>An open address of an <see cref="InMemoryTransport"/>.</summary>
internal sealed class InMemoryListener(EndPoint endPoint, int backlog, Action<InMemoryListener> closed) : ITransportListener
{
    private readonly Channel<Connection> _queue = Channel.CreateBounded<Connection>(backlog);

    public EndPoint? LocalEndPoint => endPoint;

    public async ValueTask<ConnectResult?> AcceptAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            if (_queue.Reader.TryRead(out var connection))
            {
                return ConnectResult.Made(connection);
            }
        }

        return null;
    }

    /// <summary>Puts a connection into the queue; false when it is full or closed.</summary>
    public bool TryEnqueue(Connection connection) => _queue.Writer.TryWrite(connection);

    public void Dispose()
    {
        if (_queue.Writer.TryComplete())
        {
            closed(this);
            while (_queue.Reader.TryRead(out var connection))
            {
                connection.Abort(); // as the kernel does with what nobody accepted
            }
        }
    }
}
