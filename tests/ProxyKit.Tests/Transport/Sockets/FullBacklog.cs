using System.Net;
using System.Net.Sockets;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Transport.Sockets;

/// <summary>A listener that accepts nothing and whose queue is full, so that the next one to connect has to wait.</summary>
internal sealed class FullBacklog : IDisposable
{
    private readonly Socket _listener;
    private readonly List<Socket> _queued = [];

    public FullBacklog(EndPoint endPoint)
    {
        _listener = Open(endPoint.AddressFamily);
        _listener.Bind(endPoint);
        _listener.Listen(0);
        EndPoint = _listener.LocalEndPoint!; // it is bound
        while (TryQueue())
        {
            Assert.True(_queued.Count < 5000, "the queue takes any number");
        }
    }

    public EndPoint EndPoint { get; }

    public void Dispose()
    {
        _queued.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }

    private static Socket Open(AddressFamily family) =>
        new(family, SocketType.Stream, family == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp);

    private bool TryQueue()
    {
        var socket = Open(EndPoint.AddressFamily);
        _queued.Add(socket);
        socket.Blocking = false;
        try
        {
            socket.Connect(EndPoint);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            return EndPoint.AddressFamily != AddressFamily.Unix && socket.Poll(Patience.Limit / 100, SelectMode.SelectWrite);
        }
    }
}
