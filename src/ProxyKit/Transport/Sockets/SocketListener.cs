using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace ProxyKit.Transport.Sockets;

/// <summary>A listening socket.</summary>
internal sealed class SocketListener : ITransportListener
{
    private readonly Socket _socket;
    private readonly string? _unixPath;
    private readonly SharedSocketFile? _sharedFile;
    private int _closed;

    public SocketListener(ListenOptions options)
    {
        if (options.InheritedDescriptor is { } descriptor)
        {
            _socket = Adopt(descriptor);
            SavePackets(_socket, options.SavedPacket);
            return;
        }

        var endPoint = options.EndPoint ?? throw new ArgumentException("An address or an inherited descriptor is needed.", nameof(options));
        Socket? socket = null;
        try
        {
            if (endPoint is UnixDomainSocketEndPoint unix)
            {
                _unixPath = unix.ToString();
                socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                _sharedFile = options.SharesAddress && OperatingSystem.IsLinux() ? SharedSocketFile.For(_unixPath) : null;
                if (_sharedFile is null)
                {
                    RemoveStaleSocket(_unixPath);
                }
            }
            else
            {
                socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                {
                    socket.DualMode = options.DualStack && ((IPEndPoint)endPoint).Address.Equals(IPAddress.IPv6Any);
                }
            }

            if (options.Interface is { } name)
            {
                SocketMarks.BindToInterface(socket, name);
            }

            if (options.SharesAddress && _unixPath is null)
            {
                SocketMarks.ShareAddress(socket);
            }

            if (options.IsTransparent && _unixPath is null)
            {
                SocketMarks.TakeAnyAddress(socket);
            }

            SavePackets(socket, options.SavedPacket);
            if (_sharedFile is not null)
            {
                ListenShared(socket, _sharedFile, options);
            }
            else
            {
                socket.Bind(endPoint);
                if (_unixPath is not null)
                {
                    Protect(socket, _unixPath, options);
                }

                socket.Listen(options.Backlog);
            }

            _socket = socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new IOException($"cannot listen on {endPoint}: {Describe(e)}", e);
        }
    }

    public EndPoint? LocalEndPoint
    {
        get
        {
            try
            {
                var bound = _socket.LocalEndPoint;
                return _sharedFile is null ? bound : new UnixDomainSocketEndPoint(_unixPath!); // one of a path, which it was not bound by
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    public async ValueTask<ConnectResult?> AcceptAsync()
    {
        _sharedFile?.Settle();
        try
        {
            return ConnectResult.Made(new SocketConnection(await _socket.AcceptAsync(CancellationToken.None).ConfigureAwait(false)));
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
        catch (SocketException e) when (Volatile.Read(ref _closed) == 0)
        {
            return ConnectResult.Failed(e.SocketErrorCode.ToTransportError());
        }
        catch (SocketException)
        {
            return null; // closing aborts the pending accept
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        _sharedFile?.Remove();
        _socket.Dispose();
        if (_sharedFile is null && _unixPath is not null)
        {
            SocketFile.TryDelete(_unixPath);
        }
    }

    private static Socket Adopt(int descriptor)
    {
        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            var socket = new Socket(handle);
            if (socket.LocalEndPoint is null || (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection)! == 0)
            {
                throw new ArgumentException("it is not a listening socket");
            }

            return socket;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            handle.SetHandleAsInvalid(); // what it is, and whose, is not known: it must not be closed when the collector comes by
            throw new IOException($"cannot take over descriptor {descriptor}: {e.Message}", e);
        }
    }

    private static void ListenShared(Socket socket, SharedSocketFile file, ListenOptions options)
    {
        try
        {
            file.Listen(socket, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            socket.Dispose(); // and its file with it
            throw new IOException($"cannot listen on {options.EndPoint}: {e.Message}", e);
        }
    }

    private static void Protect(Socket socket, string path, ListenOptions options)
    {
        try
        {
            SocketFile.Protect(path, options);
        }
        catch (IOException)
        {
            socket.Dispose();
            SocketFile.TryDelete(path); // bound a moment ago, so it is ours
            throw;
        }
    }

    private static void SavePackets(Socket socket, SavedPacket what)
    {
        if (what != SavedPacket.None && !SocketMarks.TrySavePackets(socket, what))
        {
            socket.Dispose();
            throw new IOException($"the system cannot keep the first packet of connections ({what})");
        }
    }

    /// <summary>A socket file that nobody listens on is left from a process that died; one that answers belongs to somebody.</summary>
    private static void RemoveStaleSocket(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        probe.Blocking = false; // one whose queue is full does not answer
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            if (!SocketFile.CanBeOpened(path))
            {
                SocketFile.TryDelete(path);
            }
        }
        catch (SocketException)
        {
            // Busy, or not ours to touch: the bind that follows says so.
        }
    }

    private static string Describe(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "the address is already in use",
        SocketError.AddressNotAvailable => "the address does not belong to this machine",
        SocketError.AccessDenied => "permission denied",
        _ => e.Message,
    };
}
