using System.Net;
using System.Net.Sockets;
using System.Text;
using ProxyKit.Benchmarks.Processes;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>The server behind the proxies while <see cref="PacedLoad"/> runs, on the load's own thread: it answers whenever that lets it.</summary>
/// <remarks>
/// With a server of its own on the load's core, two processes would wait for each other there, for milliseconds at a time
/// once the core is nearly busy, and a proxy's slowest answers would be those.
/// </remarks>
internal sealed class PacedOrigin : IDisposable
{
    private static readonly byte[] Answer = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nServer: paced\r\nContent-Type: text/plain\r\nContent-Length: 100\r\nConnection: keep-alive\r\n\r\n"
        + new string('x', 100));

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket?> _connections = [];
    private readonly byte[] _request = new byte[4096];

    public PacedOrigin()
    {
        Port = FreePort.Next();
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen(1024);
        Events.Watch((int)_listener.Handle, FirstKey);
    }

    /// <summary>The keys of this and above are ours; the load has those below.</summary>
    public const long FirstKey = 1 << 20;

    public int Port { get; }

    /// <summary>Told of whatever arrives, here and at the load.</summary>
    public EventQueue Events { get; } = new();

    /// <summary>Takes a connection, or a request and answers it: the requests are small, and come one at a time in one piece.</summary>
    public void Serve(long key)
    {
        if (key == FirstKey)
        {
            var accepted = _listener.Accept();
            accepted.NoDelay = true;
            _connections.Add(accepted);
            Events.Watch((int)accepted.Handle, FirstKey + _connections.Count);
            return;
        }

        ref var connection = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_connections)[(int)(key - FirstKey - 1)];
        var received = connection!.Receive(_request, SocketFlags.None, out var error); // not told of once closed
        if (received == 0 || error is not SocketError.Success)
        {
            connection.Dispose();
            connection = null;
            return;
        }
        if (!_request.AsSpan(0, received).EndsWith("\r\n\r\n"u8))
            throw new InvalidOperationException("A proxy sent a request in pieces, or none.");
        connection.Send(Answer, SocketFlags.None, out _); // whether the proxy is still there shows with the next receive
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection?.Dispose();
        _listener.Dispose();
        Events.Dispose();
    }
}
